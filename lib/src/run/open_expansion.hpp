// The part of an expansion that instances use: the parent instance, whose task opened it, and its children.
#pragma once

#include "event_record.hpp"
#include "frond/base/detail/frame_pool.hpp"
#include "frond/base/detail/result_channel.hpp"
#include "frond/plan/plan.hpp"
#include "frond/run/event.hpp"
#include "pending_work.hpp"
#include "run_core.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace frond {

class instance;

/// Thread: any.
class open_expansion : public frame_pool::pooled {
public:
    virtual ~open_expansion() = default;
    open_expansion(open_expansion const&) = delete;
    open_expansion& operator=(open_expansion const&) = delete;

    /// The collector that reads the channel at `target` has ended.
    virtual void abandon(std::uint32_t target) noexcept = 0;
    /// Delivers a child that ended apart from its lane, and lets it go.
    virtual void deliver(instance& child) noexcept = 0;
    /// The parent has failed, by this expansion. Gives the error, told of its place.
    virtual error fail(error failure) noexcept = 0;
    /// The expander has yielded its last child, and no child is left that a lane has not taken. Behind the gate.
    virtual void source_ended() noexcept = 0;
    /// True if the expander awaits something, which is pending.
    virtual bool source_awaits() const noexcept = 0;

    /// True if no new child may start, since the parent's domain was cancelled or has failed.
    bool cancelled() const noexcept { return domain.cancelled(); }
    /// True if no collector is left that would read.
    bool unwanted() const noexcept { return unwanted_.load(std::memory_order_acquire); }
    /// True if no new child may start: the expansion is cancelled, or unwanted.
    bool stopping() const noexcept { return cancelled() || unwanted_.load(std::memory_order_relaxed); }

    /// How many children there will be, once the expander has ended or has said so.
    std::optional<std::uint64_t> total() const noexcept {
        std::uint64_t const known = total_.load(std::memory_order_relaxed);
        return known != event_record::unknown ? std::optional(known) : std::nullopt;
    }
    /// Sets the number of children, or corrects it. `event_record::unknown`: it is not known any more.
    void know_total(std::uint64_t total) noexcept;
    /// Counts children that a lane gets, if the expander reads its children's values. Each must come back. Behind the gate.
    void sent_out(std::uint64_t count) noexcept {
        if (scope.feeds_back) in_flight_.fetch_add(count, std::memory_order_relaxed);
    }
    /// A stream to a collector may hold so much more; with the mutex of the parent's watch held.
    void grown_by(std::size_t bytes) noexcept { grown_bytes_ += bytes; }
    /// Tells hooks a record about it; its spec and time are filled in.
    void tell(event_record record, error const* failure = nullptr) const noexcept {
        run.news.tell_expansion(path, run.index_of(spec), record, failure);
    }

    run_core& run;
    instance& parent;
    failure_domain& domain;  // the parent's
    task_spec const& spec;
    plan_scope const& scope;
    pending_work pending;
    open_expansion* next_of_parent = nullptr;
    frame_pool::vector<std::unique_ptr<result_channel>> channels;  // by sink
    std::shared_ptr<child_path const> path;  // the child that the parent is; null if it is the run, or no hook asks

protected:
    open_expansion(run_core& of_run, instance& of_parent, failure_domain& of_domain, task_spec const& of_spec,
                   wakeable& finish) noexcept
        : run(of_run),
          parent(of_parent),
          domain(of_domain),
          spec(of_spec),
          scope(of_run.plan->scopes[*of_spec.opens]),
          pending(finish) {}

    std::atomic<bool> unwanted_{false};                        // no collector is left that would read
    std::atomic<std::uint64_t> total_{event_record::unknown};  // changed behind the gate, or when no lane is left
    std::atomic<std::uint64_t> in_flight_{0};                  // children that were sent out and have not come back
    std::size_t grown_bytes_ = 0;                              // of all its streams
};

}  // namespace frond
