// What a hook does is no business of the run's: hooks that throw, hang, or are far too slow.
#include "seeds.hpp"

#include "frond/graph/graph_builder.hpp"
#include "frond/run/run.hpp"

#include <chrono>
#include <coroutine>
#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <utility>

#include "../catch.hpp"

namespace frond::simulation {

namespace {

using namespace std::chrono_literals;

/// Until somebody interrupts it.
class forever {
public:
    forever() noexcept : interrupt_(*this) {}
    bool await_ready() const noexcept { return false; }
    template <class Promise>
    void await_suspend(std::coroutine_handle<Promise> frame) noexcept {
        on_ = frame.promise().on;
        on_->suspend_at(frame);
        on_->interruptible(interrupt_);
    }
    void await_resume() const { throw bad_result(error::canceled()); }

private:
    struct interrupting : fiber::interrupt {
        explicit interrupting(forever& owner) noexcept
            : fiber::interrupt(
                  [](fiber::interrupt& self) noexcept { static_cast<interrupting&>(self).of.on_->wake(); }),
              of(owner) {}
        forever& of;
    };
    fiber* on_ = nullptr;
    interrupting interrupt_;
};

constexpr std::uint64_t most_children = 200;

// A run of some children that rest now and then, whose collector says when it was done.
class watched_run final : public run_completion {
public:
    watched_run(simulator& world, duration grace)
        : world_(world), grace_(grace), children_(world.random().between(0, most_children)) {
        graph_builder builder;
        builder
            .add("number",
                 [this]() -> expander<std::uint64_t> {
                     for (std::uint64_t i = 0; i < children_; ++i) {
                         if (world_.random().percent(5)) co_await world_.yield();
                         co_yield i;
                     }
                 })
            .add("same",
                 [this](value<std::uint64_t> n) -> async<std::uint64_t> {
                     std::uint64_t const number = *n;
                     if (world_.random().percent(20)) co_await world_.sleep(1ms);
                     co_return number;
                 },
                 {"number"})
            .add("sum",
                 [this](stream<std::uint64_t> numbers) -> async<std::uint64_t> {
                     std::uint64_t sum = 0;
                     while (auto next = co_await numbers.next()) sum += *next;
                     done_ = world_.now();
                     co_return sum;
                 },
                 {"same"});
        plan_options options;
        options.wanted = {"sum"};
        options.grace = grace_;
        auto graph = std::move(builder).build();
        plan_ = plan::make(std::move(graph).value(), options).value();
    }

    std::uint64_t children() const noexcept { return children_; }
    /// Its collector has ended.
    bool done() const noexcept { return done_.has_value(); }

    void play(any_hook const& hook) {
        run_start start;
        start.on = &world_.on();
        start.time = &world_;
        start.hooks = std::span(&hook, 1);
        start.completion = this;
        begin(prepare_run(plan_, {}).value(), std::move(start));
        world_.run_until([this] { return over_.has_value(); });
        world_.expect(right_, "the result is what it is without the hook");
        // Once until they are interrupted, once until they have ended; the clock drifts by itself.
        world_.expect(*over_ - *done_ <= 2 * grace_ + 1s, "a run waits for its hooks no longer than twice the grace");
        world_.run_out();
    }

private:
    void complete(run_outcome& outcome) noexcept override {
        over_ = world_.now();
        right_ = !outcome.failure && *static_cast<std::uint64_t*>(outcome.outputs[0]) ==
                                         (children_ == 0 ? 0 : children_ * (children_ - 1) / 2);
    }

    simulator& world_;
    duration grace_;
    std::uint64_t children_;
    std::shared_ptr<plan const> plan_;
    std::optional<time_point> done_;
    std::optional<time_point> over_;
    bool right_ = false;
};

void play(duration grace, void (*scenario)(simulator&, watched_run&)) {
    for_each_seed(2'000, [&](simulator& world) {
        watched_run run(world, grace);
        scenario(world, run);
    });
}

}  // namespace

TEST_CASE("a hook that throws, before or after its first await, changes nothing") {
    struct throwing {
        simulator& world;
        void before_run(run_event const&) { throw std::runtime_error("no"); }
        async<void> before_task(task_event const&) {
            if (world.random().percent(50)) co_await world.yield();
            throw 7;
        }
        async<void> after_task(task_event const&) {
            co_await world.sleep(1ms);
            throw std::runtime_error("no");
        }
        void after_run(run_event const&) {
            told = true;
            throw std::runtime_error("no");
        }
        bool told = false;
    };
    play(24h, [](simulator& world, watched_run& run) {
        throwing hook{world};
        run.play(any_hook(hook));
        world.expect(hook.told, "a hook that throws is told of what follows");
    });
}

TEST_CASE("a hook that never resumes is cancelled when the grace is over") {
    struct hanging {
        simulator& world;
        async<void> before_task(task_event const&) {
            ++told;
            forever never;
            co_await never;
        }
        void after_run(run_event const& event) { dropped = event.events_dropped; }
        unsigned told = 0;
        std::optional<std::uint64_t> dropped = std::nullopt;
    };
    play(1s, [](simulator& world, watched_run& run) {
        hanging hook{world};
        run.play(any_hook(hook));
        world.expect(hook.told == 1, "a hook has one call at a time");
        world.expect(hook.dropped.has_value(), "the end is told to a hook that was cancelled");
    });
}

TEST_CASE("a hook that is far too slow loses the oldest events, and is told how many") {
    struct slow {
        simulator& world;
        observer_policy policy() const { return every(16); }
        async<void> before_run(run_event const&) { co_await world.sleep(5ms); }
        void after_grouping(run_event const&) {}
        async<void> on_yield(yield_event const& event) {
            if (world.random().percent(10)) co_await world.sleep(1ms);
            world.expect(seen == 0 || event.index > last, "what is told is in order");
            last = event.index;
            ++seen;
        }
        void after_run(run_event const& event) { dropped = event.events_dropped; }
        std::uint64_t seen = 0;
        std::uint64_t last = 0;
        std::optional<std::uint64_t> dropped = std::nullopt;
    };
    play(24h, [](simulator& world, watched_run& run) {
        slow hook{world};
        run.play(any_hook(hook));
        world.expect(hook.dropped.has_value() && hook.seen + *hook.dropped == run.children(),
                     "what was not told was counted");
    });
}

TEST_CASE("a hook that cannot keep up has no more than its bound in its queue") {
    struct late {
        simulator& world;
        watched_run const& run;
        observer_policy policy() const { return every(16); }
        // Until the last child has ended.
        async<void> before_run(run_event const&) {
            while (!run.done()) co_await world.sleep(1ms);
        }
        void after_grouping(run_event const&) {}
        void on_yield(yield_event const&) { ++seen; }
        std::uint64_t seen = 0;
    };
    play(24h, [](simulator& world, watched_run& run) {
        late hook{world, run};
        run.play(any_hook(hook));
        // A batch, of at most 32, is never split.
        world.expect(hook.seen <= 16 + 32, "no more waited than the bound");
    });
}

TEST_CASE("a hook that samples sees counters that only grow, at its interval") {
    struct sampling {
        simulator& world;
        observer_policy policy() const { return latest(2ms); }
        void on_sample(progress const& sample) {
            auto const& children = sample.expansions.at(0).children;
            world.expect(children.ended() >= ended, "counters only grow");
            world.expect(!at || sample.taken - *at >= 2ms, "samples keep their distance");
            ended = children.ended();
            at = sample.taken;
        }
        std::uint64_t ended = 0;
        std::optional<time_point> at = std::nullopt;
    };
    play(24h, [](simulator& world, watched_run& run) {
        sampling hook{world};
        run.play(any_hook(hook));
    });
}

}  // namespace frond::simulation
