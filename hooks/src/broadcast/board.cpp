#include "board.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace frond::hooks::detail {

board::board(std::size_t ended_runs) : ended_runs_(ended_runs) {}

void board::publish(shared_view now) {
    shared_view replaced;  // destroyed outside the lock
    sleepers woken;
    {
        std::lock_guard const guard(mutex_);
        if (closed_) return;
        std::uint64_t const id = now->progress.run_id;
        bool const ended = now->progress.ended;
        auto const known = runs_.find(id);
        if (known != runs_.end() && (known->second->progress.ended || !differs(*known->second, *now))) return;
        if (ended) ended_.push_back(id);
        if (known != runs_.end()) {
            replaced = std::exchange(known->second, std::move(now));
        } else {
            try {
                runs_.emplace(id, std::move(now));
            } catch (...) {
                if (ended) ended_.pop_back();
                throw;
            }
        }
        if (ended_.size() > ended_runs_) {
            runs_.erase(ended_.front());
            ended_.pop_front();
        }
        woken = take_sleepers();
    }
    wake(woken);
}

void board::close() noexcept {
    sleepers woken;
    {
        std::lock_guard const guard(mutex_);
        closed_ = true;
        woken = take_sleepers();
    }
    wake(woken);
}

// Runs in turns, so that one that changes all the time keeps no other one back.
shared_view board::next_of(views const& told, std::uint64_t last_run) const noexcept {
    auto const is_new = [&](views::value_type const& run) {
        auto const known = told.find(run.first);
        return known == told.end() || known->second != run.second;
    };
    auto const turn = runs_.upper_bound(last_run);
    auto found = std::find_if(turn, runs_.end(), is_new);
    if (found == runs_.end()) {
        found = std::find_if(runs_.begin(), turn, is_new);
        if (found == turn) return nullptr;
    }
    return found->second;
}

board::news board::news_for(views& told, std::uint64_t last_run) const {
    std::lock_guard const guard(mutex_);
    std::erase_if(told, [&](views::value_type const& run) { return !runs_.contains(run.first); });
    news made;
    made.now = next_of(told, last_run);
    made.over = made.now == nullptr && closed_;
    if (made.now != nullptr) {
        auto const known = told.find(made.now->progress.run_id);
        if (known != told.end()) made.before = known->second;
    }
    return made;
}

bool board::sleep(sleeper& who, fiber& on, std::coroutine_handle<> frame) noexcept {
    who.on_ = &on;
    std::lock_guard const guard(mutex_);
    if (closed_ || next_of(who.told_, 0) != nullptr) return false;
    on.suspend_at(frame);
    on.interruptible(who);
    who.previous_ = nullptr;
    who.next_ = sleeping_;
    if (sleeping_ != nullptr) sleeping_->previous_ = &who;
    sleeping_ = &who;
    who.listed_ = true;
    return true;
}

bool board::take_out(sleeper& who) noexcept {
    std::lock_guard const guard(mutex_);
    if (!std::exchange(who.listed_, false)) return false;
    (who.previous_ != nullptr ? who.previous_->next_ : sleeping_) = who.next_;
    if (who.next_ != nullptr) who.next_->previous_ = who.previous_;
    return true;
}

board::sleepers board::take_sleepers() noexcept {
    for (sleeper* each = sleeping_; each != nullptr; each = each->next_) each->listed_ = false;
    return {std::exchange(sleeping_, nullptr)};
}

// Outside the lock: what is woken may run at once, on this thread.
void board::wake(sleepers all) noexcept {
    for (sleeper* each = all.first; each != nullptr;) {
        sleeper* const next = each->next_;  // each is in a frame that may end now
        each->on_->wake();
        each = next;
    }
}

}  // namespace frond::hooks::detail
