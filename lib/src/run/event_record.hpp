// The records that a run notes for its observers. A record is small; an event is made of it only where a hook is told.
#pragma once

#include "frond/run/event.hpp"
#include "frond/run/hook_moment.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

namespace frond {

/// Rarely needed fields, kept out of event_record to keep it small.
struct event_detail {
    child_key key;
    yielded_parameter parameter;
    std::optional<error> failure;
    double done = 0;
    double of = 0;
    duration delay{};
};

/// One moment of a task or an expansion. Where `children` is not 0 the record stands for all moments of so many children
/// in a row that went well, each with one task, from `index` on. Each child begins when the child before it has ended.
struct event_record {
    static constexpr std::uint64_t unknown = UINT64_MAX;
    static constexpr std::uint32_t none = UINT32_MAX;

    hook_moment moment{};
    task_state state = task_state::running;
    std::uint32_t spec = 0;
    std::uint64_t index = 0;        // of the child; of on_not_started: of the first child; of on_stream_growth: chunks
    std::uint64_t total = unknown;  // of the child's siblings and itself; of on_not_started: the number of children;
                                    // of on_stream_growth: bytes
    time_point time{};
    std::uint32_t children = 0;
    union {
        std::uint32_t node = none;  // in the graph; none: the moment is not one of a node
        std::uint32_t reader;       // of on_stream_growth: the spec that reads the stream
    };
    std::uint32_t detail = none;  // in the batch's details; of many children: of their first end in the batch's ends
    std::uint32_t attempt = 1;
};

/// Records of one thread, in order, that share their place in the tree of children; or one event of the run itself,
/// without records.
///
/// `inside`: the records are of children of an expansion, and each one's `index` says of which child. The records of
/// on_yield, total_known, after_expansion, on_not_started and on_stream_growth have the expander's spec, whose task is
/// a part of the child `enclosing`.
struct event_batch {
    std::shared_ptr<child_path const> enclosing;  // the child around the records' expansion; null: the run
    bool inside = false;
    std::thread::id thread;
    std::vector<event_record> records;
    std::vector<event_detail> details;
    std::vector<time_point> ends;          // of children that are noted many at a time, if each has a time of its own
    hook_moment run_moment{};              // of `run`
    std::shared_ptr<run_event const> run;  // null: the batch has records

    void add(event_record record, event_detail detail) {
        record.detail = static_cast<std::uint32_t>(details.size());
        details.push_back(std::move(detail));
        records.push_back(record);
    }
    event_detail const* detail_of(event_record const& record) const noexcept {
        return record.detail != event_record::none && record.children == 0 ? &details[record.detail] : nullptr;
    }
};

}  // namespace frond
