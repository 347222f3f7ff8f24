// A cancellation interrupts each wait, also one that begins after it, in a body that was computing when it came.
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

}  // namespace frond::simulation
