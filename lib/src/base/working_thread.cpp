#include "frond/base/detail/working_thread.hpp"

#include "frond/base/executor.hpp"

#include <cassert>
#include <cstddef>
#include <memory>
#include <mutex>
#include <new>
#include <utility>

namespace frond {

namespace {

// Of the calling thread.
constinit thread_local bool gone = false;                      // the registration has been destroyed
constinit thread_local working_thread* here_if_any = nullptr;  // null while the thread is not registered

}  // namespace

struct working_thread::registry {
    std::mutex mutex;  // guards the list; a thread that is in the list lives
    working_thread* first = nullptr;

    // Never destroyed: threads may end after static objects do.
    static registry& all() noexcept {
        alignas(registry) static std::byte memory[sizeof(registry)];
        static auto* const made = ::new (memory) registry;
        return *made;
    }
};

// Keeps a thread in the list, from its first pump to its end.
struct working_thread::registered {
    std::unique_ptr<working_thread> thread{new (std::nothrow) working_thread};

    registered() noexcept {
        // Before the thread's lock is used for the first time: then the lock costs no fence.
        [[maybe_unused]] static bool const prepared = (asymmetric_fence::prepare(), true);
        if (thread == nullptr) return;
        registry& all = registry::all();
        std::lock_guard const guard(all.mutex);
        thread->next_ = std::exchange(all.first, thread.get());
        here_if_any = thread.get();
    }
    ~registered() {
        gone = true;
        here_if_any = nullptr;
        if (thread == nullptr) return;
        registry& all = registry::all();
        std::lock_guard const guard(all.mutex);
        working_thread** at = &all.first;
        while (*at != thread.get()) at = &(*at)->next_;
        *at = thread->next_;
    }
};

working_thread* working_thread::here() noexcept {
    // Objects that are destroyed after the registration, of this thread or static, may still run pumps.
    if (gone) return nullptr;
    static thread_local registered const mine;
    return mine.thread.get();
}

void working_thread::before_fork() noexcept { registry::all().mutex.lock(); }

void working_thread::after_fork(bool in_child) noexcept {
    registry& all = registry::all();
    if (in_child) {
        all.first = here_if_any;
        if (all.first != nullptr) all.first->next_ = nullptr;
    }
    all.mutex.unlock();
}

bool working_thread::any_at_work() noexcept {
    registry& all = registry::all();
    std::lock_guard const guard(all.mutex);
    for (auto* each = all.first; each != nullptr; each = each->next_) {
        if (each->at_work_.load(std::memory_order_relaxed)) return true;
    }
    return false;
}

bool working_thread::relieve_all() noexcept {
    registry& all = registry::all();
    std::unique_lock const guard(all.mutex, std::try_to_lock);
    if (!guard.owns_lock()) return true;
    bool any = false;
    auto const* const looker = pump::thread_here();
    for (auto* each = all.first; each != nullptr; each = each->next_) {
        if (each == looker) continue;
        any = any || each->at_work_.load(std::memory_order_relaxed);
        std::uint64_t const body = each->body_.load(std::memory_order_acquire);
        std::uint64_t const before = std::exchange(each->seen_, body);
        bool const long_body = body % 2 != 0 && body == before && body != each->given_;
        if (!long_body || !each->lock_.visit()) continue;
        if (each->body_.load(std::memory_order_acquire) == body && each->may_be_relieved()) {
            each->relieve();
            each->given_ = body;
        }
        each->lock_.leave();
    }
    return any;
}

// A pump may begin inside a body that another pump of this thread runs. `leave` restores the state that `enter` found.
void working_thread::enter(pump& innermost) noexcept {
    innermost.found_unlocked_ = !lock_.is_locked();
    if (innermost.found_unlocked_) lock_.lock();
    innermost.found_body_ = is_inside_body();
    if (innermost.found_body_) count_body();
    innermost.found_pump_ = std::exchange(pumps_, &innermost);
    at_work_.store(true, std::memory_order_relaxed);
}

void working_thread::leave(pump& innermost) noexcept {
    assert(pumps_ == &innermost && lock_.is_locked());
    pumps_ = innermost.found_pump_;
    if (pumps_ == nullptr) at_work_.store(false, std::memory_order_relaxed);
    assert(!is_inside_body());
    if (innermost.found_body_) count_body();
    if (innermost.found_unlocked_) lock_.unlock();
}

bool working_thread::may_be_relieved() const noexcept {
    for (auto const* each = pumps_; each != nullptr; each = each->found_pump_) {
        if (each->on_.may_have_one_thread()) return false;
    }
    return true;
}

void working_thread::relieve() noexcept {
    for (auto* each = held_; each != nullptr; each = each->outer) each->give(*each);
    for (auto* each = pumps_; each != nullptr; each = each->found_pump_) each->post_all();
    relieved_.store(true, std::memory_order_relaxed);
}

}  // namespace frond
