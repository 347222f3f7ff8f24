// The promises of async and fiber, in many schedules.
#include <algorithm>
#include <memory>
#include <stdexcept>
#include <vector>

#include "../catch.hpp"
#include "probe.hpp"
#include "seeds.hpp"
#include "task.hpp"

using namespace frond;
using namespace frond::simulation;
using std::chrono::milliseconds;

namespace {

async<void> rest(simulator& world) {
    switch (world.random().below(4)) {
        case 0: co_await world.sleep(milliseconds(world.random().below(5))); break;
        case 1: co_await world.yield(); break;
        default: break;
    }
}

// A tree of awaits of random shape; its sum is the number of its nodes.
async<std::uint64_t> tree(simulator& world, unsigned depth) {
    probe<> const here(depth);
    std::uint64_t sum = 1;
    std::uint64_t const branches = depth == 0 ? 0 : world.random().below(4);
    for (std::uint64_t i = 0; i < branches; ++i) {
        co_await rest(world);
        sum += co_await tree(world, depth - 1);
        world.expect(here.sound(), "what lives in a frame stays as it is while the frame waits");
    }
    co_await rest(world);
    co_return sum;
}

async<std::uint64_t> tree_that_throws(simulator& world, unsigned depth) {
    probe<> const here(depth);
    co_await rest(world);
    if (depth == 0) throw std::runtime_error("at the bottom");
    co_return co_await tree_that_throws(world, depth - 1);
}

async<void> sum_of_tree(simulator& world, std::uint64_t& sum) { sum = co_await tree(world, 4); }
async<void> all_of_throwing_tree(simulator& world) { co_await tree_that_throws(world, 5); }

async<void> sleeper(simulator& world, unsigned times, unsigned& slept) {
    probe<> const here(0);
    for (; slept < times; ++slept) {
        auto const begun = world.now();
        auto const nap = milliseconds(world.random().below(10));
        co_await world.sleep(nap);
        world.expect(world.now() >= begun + nap, "a sleep lasts as long as it was asked to");
    }
}

// Catches every cancellation and goes on to its end.
async<void> stubborn_sleeper(simulator& world, unsigned times, bool const& asked) {
    for (unsigned i = 0; i < times; ++i) {
        bool const asked_before = asked;
        bool interrupted = false;
        auto const begun = world.now();
        try {
            co_await world.sleep(std::chrono::hours(1));
        } catch (bad_result const& failed) {
            interrupted = true;
            world.expect(failed.error().is_canceled(), "an interrupted sleep ends with a cancellation");
        }
        world.expect(!asked_before || interrupted, "every suspension after a cancellation is interrupted");
        world.expect(!asked_before || world.now() < begun + std::chrono::hours(1),
                     "an interruption does not wait for the alarm");
        world.expect(asked || !interrupted, "nothing is interrupted that was not cancelled");
    }
}

}  // namespace

TEST_CASE("a seed gives the same schedule every time") {
    std::vector<std::uint64_t> traces;
    for (int round = 0; round < 2; ++round) {
        for (std::uint64_t seed = 1; seed <= 100; ++seed) {
            simulator world(seed, 2);
            std::uint64_t sum = 0;
            task one(world.on(), sum_of_tree(world, sum));
            task two(world.on(), sum_of_tree(world, sum));
            world.run_out();
            traces.push_back(world.trace());
        }
    }
    for (std::size_t i = 0; i < 100; ++i) REQUIRE(traces[i] == traces[i + 100]);
}

TEST_CASE("seeds give different schedules") {
    std::vector<std::uint64_t> traces;
    for (std::uint64_t seed = 1; seed <= 100; ++seed) {
        simulator world(seed, 1);
        unsigned slept[3] = {};
        task one(world.on(), sleeper(world, 5, slept[0]));
        task two(world.on(), sleeper(world, 5, slept[1]));
        task three(world.on(), sleeper(world, 5, slept[2]));
        world.run_out();
        traces.push_back(world.trace());
    }
    std::sort(traces.begin(), traces.end());
    REQUIRE(std::unique(traces.begin(), traces.end()) - traces.begin() > 95);
}

TEST_CASE("a hang is noticed") {
    simulator world(1, 1);
    bool never = false;
    REQUIRE_THROWS_AS(world.run_until([&] { return never; }), hang);
    REQUIRE(!world.broken().empty());
}

TEST_CASE("a tree of awaits gives its value and ends once, whatever wakes it when") {
    for_each_seed(20'000, [](simulator& world) {
        std::uint64_t sums[3] = {};
        std::vector<std::unique_ptr<task>> tasks;
        for (auto& sum : sums) tasks.push_back(std::make_unique<task>(world.on(), sum_of_tree(world, sum)));
        world.run_out();
        for (std::size_t i = 0; i < 3; ++i) {
            world.expect(tasks[i]->times_over() == 1, "a coroutine ends exactly once");
            world.expect(sums[i] >= 1, "an async gives its value");
        }
        world.expect(probe<>::alive == 0, "no frame outlives its coroutine");
    });
}

TEST_CASE("an exception unwinds a chain of awaits, whatever was waited for on the way down") {
    for_each_seed(20'000, [](simulator& world) {
        task failing(world.on(), all_of_throwing_tree(world));
        world.run_out();
        world.expect(failing.times_over() == 1 && failing.thrown() != nullptr,
                     "the exception reaches the outermost one");
        world.expect(probe<>::alive == 0, "no frame outlives its coroutine");
    });
}

TEST_CASE("a coroutine cancelled at any moment ends at the suspension that lasts, or at its next one") {
    for_each_seed(50'000, [](simulator& world) {
        unsigned slept[2] = {};
        task cancelled(world.on(), sleeper(world, 6, slept[0]));
        task other(world.on(), sleeper(world, 6, slept[1]));
        bool const begun = world.random().percent(80);
        if (begun) {
            world.at_some_moment([&] { cancelled.cancel(); });
        } else {
            cancelled.cancel();
        }
        world.run_out();
        world.expect(cancelled.times_over() == 1, "a coroutine ends exactly once");
        world.expect(cancelled.canceled() == (slept[0] < 6), "it ends with the cancellation, or has come to its end");
        world.expect(begun || slept[0] <= 6, "a cancellation before the start counts");
        world.expect(slept[1] == 6 && !other.canceled(), "its neighbour goes on");
        world.expect(probe<>::alive == 0, "no frame outlives its coroutine");
    });
}

TEST_CASE("a cancellation interrupts every later suspension too") {
    for_each_seed(20'000, [](simulator& world) {
        bool asked = false;
        task stubborn(world.on(), stubborn_sleeper(world, 5, asked));
        world.at_some_moment([&] {
            asked = true;
            stubborn.cancel();
        });
        world.run_out();
        world.expect(stubborn.times_over() == 1, "a coroutine that catches its cancellation ends all the same");
    });
}
