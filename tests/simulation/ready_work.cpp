// Ready work runs: bodies that need each other, one on each thread, meet under every schedule. No clock can hide a body that waits
// behind another one: what never runs is a hang.
#include "run_of_plan.hpp"
#include "seeds.hpp"
#include "simulated_watch.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "../catch.hpp"

namespace frond::simulation {

using namespace std::chrono_literals;

namespace {

/// A body that takes its time, so that a run knows it as long, and then needs the others.
void compute_and_meet(simulator& world, rendezvous& together) {
    world.compute(std::chrono::microseconds(world.random().between(100, 900)));
    together.arrive();
}

void add_numbers(graph_builder& builder, std::uint64_t count) {
    builder.add("number", [count]() -> expander<std::uint64_t> {
        for (std::uint64_t i = 0; i < count; ++i) co_yield i;
    });
}

/// `inside` is what a node does; the node "all" needs every one of them.
void add_nodes(graph_builder& builder, unsigned count, std::function<void()> const& inside) {
    std::vector<std::string> names;
    for (unsigned i = 0; i < count; ++i) {
        names.push_back("node" + std::to_string(i));
        builder.add(names.back(), [inside] {
            inside();
            return std::uint64_t{1};
        });
    }
    // One after the other, since the builder takes functions of as many parameters as there are names.
    std::string all = names.front();
    for (std::size_t i = 1; i < names.size(); ++i) {
        std::string const next = "up_to_" + std::to_string(i);
        builder.add(next, [](value<std::uint64_t> a, value<std::uint64_t> b) { return *a + *b; }, {all, names[i]});
        all = next;
    }
    builder.add("all", [](value<std::uint64_t> sum) { return *sum; }, {all});
}

}  // namespace

TEST_CASE("as many children as there are threads meet, the first one among them") {
    for_each_seed(2'000, [](simulator& world) {
        auto const threads = static_cast<unsigned>(world.random().between(1, 4));
        executor& on = world.add_executor(threads);
        rendezvous together(world, threads);
        graph_builder builder;
        add_numbers(builder, threads);
        builder.add("meets",
                    [&](value<std::uint64_t> n) {
                        compute_and_meet(world, together);
                        return *n;
                    },
                    {"number"});
        builder.add("sum", [](list<std::uint64_t> all) { return std::uint64_t{all.size()}; }, {"meets"});
        run_of_plan(world, on, plan_of(builder, "sum")).finish();
        world.run_out();
    });
}

TEST_CASE("as many independent nodes as there are threads meet") {
    for_each_seed(2'000, [](simulator& world) {
        auto const threads = static_cast<unsigned>(world.random().between(1, 4));
        executor& on = world.add_executor(threads);
        rendezvous together(world, threads);
        graph_builder builder;
        add_nodes(builder, threads, [&] { compute_and_meet(world, together); });
        run_of_plan(world, on, plan_of(builder, "all")).finish();
        world.run_out();
    });
}

TEST_CASE("two collectors that one child has woken meet") {
    for_each_seed(2'000, [](simulator& world) {
        executor& on = world.add_executor(2);
        rendezvous together(world, 2);
        graph_builder builder;
        add_numbers(builder, 1);
        builder.add("child",
                    [&](value<std::uint64_t> n) -> async<std::uint64_t> {
                        std::uint64_t const number = *n;
                        co_await world.sleep(1ms);  // so that both collectors wait for it
                        co_return number;
                    },
                    {"number"});
        for (auto const* name : {"a", "b"}) {
            builder.add(name,
                        [&](stream<std::uint64_t> numbers) -> async<std::uint64_t> {
                            std::uint64_t read = 0;
                            while (co_await numbers.next()) {
                                compute_and_meet(world, together);
                                ++read;
                            }
                            co_return read;
                        },
                        {"child"});
        }
        builder.add("both", [](value<std::uint64_t> a, value<std::uint64_t> b) { return *a + *b; }, {"a", "b"});
        run_of_plan(world, on, plan_of(builder, "both")).finish();
        world.run_out();
    });
}

TEST_CASE("two nodes of one child that are tasks of their own meet") {
    for_each_seed(2'000, [](simulator& world) {
        executor& on = world.add_executor(2);
        rendezvous together(world, 2);
        graph_builder builder;
        add_numbers(builder, 1);
        for (auto const* name : {"a", "b"}) {
            builder.add(name,
                        [&](value<std::uint64_t> n) {
                            compute_and_meet(world, together);
                            return *n;
                        },
                        {"number"});
        }
        builder.add("both", [](value<std::uint64_t> a, value<std::uint64_t> b) { return *a + *b; }, {"a", "b"});
        builder.add("sum", [](list<std::uint64_t> all) { return std::uint64_t{all.size()}; }, {"both"});
        plan_options options;
        options.grouping = grouping::each_node;
        run_of_plan(world, on, plan_of(builder, "sum", std::move(options))).finish();
        world.run_out();
    });
}

TEST_CASE("a collector meets a child that had to wait for its slot") {
    for_each_seed(2'000, [](simulator& world) {
        executor& on = world.add_executor(2);
        rendezvous together(world, 2);
        bool first = true;
        graph_builder builder;
        add_numbers(builder, 2);
        builder.add("child",
                    [&](value<std::uint64_t> n) {
                        world.compute(500us);
                        if (!std::exchange(first, false)) together.arrive();
                        return *n;
                    },
                    {"number"});
        builder.add("sum",
                    [&](stream<std::uint64_t> numbers) -> async<std::uint64_t> {
                        std::uint64_t read = 0;
                        while (co_await numbers.next()) {
                            if (++read == 1) together.arrive();
                        }
                        co_return read;
                    },
                    {"child"});
        plan_options options;
        options.limit = 1;
        run_of_plan(world, on, plan_of(builder, "sum", std::move(options))).finish();
        world.run_out();
    });
}

TEST_CASE("nodes that were short so far meet within a few looks of the watch") {
    for_each_seed(2'000, [](simulator& world) {
        world.only_waits_take_time();
        auto const threads = static_cast<unsigned>(world.random().between(2, 4));
        executor& on = world.add_executor(threads);
        rendezvous together(world, threads);
        bool long_now = false;
        graph_builder builder;
        add_nodes(builder, threads, [&] {
            if (long_now) together.arrive();
        });
        auto const planned = plan_of(builder, "all");
        for (int times = 0; times < 3; ++times) run_of_plan(world, on, planned).finish();
        world.run_out();
        long_now = true;
        auto const began = world.now();
        {
            simulated_watch watch(world);
            run_of_plan(world, on, planned).finish();
        }
        // Two looks for each thread that is found inside a long body, and one more, since a body begins between two.
        world.expect(world.now() - began <= 3ms * threads, "each thread is relieved at the second look");
        world.run_out();
    });
}

}  // namespace frond::simulation
