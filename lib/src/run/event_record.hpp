// What the run notes for its observers: small, and made into an event only where one is told.
#pragma once

#include "frond/run/event.hpp"
#include "frond/run/hook_moment.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

namespace frond {

/// What few records have.
struct event_detail {
    child_key key;
    yielded_parameter parameter;
    std::optional<error> failure;
    double done = 0;
    double of = 0;
    duration delay{};
};

/// Something that has happened: one moment; or, where `children` is not 0, all that is told of so many children in a row that
/// went well, each with one task, from `index` on. Each begins when the one before has ended.
struct event_record {
    static constexpr std::uint64_t unknown = UINT64_MAX;
    static constexpr std::uint32_t none = UINT32_MAX;

    hook_moment moment{};
    task_state state = task_state::running;
    std::uint16_t attempt = 1;
    std::uint32_t spec = 0;
    std::uint64_t index = 0;        // of the child; for on_not_started of the first one
    std::uint64_t total = unknown;  // of its siblings and itself; for on_not_started how many
    time_point time{};
    std::uint32_t children = 0;
    std::uint32_t node = none;    // in the graph, of what concerns one
    std::uint32_t detail = none;  // in the batch's details; of children in its ends, if they have times of their own
};

/// Records of one thread, in order, that share the place in the tree.
///
/// `inside`: they are of children of an expansion, and `index` says which. The spec of on_yield, total_known, after_expansion
/// and on_not_started is the expander's: it is of the child that encloses the expansion.
struct event_batch {
    std::shared_ptr<child_path const> enclosing;  // of the expansion that they are of; null outside any
    bool inside = false;
    std::thread::id thread;
    std::vector<event_record> records;
    std::vector<event_detail> details;
    std::vector<time_point> ends;  // of children
    hook_moment run_moment{};
    std::shared_ptr<run_event const> run;  // of run events

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
