// An alarm that keeps its owner alive for as long as it is set.
#pragma once

#include "frond/base/clock.hpp"

#include <cassert>
#include <memory>
#include <utility>

namespace frond {

/// Calls `(owner.*Come)()` when its time has come, on the executor with which it was made.
/// Invariant: the alarm is set exactly while it holds `keep`.
/// Thread: the owner guards `set`, `unset`, `is_set` and `came`, by a mutex of its own.
template <class Owner, void (Owner::*Come)() noexcept>
class owned_alarm : alarm {
public:
    owned_alarm(Owner& owner, executor& home) noexcept
        : alarm([](work& self) noexcept { (static_cast<owned_alarm&>(self).owner_.*Come)(); }), owner_(owner) {
        on = &home;
    }

    bool is_set() const noexcept { return keep_ != nullptr; }
    /// `keep`: keeps the owner, its executor and the clock alive. Requires: !is_set().
    void set(clock& time, time_point at, std::shared_ptr<void> keep) noexcept {
        assert(!is_set() && keep != nullptr);
        keep_ = std::move(keep);
        when = at;
        time.wait(*this);
    }
    /// Has no effect if the alarm is not set. If it has gone off already,
    /// `Come` follows, and the alarm stays set until then.
    /// Requires: the caller keeps the owner alive, too.
    void unset(clock& time) noexcept {
        if (is_set() && time.cancel(*this)) keep_.reset();
    }
    /// The alarm has come, and is not set any more. Gives the object that keeps the owner alive.
    /// `Come` must call this first.
    [[nodiscard]] std::shared_ptr<void> came() noexcept {
        assert(is_set());
        return std::exchange(keep_, nullptr);
    }

private:
    Owner& owner_;
    std::shared_ptr<void> keep_;
};

}  // namespace frond
