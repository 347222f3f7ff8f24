// An alarm that keeps its owner alive for as long as it is set.
#pragma once

#include "frond/base/clock.hpp"

#include <cassert>
#include <memory>
#include <utility>

namespace frond {

/// Calls `(owner.*Come)()` when its time has come, on the executor that it was made with.
/// Invariant: it is set exactly while it holds `keep`.
/// Thread: the owner guards `set`, `unset`, `is_set` and `came`, by a mutex of its own.
template <class Owner, void (Owner::*Come)() noexcept>
class owned_alarm : alarm {
public:
    owned_alarm(Owner& owner, executor& home) noexcept
        : alarm([](work& self) noexcept { (static_cast<owned_alarm&>(self).owner_.*Come)(); }), owner_(owner) {
        on = &home;
    }

    bool is_set() const noexcept { return keep_ != nullptr; }
    /// `keep`: holds the owner, its executor and the clock. Requires: !is_set().
    void set(clock& time, time_point at, std::shared_ptr<void> keep) noexcept {
        assert(!is_set() && keep != nullptr);
        keep_ = std::move(keep);
        when = at;
        time.wait(*this);
    }
    /// No effect if it is not set, or has gone off already: then it comes, and stays set until it has.
    /// Requires: the caller holds the owner, too.
    void unset(clock& time) noexcept {
        if (is_set() && time.cancel(*this)) keep_.reset();
    }
    /// It has come and is not set any more. Gives what keeps the owner alive. Called by `Come`, first.
    [[nodiscard]] std::shared_ptr<void> came() noexcept {
        assert(is_set());
        return std::exchange(keep_, nullptr);
    }

private:
    Owner& owner_;
    std::shared_ptr<void> keep_;
};

}  // namespace frond
