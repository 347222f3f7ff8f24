#include "failure_domain.hpp"

#include <cassert>
#include <utility>

namespace frond {

void waiting_room::enter(interruptible_wait& wait) noexcept {
    std::lock_guard const guard(mutex_);
    wait.waiting = true;
    wait.previous = nullptr;
    wait.next = newest_;
    (newest_ != nullptr ? newest_->previous : oldest_) = &wait;
    newest_ = &wait;
    // Under the mutex: a cancellation that comes later finds it in the list.
    if (wait.domain->cancelled()) wait.fiber->cancel();
}

void waiting_room::leave(interruptible_wait& wait) noexcept {
    std::lock_guard const guard(mutex_);
    wait.waiting = false;
    (wait.previous != nullptr ? wait.previous->next : newest_) = wait.next;
    (wait.next != nullptr ? wait.next->previous : oldest_) = wait.previous;
}

void waiting_room::interrupt(interruptible_wait& wait) noexcept {
    std::lock_guard const guard(mutex_);
    if (wait.waiting) wait.fiber->cancel();
}

void waiting_room::interrupt(failure_domain const& domain) noexcept {
    {
        std::lock_guard const guard(mutex_);
        for (auto* wait = newest_; wait != nullptr; wait = wait->next) {
            if (wait->domain->within(domain)) wait->fiber->cancel();
        }
    }
    if (act_ != nullptr) act_(act_of_);
}

bool failure_domain::within(failure_domain const& other) const noexcept {
    for (auto const* domain = this; domain != nullptr; domain = domain->outer_) {
        if (domain == &other) return true;
    }
    return false;
}

void failure_domain::fail(error failure, waiting_room& room, bool others_wait) noexcept {
    // A task that ends because the domain is cancelled has no error of its own.
    assert(!failure.is_canceled());
    bool first = false;
    {
        std::lock_guard const guard(mutex_);
        first = keep(std::move(failure));
    }
    if (first && others_wait) room.interrupt(*this);
}

void failure_domain::cancel(waiting_room& room) noexcept {
    {
        std::lock_guard const guard(mutex_);
        if (total_ != 0) return;
        keep(error::canceled());
    }
    room.interrupt(*this);
}

// Under the mutex. Gives true for the first error.
bool failure_domain::keep(error&& failure) noexcept {
    ++total_;
    if (errors_.size() < kept) {
        try {
            errors_.push_back(std::move(failure));
        } catch (...) {
            // Out of memory: the error is counted, not kept; outcome() says so.
        }
    }
    cancelled_.store(true, std::memory_order_release);
    return total_ == 1;
}

void failure_domain::add(error const& failure, std::optional<error>& to) const noexcept {
    error const added = judged(failure);
    if (!to || (to->is_canceled() && !added.is_canceled())) {
        to = added;
    } else if (!added.is_canceled()) {
        to = to->and_also(added);
    }
}

error failure_domain::outcome() const {
    std::lock_guard const guard(mutex_);
    if (total_ == 0) return error::canceled();
    if (errors_.empty()) return error::out_of_memory();
    error const& first = errors_.front();
    if (total_ == 1) return first;
    std::vector<error> others(first.others().begin(), first.others().end());
    others.insert(others.end(), errors_.begin() + 1, errors_.end());
    return first.with_others(std::move(others), first.others_dropped() + total_ - errors_.size());
}

std::vector<error> failure_domain::failures() const {
    std::lock_guard const guard(mutex_);
    return errors_;
}

std::uint64_t failure_domain::failures_total() const {
    std::lock_guard const guard(mutex_);
    return total_;
}

}  // namespace frond
