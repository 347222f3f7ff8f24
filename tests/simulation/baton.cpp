#include "baton.hpp"

#include <cassert>
#include <utility>

namespace frond::simulation {

void baton::holder::wait() {
    std::unique_lock lock(mutex_);
    came_.wait(lock, [this] { return woken_; });
    woken_ = false;
}

void baton::holder::wake() {
    std::lock_guard const guard(mutex_);
    assert(!woken_);
    woken_ = true;
    came_.notify_one();
}

baton::baton(std::function<void()> step) : step_(std::move(step)) {
    holders_.push_back(std::make_unique<holder>());
    holds_ = holders_.front().get();
}

baton::~baton() {
    over_ = true;
    // One after the other, since each finishes a step of the same world.
    for (std::size_t i = 0; i < workers_.size(); ++i) {
        assert(holders_[i + 1]->idle_);
        holders_[i + 1]->wake();
        workers_[i].join();
    }
}

void baton::lend() {
    holder& me = here();
    hand_to(idle_one());
    me.wait();
}

void baton::pass_to(holder& to) noexcept {
    assert(&to != holds_ && !to.idle_);
    wait_idle(to);
}

// Gives the baton to `next`, and comes back when somebody lends it to this thread.
void baton::wait_idle(holder& next) noexcept {
    holder& me = here();
    me.idle_ = true;
    hand_to(next);
    me.wait();
}

void baton::hand_to(holder& next) noexcept {
    next.idle_ = false;
    holds_ = &next;
    next.wake();
}

baton::holder& baton::idle_one() {
    for (auto const& each : holders_) {
        if (each->idle_) return *each;
    }
    holder& made = *holders_.emplace_back(std::make_unique<holder>());
    workers_.emplace_back([this, &made] { work(made); });
    return made;
}

void baton::work(holder& me) {
    me.wait();
    while (!over_) {
        holder& of_test = *holders_.front();
        if (of_test.idle_) {
            wait_idle(of_test);
        } else {
            step_();
        }
    }
}

}  // namespace frond::simulation
