#include "run/task_needs.hpp"
#include "catch.hpp"

#include "frond/frond.hpp"

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

using frond::in;
using frond::ready_tasks;
using frond::trigger;

namespace task_needs_test {

int left() { return 1; }
int right() { return 2; }
int sum(in<left> a, in<right> b) { return *a + *b; }
int last(in<sum> of) { return *of; }

auto const plan = frond::plan_for<last>(frond::options().grouping(frond::grouping::each_node));

// The needs of the run's own tasks: left and right, sum, last.
struct needs_of_run {
    frond::plan const& made = *plan.get();
    frond::plan_scope const& scope = made.scopes[0];
    std::vector<std::uint32_t> memory = std::vector<std::uint32_t>(frond::task_needs::bytes(scope.specs.size()) / 4);
    frond::task_needs needs;

    needs_of_run() {
        needs.lie_at(reinterpret_cast<std::byte*>(memory.data()), scope.specs.size());
        needs.reset(made, scope);
    }
    frond::task_spec const& spec(std::string_view name) const {
        for (auto const& each : made.specs) {
            if (each.name == name) return each;
        }
        throw std::logic_error("no such task");
    }
    // Those that are ready once these have ended, in the order in which they would run.
    std::vector<std::string> ready(ready_tasks& list) {
        std::vector<std::string> names;
        while (list.count != 0) names.push_back(made.specs[scope.specs[needs.pop(list)]].name);
        return names;
    }
};

}  // namespace task_needs_test

using namespace task_needs_test;
using names = std::vector<std::string>;

TEST_CASE("a task is ready when the last of its needs is met, in the list of the one that met it") {
    for (bool const apart : {false, true}) {
        needs_of_run of;
        if (apart) of.needs.set_apart();
        ready_tasks one, other;
        of.needs.meet(of.spec("left"), trigger::ended, one, false);
        CHECK(one.count == 0);
        of.needs.meet(of.spec("right"), trigger::ended, other, false);
        CHECK(one.count == 0);
        CHECK(of.ready(other) == names{"sum"});
    }
}

TEST_CASE("what a task does not wait for does not make it ready") {
    needs_of_run of;
    ready_tasks list;
    of.needs.meet(of.spec("sum"), trigger::opened, list, false);
    of.needs.meet(of.spec("sum"), trigger::finished, list, false);
    CHECK(list.count == 0);
    of.needs.meet(of.spec("sum"), trigger::ended, list, false);
    CHECK(of.ready(list) == names{"last"});
}

TEST_CASE("needs are whole again for the next child") {
    needs_of_run of;
    ready_tasks list;
    of.needs.meet(of.spec("left"), trigger::ended, list, true);
    of.needs.reset(of.made, of.scope);
    of.needs.meet(of.spec("right"), trigger::ended, list, true);
    CHECK(list.count == 0);
    of.needs.meet(of.spec("left"), trigger::ended, list, true);
    CHECK(of.ready(list) == names{"sum"});
}

TEST_CASE(
    "an instance is over once all its tasks are counted as ended, and for the one that counts the last of them alone") {
    needs_of_run of;
    ready_tasks none, two;
    CHECK_FALSE(of.needs.count_ended(none));
    two.ended = 2;
    CHECK_FALSE(of.needs.count_ended(two));
    CHECK(of.needs.count_ended(two));
}

TEST_CASE("ready tasks run last in first out, and a list that is split keeps those that are next") {
    needs_of_run of;
    ready_tasks list;
    for (std::uint32_t position = 0; position < 4; ++position) of.needs.push(list, position);
    ready_tasks rest = of.needs.split(list, 1);
    CHECK(list.count == 1);
    CHECK(rest.count == 3);
    CHECK(of.needs.pop(list) == 3);
    CHECK(of.needs.pop(rest) == 2);
    CHECK(of.needs.pop(rest) == 1);
    CHECK(of.needs.pop(rest) == 0);
}
