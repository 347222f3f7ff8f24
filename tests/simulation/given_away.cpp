// A lane whose child turns out to be long gives the rest of its batch to another lane: the children keep their indices and keys, and
// each gets its own parameter, also where some parameters cannot be moved.
#include "run_of_plan.hpp"
#include "seeds.hpp"
#include "simulated_watch.hpp"

#include "frond/run/this_task.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "../catch.hpp"

namespace frond::simulation {

using namespace std::chrono_literals;

namespace {

/// A parameter that knows how often it was moved, and cannot be moved more often than the others if it is of those that stay.
class movable_number {
public:
    /// What holds for all of a scenario's parameters.
    struct rules {
        bool (*stays)(std::uint64_t number) = nullptr;  // null: all may be moved
        unsigned most_moves = 0;                        // that were seen so far
    };

    movable_number(rules& of, std::uint64_t number) noexcept : rules_(&of), number_(number) {}
    movable_number(movable_number&& other) : rules_(other.rules_), number_(other.number_), moves_(other.moves_ + 1) {
        if (rules_->stays == nullptr) {
            rules_->most_moves = std::max(rules_->most_moves, moves_);
        } else if (moves_ > rules_->most_moves && rules_->stays(number_)) {
            throw std::runtime_error("it stays");
        }
    }
    movable_number& operator=(movable_number const&) = delete;

    std::uint64_t number() const noexcept { return number_; }

private:
    rules* rules_;
    std::uint64_t number_;
    unsigned moves_ = 0;
};

bool every_seventh(std::uint64_t number) { return number % 7 == 3; }

}  // namespace

TEST_CASE("children that a lane gives away keep their indices, keys and parameters") {
    for_each_seed(2'000, [](simulator& world) {
        world.only_waits_take_time();
        executor& on = world.add_executor(static_cast<unsigned>(world.random().between(2, 4)));
        constexpr std::uint64_t children = 200;
        movable_number::rules rules;
        bool const named = world.random().percent(50);
        std::vector<unsigned> calls(children);
        std::optional<std::uint64_t> is_long;
        auto const run_child = [&](std::uint64_t number) {
            world.expect(this_task::index() == number, "a child has its own index and parameter");
            bool const has_key = named && number % 2 == 0;
            auto const key = this_task::id().key;
            world.expect((key != nullptr) == has_key, "a child has a key if it was given one");
            world.expect(!has_key || key == nullptr || key.raw() == std::to_string(number), "and that is its own");
            ++calls.at(number);
            if (number == is_long) world.compute(5ms);
            return number;
        };
        auto const yield_all = [&]() -> expander<movable_number> {
            for (std::uint64_t i = 0; i < children; ++i) {
                movable_number next(rules, i);
                if (named && i % 2 == 0) {
                    child<movable_number> with_key(std::to_string(i), std::move(next));
                    co_yield std::move(with_key);
                } else {
                    co_yield std::move(next);
                }
            }
        };
        graph_builder builder;
        builder.add("number", yield_all);
        std::string const collected = world.random().percent(50) ? "first" : "second";
        builder.add("first", [&](value<movable_number> number) { return run_child(number->number()); }, {"number"});
        builder.add("second", [](value<std::uint64_t> first) { return *first; }, {"first"});
        builder.add("count", [](list<std::uint64_t> of) { return of.size(); }, {collected});
        auto const planned = plan_of(builder, "count");
        // The first runs learn that the children are short.
        for (int times = 0; times < 2; ++times) run_of_plan(world, on, planned).finish();
        world.run_out();
        std::fill(calls.begin(), calls.end(), 0U);
        is_long = world.random().between(20, children - 1);
        if (world.random().percent(50)) rules.stays = &every_seventh;
        {
            simulated_watch watch(world);
            run_of_plan(world, on, planned).finish();
        }
        world.run_out();
        bool const once = std::all_of(calls.begin(), calls.end(), [](unsigned each) { return each == 1; });
        world.expect(once, "each child runs once");
    });
}

}  // namespace frond::simulation
