#include "frond/base/detail/thread_watch.hpp"

#include "frond/base/detail/working_thread.hpp"

#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <new>
#include <system_error>
#include <thread>

#if defined(__unix__)
#include <pthread.h>

#include <csignal>
#endif

namespace frond {

namespace {

constexpr unsigned quiet_enough = 20;  // looks in a row that found no thread at work

// While it lives, newly started threads take no signals: the program's own threads must handle these.
class no_signals {
#if defined(__unix__)
public:
    no_signals() noexcept {
        sigset_t all;
        sigfillset(&all);
        pthread_sigmask(SIG_SETMASK, &all, &before_);
    }
    ~no_signals() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
    no_signals(no_signals const&) = delete;
    no_signals& operator=(no_signals const&) = delete;

private:
    sigset_t before_;
#endif
};

}  // namespace

std::atomic<bool> thread_watch::going{false};

struct thread_watch::looker {
    std::mutex mutex;  // guards the two flags below, and every change of `going`
    bool started = false;
    bool prepared = false;
    std::condition_variable wanted;  // `going` has become true

    // Never destroyed: the thread goes on while static objects are destroyed.
    static looker& only() noexcept {
        alignas(looker) static std::byte memory[sizeof(looker)];
        static auto* const made = ::new (memory) looker;
        return *made;
    }

#if defined(__unix__)
    // The child of a fork has the calling thread alone: it has no watch, and no other thread to look after.
    static void watch_forks() noexcept {
        pthread_atfork(
            [] {
                only().mutex.lock();
                working_thread::before_fork();
            },
            [] {
                working_thread::after_fork(false);
                only().mutex.unlock();
            },
            [] {
                working_thread::after_fork(true);
                only().started = false;
                going.store(false, std::memory_order_relaxed);
                only().mutex.unlock();
            });
    }
#else
    static void watch_forks() noexcept {}
#endif

    void look_for_ever() {
        unsigned quiet = 0;
        for (;;) {
            // A plain sleep, since nothing has to end it early:
            // the watch has a thread of its own, and holds no lock while it sleeps.
            // Between bursts of work it waits at `wanted` instead.
            std::this_thread::sleep_for(period);
            quiet = working_thread::relieve_all() ? 0 : quiet + 1;
            if (quiet < quiet_enough) continue;
            quiet = 0;
            std::unique_lock guard(mutex);
            going.store(false, std::memory_order_relaxed);
            if (asymmetric_fence::heavy() && working_thread::any_at_work())
                going.store(true, std::memory_order_relaxed);
            wanted.wait(guard, [] { return going.load(std::memory_order_relaxed); });
        }
    }
};

void thread_watch::begin() noexcept {
    looker& it = looker::only();
    std::lock_guard const guard(it.mutex);
    if (going.exchange(true, std::memory_order_relaxed)) return;
    if (it.started) {
        it.wanted.notify_one();
        return;
    }
    if (!it.prepared) {
        it.prepared = true;
        looker::watch_forks();
    }
    try {
        no_signals const here;
        std::thread([&it] { it.look_for_ever(); }).detach();
        it.started = true;
    } catch (std::system_error const&) {
        // `going` stays true, so that the next pumps do not try again.
    } catch (std::bad_alloc const&) {
        // As above.
    }
}

}  // namespace frond
