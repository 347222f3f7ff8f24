// Runs that end in every way there is, at random moments, on threads: by themselves, cancelled, their context stopped and destroyed,
// an operation's handler let go of. Each completes once or is destroyed whole, and nothing of it is alive afterwards.
#include "environment.hpp"

#include "../catch.hpp"

#include <frond/asio.hpp>
#include <frond/frond.hpp>

#include <array>
#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <stdexcept>
#include <thread>
#include <utility>
#include <vector>

namespace net = frond::net;
using namespace std::chrono_literals;
using frond::all;
using frond::async;
using frond::each;
using frond::in;
using frond::input;

namespace {

/// Counts the objects that live, and acts when a number of them has been made.
class moment {
public:
    moment(unsigned at, std::function<void()> act) : left_(at), act_(std::move(act)) {}
    void comes() {
        if (left_.fetch_sub(1) == 1) act_();
    }

    std::atomic<int> alive = 0;

private:
    std::atomic<unsigned> left_;
    std::function<void()> const act_;
};

class life {
public:
    explicit life(moment& of) : of_(&of) { ++of_->alive; }
    life(life const& other) noexcept : of_(other.of_) { ++of_->alive; }
    life& operator=(life const&) = delete;
    ~life() { --of_->alive; }
    moment& of() const noexcept { return *of_; }

private:
    moment* of_;
};

/// Handlers that operations let go of, all at once.
class keeper {
public:
    void keep(std::shared_ptr<void> handler) {
        std::lock_guard const guard(mutex_);
        if (!closed_) kept_.push_back(std::move(handler));
    }
    /// Those that come later are let go of at once.
    void let_go() {
        std::vector<std::shared_ptr<void>> gone;
        {
            std::lock_guard const guard(mutex_);
            closed_ = true;
            gone.swap(kept_);
        }
    }

private:
    std::mutex mutex_;  // guards what follows
    bool closed_ = false;
    std::vector<std::shared_ptr<void>> kept_;
};

struct keep_handler {
    template <class Handler>
    void operator()(Handler&& handler, keeper* by) const {
        by->keep(std::make_shared<std::decay_t<Handler>>(std::forward<Handler>(handler)));
    }
};

using shared = input<"life", life>;

async<void> wait(std::chrono::microseconds time) {
    auto const here = co_await frond::this_executor;
    net::steady_timer timer(here, time);
    co_await timer.async_wait(frond::use_async);
}

frond::expander<int> outer(shared of) {
    life const local = *of;
    for (int i = 0; i < 8; ++i) {
        if (i % 3 == 2) co_await wait(20us);
        co_yield i;
    }
}
frond::expander<life> inner(in<outer> n, shared of) {
    for (int i = 0; i < *n % 4; ++i) co_yield *of;
}
int plain(in<inner> of) {
    of->of().comes();
    return 1;
}
async<int> timed(in<inner> of, in<plain> one) {
    life const local = *of;
    local.of().comes();
    co_await wait(10us);
    co_return *one;
}
net::awaitable<int> foreign(in<timed> one) {
    net::steady_timer timer(co_await net::this_coro::executor, 10us);
    co_await timer.async_wait(net::use_awaitable);
    co_return *one;
}
int blocks(in<inner> of, in<foreign> one) {
    of->of().comes();
    return *one;
}
async<int> part(each<blocks> of, shared held) {
    life const local = *held;
    int sum = 0;
    while (auto next = co_await of.next()) sum += *next;
    co_return sum;
}
async<int> fragile(in<outer> n, shared of) {
    life const local = *of;
    of->of().comes();
    co_await wait(5us);
    if (frond::this_task::attempt() == 1 && *n % 2 == 0) throw std::runtime_error("not yet");
    co_return *n;
}
async<int> kept(input<"keeper", keeper&> by, shared of) {
    life const local = *of;
    auto never = net::async_initiate<frond::use_async_t const, void(int)>(keep_handler(), frond::use_async, &*by);
    co_return co_await never;
}
async<int> total(all<part> parts, all<fragile> others, in<kept> last) {
    co_await wait(5us);
    co_return static_cast<int>(parts.size() + others.size()) + *last;
}

struct waiting_hook {
    life held;
    async<void> after_task(frond::task_event const&) {
        life const local = held;
        held.of().comes();
        co_await wait(5us);
    }
};
struct wrapping_hook {
    life held;
    async<void> around_node(frond::node_call& call) {
        life const local = held;
        co_await call.next();
        co_await wait(5us);
    }
};

enum class way : std::uint8_t { by_itself, cancelled, stopped, dropped };

/// The handler counts its calls, and lives as long as the run.
struct counting_handler {
    life held;
    std::atomic<int>* calls;
    template <class Outcome>
    void operator()(Outcome const&) const {
        ++*calls;
    }
};

class ended_run {
public:
    ended_run(std::mt19937& random, way how)
        : how_(how),
          at_(1 + static_cast<unsigned>(random() % 60), [this] { act(); }),
          threads_(1 + static_cast<unsigned>(random() % 3)),
          hooks_(static_cast<unsigned>(random() % 4)) {}

    /// On an io_context, perhaps on a strand of it. Stopped means destroyed at once, with whatever it still has to do.
    void go() {
        {
            net::io_context context(static_cast<int>(threads_));
            context_ = &context;
            start(context.get_executor());
            std::vector<std::thread> helpers;
            for (unsigned i = 1; i < threads_; ++i) helpers.emplace_back([&] { context.run(); });
            std::thread last([this] { end_after_a_while(); });
            context.run();
            for (auto& helper : helpers) helper.join();
            done_ = true;
            last.join();
        }
        keeper_.let_go();  // of a run whose context is gone
        auto const give_up = std::chrono::steady_clock::now() + stress::patience();
        while (at_.alive != 0 && std::chrono::steady_clock::now() < give_up) std::this_thread::yield();
        INFO("way " << static_cast<int>(how_) << ", " << threads_ << " threads, hooks " << hooks_);
        REQUIRE(at_.alive == 0);
        if (how_ == way::stopped) {
            REQUIRE(calls_ <= 1);
        } else {
            REQUIRE(calls_ == 1);
        }
    }

private:
    void start(net::io_context::executor_type const& on) {
        static auto const plan =
            frond::plan_for<total>(frond::options().limit(6).retry<fragile>(3, 5us).blocking<blocks>().grace(1s));
        auto const handler = [&] { return counting_handler{life(at_), &calls_}; };
        auto const hook = hooks_ % 2 != 0 ? std::make_shared<waiting_hook>(waiting_hook{life(at_)}) : nullptr;
        auto const wrap = hooks_ / 2 != 0 ? std::make_shared<wrapping_hook>(wrapping_hook{life(at_)}) : nullptr;
        std::vector<frond::any_hook> hooks;
        if (hook) hooks.emplace_back(hook);
        if (wrap) hooks.emplace_back(wrap);
        plan.async_run(frond::arg<"life">(life(at_)), frond::arg<"keeper">(keeper_), hooks,
                       net::bind_cancellation_slot(signal_.slot(), net::bind_executor(on, handler())));
    }
    void act() {
        switch (how_) {
            case way::by_itself: break;
            case way::cancelled:
                net::post(*context_, [this] { signal_.emit(net::cancellation_type::terminal); });
                break;
            case way::stopped: context_->stop(); break;
            case way::dropped: keeper_.let_go(); break;
        }
    }
    /// A handler that is kept for ever keeps the context at work, and the moment may never come.
    void end_after_a_while() {
        auto const until = std::chrono::steady_clock::now() + 20ms;
        while (!done_ && calls_ == 0 && std::chrono::steady_clock::now() < until) std::this_thread::yield();
        if (done_) return;
        if (how_ == way::stopped) {
            context_->stop();
        } else {
            keeper_.let_go();
        }
    }

    way const how_;
    moment at_;
    unsigned const threads_;
    unsigned const hooks_;
    keeper keeper_;
    std::atomic<int> calls_ = 0;
    std::atomic<bool> done_ = false;
    net::cancellation_signal signal_;
    net::io_context* context_ = nullptr;
};

}  // namespace

TEST_CASE("a run completes once or is destroyed whole, whatever ends it and when, and nothing of it is left") {
    std::mt19937 random(static_cast<unsigned>(stress::number_from_environment("FROND_SEED", 1)));
    auto const runs = stress::number_from_environment("FROND_RUNS", 400);
    for (std::uint64_t i = 0; i < runs; ++i) {
        constexpr std::array ways{way::by_itself, way::cancelled, way::stopped, way::stopped, way::dropped};
        way const how = ways[random() % ways.size()];
        INFO("run " << i);
        ended_run(random, how).go();
    }
}
