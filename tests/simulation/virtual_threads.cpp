// The promises of the simulated world itself: bodies that compute and bodies that wait for each other, on virtual threads.
#include <algorithm>
#include <chrono>
#include <functional>
#include <memory>
#include <set>
#include <vector>

#include "../catch.hpp"
#include "seeds.hpp"
#include "task.hpp"

using namespace frond;
using namespace frond::simulation;
using namespace std::chrono_literals;

namespace {

/// One item that does something and counts.
class item : work {
public:
    item(executor& on, std::function<void()> what)
        : work([](work& self) noexcept {
              auto& me = static_cast<item&>(self);
              me.what_();
              me.over_ = true;
          }),
          what_(std::move(what)) {
        on.post(*this);
    }
    bool over() const noexcept { return over_; }

private:
    std::function<void()> what_;
    bool over_ = false;
};

class items {
public:
    void add(executor& on, std::function<void()> what) { all_.push_back(std::make_unique<item>(on, std::move(what))); }
    std::size_t size() const noexcept { return all_.size(); }
    bool over() const {
        return std::all_of(all_.begin(), all_.end(), [](auto const& each) { return each->over(); });
    }

private:
    std::vector<std::unique_ptr<item>> all_;
};

async<void> computes_and_rests(simulator& world, int times) {
    for (int i = 0; i < times; ++i) {
        world.compute(std::chrono::microseconds(world.random().below(50)));
        co_await world.sleep(std::chrono::microseconds(world.random().below(50)));
        if (world.random().percent(50)) co_await world.yield();
    }
}

}  // namespace

TEST_CASE("bodies that compute take the time that they take on as many threads as the executor has") {
    for_each_seed(10'000, [](simulator& world) {
        world.only_waits_take_time();
        auto const threads = static_cast<unsigned>(world.random().between(1, 4));
        executor& on = world.add_executor(threads);
        auto const count = world.random().between(0, 9);
        std::set<void const*> busy;
        std::set<void const*> seen;
        items all;
        for (std::uint64_t i = 0; i < count; ++i) {
            all.add(on, [&] {
                void const* const here = on.this_thread();
                seen.insert(here);
                world.expect(busy.insert(here).second, "a thread that computes does nothing else");
                world.expect(busy.size() <= threads, "no more bodies compute than there are threads");
                world.compute(10ms);
                world.expect(on.this_thread() == here, "a body stays on its thread while it computes");
                busy.erase(here);
            });
        }
        auto const begun = world.now();
        world.run_out();
        auto const rounds = (count + threads - 1) / threads;
        world.expect(all.over(), "every body ends");
        world.expect(world.now() - begun == rounds * 10ms, "the bodies share the threads");
        world.expect(seen.size() <= threads && (count < threads || seen.size() == threads), "on all of them");
    });
}

TEST_CASE("a computation ends at its time, and what comes due meanwhile happens at its own") {
    for_each_seed(10'000, [](simulator& world) {
        world.only_waits_take_time();
        executor& on = world.add_executor(2);
        duration const long_one = std::chrono::milliseconds(world.random().between(1, 9));
        duration const nap = std::chrono::milliseconds(world.random().between(1, 9));
        auto const begun = world.now();
        items all;
        all.add(on, [&] {
            world.compute(long_one);
            world.expect(world.now() - begun == long_one, "a computation takes the time that it takes");
        });
        unsigned waits = 0;
        auto const wait = [&]() -> async<void> {
            co_await world.sleep(nap);
            ++waits;
            world.expect(world.now() - begun == nap, "an alarm does not wait for the end of a computation elsewhere");
        };
        task other(on, wait());
        world.run_out();
        world.expect(all.over() && waits == 1, "both end");
    });
}

TEST_CASE("bodies of one thread compute one after the other, and executors beside each other") {
    for_each_seed(10'000, [](simulator& world) {
        world.only_waits_take_time();
        executor& one = world.add_executor(1);
        executor& other = world.add_executor(1);
        items all;
        for (int i = 0; i < 3; ++i) {
            all.add(one, [&] { world.compute(10ms); });
            all.add(other, [&] { world.compute(10ms); });
        }
        auto const begun = world.now();
        world.run_out();
        world.expect(all.over() && world.now() - begun == 30ms, "two executors are two threads");
    });
}

TEST_CASE("a seed gives the same schedule every time, also where bodies compute") {
    std::vector<std::uint64_t> traces;
    for (int round = 0; round < 2; ++round) {
        for (std::uint64_t seed = 1; seed <= 50; ++seed) {
            simulator world(seed, static_cast<unsigned>(seed % 4));
            std::vector<std::unique_ptr<task>> tasks;
            for (int i = 0; i < 5; ++i) {
                tasks.push_back(std::make_unique<task>(world.on(), computes_and_rests(world, 5)));
            }
            world.run_out();
            traces.push_back(world.trace());
            traces.push_back(world.steps());
        }
    }
    for (std::size_t i = 0; i < 100; ++i) REQUIRE(traces[i] == traces[i + 100]);
}

TEST_CASE("as many bodies as there are threads can wait for each other") {
    for_each_seed(10'000, [](simulator& world) {
        auto const threads = static_cast<unsigned>(world.random().between(1, 4));
        executor& on = world.add_executor(threads);
        rendezvous together(world, threads);
        unsigned inside = 0;
        items all;
        for (unsigned i = 0; i < threads; ++i) {
            all.add(on, [&] {
                if (world.random().percent(50)) world.compute(1ms);
                ++inside;
                together.arrive();
                world.expect(inside == threads, "nobody leaves before all have arrived");
                if (world.random().percent(50)) world.compute(1ms);
            });
        }
        world.run_out();
        world.expect(all.over(), "all end");
    });
}

TEST_CASE("more bodies than there are threads that wait for each other are a hang, told on the thread of the test") {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        simulator world(seed, 2);
        rendezvous together(world, 3);
        items all;
        for (int i = 0; i < 3; ++i) all.add(world.on(), [&] { together.arrive(); });
        REQUIRE_THROWS_AS(world.run_until([&] { return all.over(); }), hang);
        REQUIRE(!world.broken().empty());
    }
}

TEST_CASE("an endless run beside a body that computes is a hang") {
    simulator world(1, 2);
    items all;
    all.add(world.on(), [&] { world.compute(1h); });
    struct endless : work {
        explicit endless(executor& home) noexcept
            : work([](work& self) noexcept { static_cast<endless&>(self).on.post(self); }), on(home) {}
        executor& on;
    } again(world.on());
    world.on().post(again);
    REQUIRE_THROWS_AS(world.run_until([] { return false; }), hang);
}
