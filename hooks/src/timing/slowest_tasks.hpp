// The tasks that took longest, as many as asked for.
#pragma once

#include "way.hpp"

#include "frond/run/event.hpp"

#include <algorithm>
#include <cstddef>
#include <vector>

namespace frond::hooks::detail {

class slowest_tasks {
public:
    struct entry {
        duration took{};
        task_mark task;
        time_point from{};
        task_state state{};
    };

    explicit slowest_tasks(std::size_t count) noexcept : count_(count) {}

    /// Of two that took the same the earlier told stays.
    void see(task_event const& ended, time_point from) {
        auto const took = ended.time - from;
        if (kept_.size() == count_) {
            if (count_ == 0 || took <= kept_.front().took) return;
            std::pop_heap(kept_.begin(), kept_.end(), slower);
            kept_.pop_back();
        }
        kept_.push_back({took, task_mark(ended.id), from, ended.state});
        std::push_heap(kept_.begin(), kept_.end(), slower);
    }

    /// The slowest first.
    std::vector<entry> in_order() const {
        auto sorted = kept_;
        std::sort(sorted.begin(), sorted.end(),
                  [](entry const& a, entry const& b) { return a.took != b.took ? a.took > b.took : a.from < b.from; });
        return sorted;
    }

private:
    static bool slower(entry const& a, entry const& b) noexcept { return a.took > b.took; }

    std::size_t count_;
    std::vector<entry> kept_;  // a heap, its quickest in front
};

}  // namespace frond::hooks::detail
