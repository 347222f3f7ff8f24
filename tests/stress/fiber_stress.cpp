// The fiber's handshakes between threads that really overlap: wake against park, cancel against both and against the
// end. Meant for ThreadSanitizer and AddressSanitizer; the counts are checked in any build.
#include "frond/base/async.hpp"

#include "../catch.hpp"
#include "thread_executor.hpp"

#include <atomic>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

using frond::async;

namespace {

constexpr int rounds = 100'000;

void pause_briefly(unsigned& spins) {
    if (++spins % 64 == 0) std::this_thread::yield();
}

void spin(int times) {
    for (std::atomic<int> i{0}; i.load(std::memory_order_relaxed) < times;) i.fetch_add(1, std::memory_order_relaxed);
}

/// Lets threads go at the same moment, round after round.
class barrier {
public:
    explicit barrier(unsigned threads) : threads_(threads) {}

    void arrive_and_wait() {
        unsigned const round = round_.load(std::memory_order_acquire);
        if (arrived_.fetch_add(1, std::memory_order_acq_rel) + 1 == threads_) {
            arrived_.store(0, std::memory_order_relaxed);
            round_.fetch_add(1, std::memory_order_release);
        } else {
            for (unsigned spins = 0; round_.load(std::memory_order_acquire) == round;) pause_briefly(spins);
        }
    }

private:
    unsigned const threads_;
    std::atomic<unsigned> arrived_{0};
    std::atomic<unsigned> round_{0};
};

/// Where a fiber that suspends puts itself, for a thread that does nothing but wake what it finds.
class exchange {
public:
    struct awaiter {
        exchange& of;
        bool await_ready() const noexcept { return false; }
        template <class Promise>
        void await_suspend(std::coroutine_handle<Promise> frame) const noexcept {
            frond::fiber* const me = frame.promise().on;
            me->suspend_at(frame);
            of.offered_.store(me, std::memory_order_release);  // from here on the wake may come
        }
        void await_resume() const noexcept {}
    };
    awaiter wait() noexcept { return {*this}; }

    /// Wakes whoever waits until told to end.
    void wake_all(int& plain) {
        for (unsigned spins = 0; !over_.load(std::memory_order_acquire); pause_briefly(spins)) {
            if (frond::fiber* const found = offered_.exchange(nullptr, std::memory_order_acq_rel)) {
                ++plain;  // no atomic: the handshake alone orders it with the frames
                found->wake();
            }
        }
    }
    void end() noexcept { over_.store(true, std::memory_order_release); }

private:
    std::atomic<frond::fiber*> offered_{nullptr};
    std::atomic<bool> over_{false};
};

/// Runs an async on the executor; `wait` returns when it has stopped.
class root : public frond::fiber {
public:
    root(frond::executor& home, async<void> body) : fiber(home, &root::on_stop), body_(std::move(body)), begin_(*this) {
        home.post(begin_);
    }
    void wait() const { stopped_.wait(false, std::memory_order_acquire); }

private:
    struct beginning : frond::work {
        explicit beginning(root& owner) noexcept : work(&beginning::go), of(owner) {}
        static void go(frond::work& self) noexcept {
            root& me = static_cast<beginning&>(self).of;
            if (me.run(me.body_.start_on(me))) on_stop(me);
        }
        root& of;
    };
    static void on_stop(frond::fiber& self) noexcept {
        root& me = static_cast<root&>(self);
        me.stopped_.store(true, std::memory_order_release);
        me.stopped_.notify_all();
    }

    async<void> body_;
    beginning begin_;
    std::atomic<bool> stopped_{false};
};

}  // namespace

TEST_CASE("wakes that race with parking are neither lost nor doubled, and order what both sides wrote") {
    exchange between;
    int wakes = 0;
    std::thread waker([&] { between.wake_all(wakes); });
    int resumed = 0;
    bool agreed = true;
    std::optional<root> driven;
    {
        stress::thread_executor home(2);
        auto body = [](exchange& with, int const& woken, int& count, bool& same) -> async<void> {
            for (int i = 0; i < rounds; ++i) {
                co_await with.wait();
                ++count;
                same = same && woken == count;
            }
        };
        driven.emplace(home, body(between, wakes, resumed, agreed));
        driven->wait();
    }
    between.end();
    waker.join();
    CHECK(resumed == rounds);
    CHECK(wakes == rounds);
    CHECK(agreed);
}

namespace {

/// One suspension that a waker and an interruption compete for: the first one wakes.
class contested : frond::fiber::interrupt {
public:
    contested() noexcept : interrupt(&contested::emit) {}

    struct awaiter {
        contested& of;
        bool await_ready() const noexcept { return false; }
        template <class Promise>
        void await_suspend(std::coroutine_handle<Promise> frame) const noexcept {
            of.waiter_ = frame.promise().on;
            of.waiter_->suspend_at(frame);
            of.waiter_->interruptible(of);
            of.settle(waiting);
        }
        void await_resume() const noexcept {}
    };
    awaiter wait() noexcept { return {*this}; }
    /// From any thread, before or after the suspension.
    void fire() noexcept { settle(fired); }

    int interrupted = 0;  // by the emissions, which the fiber puts in order with the frames

private:
    static constexpr unsigned waiting = 1;
    static constexpr unsigned fired = 2;

    // Bits: a frame waits; it has been fired. Whoever makes it both wakes, once.
    void settle(unsigned bit) noexcept {
        if ((state_.fetch_or(bit, std::memory_order_acq_rel) | bit) == (waiting | fired) &&
            !woken_.exchange(true, std::memory_order_acq_rel)) {
            waiter_->wake();
        }
    }
    static void emit(frond::fiber::interrupt& self) noexcept {
        auto& me = static_cast<contested&>(self);
        ++me.interrupted;
        me.fire();
    }

    std::atomic<unsigned> state_{0};
    std::atomic<bool> woken_{false};
    frond::fiber* waiter_ = nullptr;
};

/// A fiber that is destroyed as soon as it has stopped, and that may be cancelled as long as it is listed.
class short_lived : public frond::fiber {
public:
    /// A fiber in the list is alive.
    struct list {
        std::mutex mutex;
        short_lived* only = nullptr;
        std::atomic<int> ended{0};
        int dawdles = 0;  // how long a fiber that has stopped stays in it

        void cancel() {
            std::lock_guard const guard(mutex);
            if (only != nullptr) only->fiber::cancel();
        }
    };

    static void start(frond::executor& home, list& where, async<void> body) {
        auto* const made = new short_lived(home, where, std::move(body));
        {
            std::lock_guard const guard(where.mutex);
            where.only = made;
        }
        home.post(made->begin_);
    }

private:
    struct beginning : frond::work {
        explicit beginning(short_lived& owner) noexcept : work(&beginning::go), of(owner) {}
        static void go(frond::work& self) noexcept {
            short_lived& me = static_cast<beginning&>(self).of;
            static_cast<void>(me.begin(me.body_.start_on(me)));
            if (me.settle()) on_stop(me);
        }
        short_lived& of;
    };

    short_lived(frond::executor& home, list& where, async<void> body)
        : fiber(home, &short_lived::on_stop), where_(where), body_(std::move(body)), begin_(*this) {}

    static void on_stop(frond::fiber& self) noexcept {
        auto& me = static_cast<short_lived&>(self);
        list& where = me.where_;
        spin(where.dawdles);
        {
            std::lock_guard const guard(where.mutex);
            where.only = nullptr;
        }
        delete &me;
        where.ended.fetch_add(1, std::memory_order_release);
    }

    list& where_;
    async<void> body_;
    beginning begin_;
};

/// `stage` says how far it is, so that a cancellation can meet every part of its life.
async<void> wait_for_both(contested& first, contested& second, std::atomic<int>& stage) {
    stage.store(1, std::memory_order_relaxed);
    co_await first.wait();
    stage.store(2, std::memory_order_relaxed);
    co_await second.wait();
    stage.store(3, std::memory_order_relaxed);
}

}  // namespace

TEST_CASE("cancellations that race with wakes and with the end interrupt at most once, and every fiber ends once") {
    stress::thread_executor home(2);
    barrier together(2);
    short_lived::list alive;
    std::optional<contested> first;
    std::optional<contested> second;
    std::atomic<int> stage{0};

    std::thread waker([&] {
        for (int round = 0; round < rounds; ++round) {
            together.arrive_and_wait();
            for (unsigned spins = 0; stage.load(std::memory_order_relaxed) < round % 2;) pause_briefly(spins);
            spin(round % 300);
            first->fire();
            spin(round % 50);
            second->fire();
            together.arrive_and_wait();
        }
    });
    bool once = true;
    for (int round = 0; round < rounds; ++round) {
        first.emplace();
        second.emplace();
        stage.store(0, std::memory_order_relaxed);
        alive.dawdles = round % 100;
        together.arrive_and_wait();
        short_lived::start(home, alive, wait_for_both(*first, *second, stage));
        for (unsigned spins = 0; stage.load(std::memory_order_relaxed) < round / 2 % 4;) pause_briefly(spins);
        spin(round % 32);
        alive.cancel();
        together.arrive_and_wait();
        for (unsigned spins = 0; alive.ended.load(std::memory_order_acquire) != round + 1;) pause_briefly(spins);
        once = once && first->interrupted <= 1 && second->interrupted <= 1;
    }
    waker.join();
    CHECK(once);
    CHECK(alive.ended.load() == rounds);
}
