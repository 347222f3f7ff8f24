// A cancellation interrupts each wait, also one that begins after it, in a body that was computing when it came.
#include "run_of_plan.hpp"
#include "seeds.hpp"
#include "watched_run.hpp"

#include <chrono>
#include <cstdint>
#include <optional>

#include "../catch.hpp"

namespace frond::simulation {

using namespace std::chrono_literals;

TEST_CASE("a body that computes while its run is cancelled does not begin a wait that lasts") {
    play(24h, [](simulator& world, watched_run& run) {
        std::optional<time_point> cancelled;
        run.body = [&](std::uint64_t number) -> async<std::uint64_t> {
            if (world.random().percent(50)) world.compute(1ms);
            if (world.random().percent(30)) co_await world.sleep(24h);
            co_return number;
        };
        run.begin({});
        world.at_some_moment([&] {
            cancelled = world.now();
            run.cancel();
        });
        world.run_until([&] { return run.over(); });
        world.run_out();
        bool const over_before = !cancelled || run.over_at() < *cancelled;
        world.expect(over_before || run.over_at() - *cancelled < 30min, "a run is over soon after its cancellation");
    });
}

TEST_CASE("an expander that computes while its last collector leaves does not begin a wait that lasts") {
    for_each_seed(2'000, [](simulator& world) {
        world.only_waits_take_time();
        executor& on = world.add_executor(static_cast<unsigned>(world.random().between(1, 4)));
        graph_builder builder;
        builder
            .add("number",
                 [&]() -> expander<std::uint64_t> {
                     co_yield std::uint64_t{0};
                     world.compute(1ms);
                     co_await world.sleep(24h);
                     co_yield std::uint64_t{1};
                 })
            .add("same",
                 [&](value<std::uint64_t> number) {
                     world.compute(100us);  // so long that its result does not wait for others
                     return *number;
                 },
                 {"number"})
            .add("first",
                 [&](stream<std::uint64_t> numbers) -> async<std::uint64_t> {
                     auto const first = co_await numbers.next();
                     co_await world.sleep(500us);
                     co_return *first;
                 },
                 {"same"});
        auto const began = world.now();
        run_of_plan(world, on, plan_of(builder, "first")).finish();
        world.expect(world.now() - began < 1h, "a run is over soon after its last collector has left");
        world.run_out();
    });
}

}  // namespace frond::simulation
