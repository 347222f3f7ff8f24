// What a run watches in one scope: the streams that are full in a standstill, in some order of reading, and what their
// expanders and readers can wait for. Only what is on a cycle of such waits is in it.
#pragma once

#include <cstdint>
#include <vector>

namespace frond {

/// Tasks and streams are told of by their places in the two lists.
struct scope_waits {
    static constexpr std::uint32_t none = UINT32_MAX;

    /// Elements of one expansion on their way to one reader.
    struct stream {
        std::uint32_t expander;  // a task
        std::uint32_t reader;    // a task
        std::uint32_t sink;      // in the sinks of the expander's children
        bool may_fill;           // it can be full in a standstill; else only empty
    };
    struct need {
        std::uint32_t task;
        bool opened;  // it is met when the other's expansion has begun; else when it is over, or the other has ended
    };
    struct task {
        std::uint32_t position;  // in plan_scope::specs
        bool expands;
        std::vector<need> needs;            // before it begins
        std::vector<std::uint32_t> reads;   // streams
        std::vector<std::uint32_t> writes;  // streams
    };

    std::vector<task> tasks;
    std::vector<stream> streams;
    std::vector<std::uint32_t> task_at;  // by position; none: it is not watched
};

}  // namespace frond
