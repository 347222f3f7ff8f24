// The errors that the hooks of a run have thrown: all are counted, and the first ones are kept.
#pragma once

#include "frond/base/error.hpp"
#include "frond/run/run_report.hpp"

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <utility>
#include <vector>

namespace frond {

/// Thread: any.
class hook_errors {
public:
    void add(error thrown) noexcept {
        std::lock_guard const guard(mutex_);
        ++total_;
        if (first_.size() >= kept) return;
        try {
            first_.push_back(std::move(thrown));
        } catch (...) {
            // Out of memory: the error is counted, not kept.
        }
    }
    /// Errors: throws std::bad_alloc.
    void fill(run_report& report) const {
        std::lock_guard const guard(mutex_);
        report.hook_errors = first_;
        report.hook_errors_total = total_;
    }

private:
    static constexpr std::size_t kept = 16;

    mutable std::mutex mutex_;  // guards what follows
    std::vector<error> first_;
    std::uint64_t total_ = 0;
};

}  // namespace frond
