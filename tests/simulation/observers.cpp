// What a hook does is no business of the run's: hooks that throw, hang, or are far too slow; and those that many share.
#include "watched_run.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>

#include "../catch.hpp"

namespace frond::simulation {

using namespace std::chrono_literals;

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
        // Else the grace could be over before the hook has had its first turn.
        world.only_waits_take_time();
        hanging hook{world};
        run.play(any_hook(hook));
        world.expect(hook.told == 1, "a hook has one call at a time");
        world.expect(hook.dropped.has_value(), "the end is told to a hook that was cancelled");
    });
}

TEST_CASE("a hook that was interrupted is called no more, and what it was not told is counted") {
    struct hanging {
        simulator& world;
        std::uint64_t const hangs_at = world.random().between(1, 40);
        async<void> on_yield(yield_event const&) {
            if (++told < hangs_at) co_return;
            forever never;
            co_await never;
        }
        void after_run(run_event const& event) { dropped = event.events_dropped; }
        std::uint64_t told = 0;
        std::uint64_t dropped = 0;
    };
    play(1s, [](simulator& world, watched_run& run) {
        // Else the grace could be over before the hook has had its first turn.
        world.only_waits_take_time();
        hanging hook{world};
        run.play(any_hook(hook));
        world.expect(hook.told <= hook.hangs_at && hook.told + hook.dropped == run.children(),
                     "each event is told or counted");
        world.expect(run.report.hooks.at(0).interrupted == (run.children() >= hook.hangs_at),
                     "the report says that it was interrupted");
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
        // A batch, of at most 64, is never split.
        world.expect(hook.seen <= 16 + 64, "no more waited than the bound");
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

TEST_CASE("what a hook throws is reported once") {
    struct throwing {
        simulator& world;
        async<void> after_task(task_event const&) {
            ++thrown;
            if (world.random().percent(50)) co_await world.yield();
            throw std::runtime_error("no");
        }
        std::uint64_t thrown = 0;
    };
    play(24h, [](simulator& world, watched_run& run) {
        throwing hook{world};
        run.play(any_hook(hook));
        world.expect(run.report.hook_errors_total == hook.thrown && run.report.hooks.at(0).errors == hook.thrown,
                     "every error is counted");
        world.expect(run.report.hook_errors.size() == std::min<std::size_t>(16, hook.thrown), "the first are kept");
        world.expect(hook.thrown == 0 || run.report.hook_errors.front().message() == "no", "and say what was thrown");
    });
}

TEST_CASE("a run does not wait for a hook that it owns") {
    struct hanging {
        async<void> after_task(task_event const&) {
            forever never;
            co_await never;
        }
        void after_run(run_event const&) { told = true; }
        bool told = false;
    };
    play(24h, [](simulator& world, watched_run& run) {
        auto const hook = std::make_shared<hanging>();
        run.begin({any_hook(hook)}, false);
        world.run_until([&] { return run.over(); });
        world.expect(!run.failure() && run.sum() == run.right_sum(), "the result is what it is without the hook");
        world.expect(run.waited() < 1s, "the result comes when it would without the hook");
        world.run_out();
        world.expect(hook->told, "the hook is told of the end when it has been interrupted");
    });
}

TEST_CASE("a hook that several runs share has one call at a time") {
    struct shared {
        simulator& world;
        async<void> after_task(task_event const& event) {
            world.expect(!inside, "one call at a time");
            inside = true;
            if (world.random().percent(30)) co_await world.sleep(1ms);
            inside = false;
            ++seen[event.run_id];
        }
        bool inside = false;
        std::map<std::uint64_t, std::uint64_t> seen{};
    };
    for_each_seed(1'000, [](simulator& world) {
        shared hook{world};
        watched_run first(world, 24h);
        watched_run second(world, 24h);
        first.begin({any_hook(hook)});
        second.begin({any_hook(hook)});
        world.run_until([&] { return first.over() && second.over(); });
        world.run_out();
        world.expect(hook.seen[first.report.run_id] == first.children() + 2 &&
                         hook.seen[second.report.run_id] == second.children() + 2,
                     "the hook is told of every task of either run");
    });
}

TEST_CASE("a lossless hook is told everything, however slow it is, and keeps its queue short") {
    struct slow {
        simulator& world;
        observer_policy policy() const { return lossless(16, 24h); }
        async<void> on_yield(yield_event const& event) {
            if (world.random().percent(20)) co_await world.sleep(5ms);
            world.expect(event.index == seen, "every child is told of");
            ++seen;
        }
        void after_run(run_event const& event) { dropped = event.events_dropped; }
        std::uint64_t seen = 0;
        std::uint64_t dropped = 1;
    };
    play(
        24h,
        [](simulator& world, watched_run& run) {
            slow hook{world};
            run.play(any_hook(hook));
            world.expect(hook.seen == run.children() && hook.dropped == 0, "nothing is lost");
            // A lane looks before it takes a batch, which is of one child with a limit that low.
            world.expect(run.report.hooks.at(0).most_queued <= 16 + 8,
                         "no more waits than the bound and what is under way");
            world.expect(!run.report.hooks.at(0).downgraded, "it has not held the run back for too long");
        },
        [](plan_options& options) { options.limit = 8; });
}

TEST_CASE("a lossless hook that hangs holds the run back no longer than its stall limit") {
    struct hanging {
        observer_policy policy() const { return lossless(4, 1min); }
        async<void> on_yield(yield_event const&) {
            forever never;
            co_await never;
        }
    };
    play(1s, [](simulator& world, watched_run& run) {
        // Else the grace could be over before the hook has had its first turn.
        world.only_waits_take_time();
        hanging hook;
        run.play(any_hook(hook));
        world.expect(run.report.hooks.at(0).downgraded || run.report.hooks.at(0).most_queued <= 4 + 8 * 64,
                     "it is treated as one that may lose events, and the report says so");
    });
}

TEST_CASE("a run that is cancelled does not wait for a lossless hook") {
    struct hanging {
        observer_policy policy() const { return lossless(4, 24h); }
        async<void> on_yield(yield_event const&) {
            forever never;
            co_await never;
        }
    };
    play(1s, [](simulator& world, watched_run& run) {
        // Else the grace could be over before the hook has had its first turn.
        world.only_waits_take_time();
        hanging hook;
        run.begin({any_hook(hook)});
        std::optional<time_point> cancelled;
        world.at_some_moment([&] {
            cancelled = world.now();
            run.cancel();
        });
        world.run_until([&] { return run.over(); });
        world.run_out();
        world.expect(!run.failure() || run.failure()->is_canceled(), "the run is cancelled, or was over");
        bool const over_before = !cancelled || run.over_at() < *cancelled;
        world.expect(over_before || run.over_at() - *cancelled < 12h, "nothing waits for the stall limit");
    });
}

TEST_CASE("a cancellation that comes when the last task has ended changes nothing") {
    struct slow {
        simulator& world;
        async<void> after_run(run_event const& event) {
            world.expect(!event.failure, "the run is told to have succeeded");
            told = true;
            auto wait = world.sleep(1h);
            co_await wait;
        }
        bool told = false;
    };
    play(24h, [](simulator& world, watched_run& run) {
        slow hook{world};
        run.begin({any_hook(hook)});
        world.run_until([&] { return hook.told; });
        world.expect(run.done() && !run.over(), "the run waits for its hook");
        run.cancel();
        world.run_until([&] { return run.over(); });
        world.run_out();
        world.expect(!run.failure() && run.sum() == run.right_sum(), "the result is there all the same");
    });
}

}  // namespace frond::simulation
