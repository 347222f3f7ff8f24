// Where producers and lanes of watched streams wait. Everything parked is counted, so a watch can tell when nothing but
// parked things is left. The watch is asked to look whenever something parks.
//
// Invariant: while the watch's mutex is held, nothing parked goes on, since a woken item leaves its parking under that
// mutex before it runs. So the objects that a look goes through do not end meanwhile.
// Knows no stream and no run.
#pragma once

#include "frond/base/executor.hpp"

#include <atomic>
#include <mutex>

namespace frond {

/// Thread: any.
class parking_watch {
public:
    /// Decides whether the parked things wait for each other for ever. If so, moves the ones that may go on to `woken`,
    /// which the caller must wake once the mutex is free. Requires: the mutex is held.
    virtual void look(work_list& woken) noexcept = 0;

    std::mutex mutex;  // guards the parkings of this watch
    /// How many producers are parked for room in a stream. While it is zero, nothing stands still.
    std::atomic<unsigned> waiting_for_room{0};

protected:
    parking_watch() = default;
    ~parking_watch() = default;
};

/// Asks the watch to look, and wakes everything that may go on.
void look_now(parking_watch& watch) noexcept;
/// Wakes everything in a list of wakeables.
void wake_all(work_list& woken) noexcept;

/// One place where things wait. Thread: the watch's mutex must be held, but for `enter_unless`, which takes it.
class parking {
public:
    enum class reason : std::uint8_t {
        room,  // in a stream that is full
        other,
    };

    parking(parking_watch& by, reason what) noexcept : watch_(by), why_(what) {}

    parking_watch& watch() const noexcept { return watch_; }
    /// The weight of all that is parked here.
    unsigned weight() const noexcept { return weight_; }

    /// Must be called before `item` is put where another thread may wake it.
    void enter(wakeable& item) noexcept;
    /// `item` was not parked after all, or has been taken out to be woken.
    void leave(wakeable& item) noexcept;
    /// Parks `item` unless `take` gives true, which says that there is no need to wait.
    /// `take` puts `item` where it is woken.
    template <class Take>
    bool enter_unless(wakeable& item, Take take) noexcept {
        work_list woken;
        {
            std::lock_guard const guard(watch_.mutex);
            enter(item);
            if (take()) {
                leave(item);
                return true;
            }
            watch_.look(woken);
        }
        wake_all(woken);
        return false;
    }

private:
    parking_watch& watch_;
    reason const why_;
    unsigned weight_ = 0;
};

}  // namespace frond
