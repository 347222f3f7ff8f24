// The values of one execution of a scope, and how it ends.
#include "run/instance.hpp"
#include "catch.hpp"
#include "fake_run.hpp"

#include "frond/frond.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

using by_hand::counted;
using by_hand::fake_expansion;
using by_hand::fake_run;
using by_hand::owned_instance;
using frond::all;
using frond::all_results;
using frond::error;
using frond::expander;
using frond::in;
using frond::instance;
using frond::task_state;

namespace instance_test {

expander<counted> thing() { co_yield counted(); }
counted seen(in<thing>) { return counted(); }
counted used(in<seen>) { return counted(); }
expander<int> part(in<used>) { co_yield 1; }
int piece(in<part> of) { return *of; }
int pieces(all<piece> of) { return static_cast<int>(of.size()); }
int things(all<pieces> of) { return static_cast<int>(of.size()); }
frond::async<int> first(frond::each<used>) { co_return 1; }
frond::async<int> second(frond::each<seen>) { co_return 2; }
int tried(all_results<pieces> of) { return static_cast<int>(of.size()); }

auto const each_node = frond::options().grouping(frond::grouping::each_node);
auto const plan = frond::plan_for<things>(each_node).get();
// A child's failure is a value.
auto const trying = frond::plan_for<tried>(each_node).get();

// A run with an open expansion, and one child of it.
struct family {
    explicit family(std::shared_ptr<frond::plan const> const& of = plan)
        : run(fake_run::of(of, {.flow = flow})),
          things(*run, "thing"),
          child(instance::make(*run, things.of.scope, &things.of)) {}

    // As the step of that node does.
    void make_value(std::string_view node) {
        auto const& step = run->spec(node).steps.front();
        ::new (child->block + step.value.offset) counted();
        child->made(step.value_index);
    }
    void make_parameter() {
        ::new (child->parameter) counted();
        child->parameter_made = true;
    }
    error fail(std::string_view node, char const* why) {
        auto const& spec = run->spec(node);
        return child->fail(error(frond::errc::node_failed, why), &spec, &spec.steps.front());
    }

    by_hand::noted_flow flow;
    std::shared_ptr<fake_run> run;
    fake_expansion things;
    owned_instance child;
};

}  // namespace instance_test

using namespace instance_test;

TEST_CASE("a value that was made is destroyed once, when the instance is cleared or destroyed, and no other is") {
    for (bool const cleared : {false, true}) {
        counted::alive = 0;
        family of;
        of.make_parameter();
        of.make_value("used");
        CHECK(counted::alive == 2);
        if (cleared) {
            of.child->clear();
            CHECK(counted::alive == 0);
        }
        of.child.reset();
        CHECK(counted::alive == 0);
    }
}

TEST_CASE("an instance is used again: new needs, no key, no failure and no values of the child before") {
    counted::alive = 0;
    family of(trying);
    of.child->renew(3);
    of.child->key = std::make_shared<std::string const>("before");
    of.make_value("seen");
    of.fail("used", "did not work");
    of.child->note_cancelled();
    of.child->clear();
    of.child->renew(4);
    CHECK(of.child->index == 4);
    CHECK(of.child->key == nullptr);
    CHECK(of.child->state() == task_state::succeeded);
    CHECK_FALSE(of.child->domain->cancelled());
    CHECK(of.child->outcome().is_canceled());
    CHECK(counted::alive == 0);
    frond::ready_tasks ready;
    of.child->needs.meet(of.run->spec("seen"), frond::trigger::ended, ready, false);
    CHECK(ready.count == 1);
}

TEST_CASE("a failure tells its place: the task, with its child's index, and the node") {
    family of;
    of.child->renew(3);
    error const told = of.fail("used", "did not work");
    CHECK(told.task() == "expand-thing.3.used");
    CHECK(told.node() == "used");
    CHECK(told.message() == "did not work");
}

TEST_CASE("a cancellation that a task gives of its own accord is a failure of it") {
    family of;
    auto const& spec = of.run->spec("used");
    error const told = of.child->fail(error::canceled(), &spec, &spec.steps.front());
    CHECK_FALSE(told.is_canceled());
    CHECK_FALSE(of.run->domain.outcome().is_canceled());
    CHECK(of.child->state() == task_state::failed);
}

TEST_CASE("the failure of one task of a child interrupts what another task of that child waits for") {
    family of(trying);
    frond::fiber waiting(of.run->home, [](frond::fiber&) noexcept {});
    frond::interruptible_wait wait;
    wait.domain = of.child->domain;
    wait.fiber = &waiting;
    of.run->room.enter(wait);
    of.fail("seen", "did not work");
    CHECK(waiting.cancel_requested());
    of.run->room.leave(wait);
    of.run->home.run();  // the interruption, which was posted, needs the fiber
}

TEST_CASE("a child's failure cancels the run, or the child alone where every collector takes results") {
    family whole;
    whole.fail("seen", "did not work");
    CHECK(whole.run->domain.cancelled());
    CHECK(whole.run->domain.outcome().message() == "did not work");

    family alone(trying);
    alone.fail("seen", "did not work");
    CHECK(alone.child->domain->cancelled());
    CHECK(alone.child->outcome().message() == "did not work");
    CHECK_FALSE(alone.run->domain.cancelled());
}

TEST_CASE("a run that fails cancels its children, also those whose failures are values") {
    family of(trying);
    of.run->root->fail(error(frond::errc::node_failed), nullptr, nullptr);
    CHECK(of.child->domain->cancelled());
    CHECK(of.child->state() == task_state::succeeded);
}

TEST_CASE("an instance has failed if a task of it has, was cancelled if one was, and else has succeeded") {
    family of;
    CHECK(of.child->state() == task_state::succeeded);
    of.child->note_cancelled();
    CHECK(of.child->state() == task_state::cancelled);
    of.fail("seen", "did not work");
    CHECK(of.child->state() == task_state::failed);
}

TEST_CASE("a child that was cancelled by the failure of a child of its own has failed, if its failure is a value") {
    for (auto const& plan_of : {plan, trying}) {
        family of(plan_of);
        auto const& part = of.run->spec("part");
        auto* const parts = new frond::expansion(*of.child, part);
        of.child->opened(*parts);
        owned_instance const inner(instance::make(*of.run, parts->scope, parts));
        auto const& piece = of.run->spec("piece");
        inner->fail(error(frond::errc::node_failed, "the inner one"), &piece, &piece.steps.front());
        of.child->note_cancelled();
        CHECK(of.child->state() == (plan_of == trying ? task_state::failed : task_state::cancelled));
        CHECK(of.child->domain->outcome().message() == "the inner one");
    }
}

TEST_CASE("a task's id has the index and the key of its child, and of each child around that") {
    family of;
    of.child->renew(3);
    of.child->key = std::make_shared<std::string const>("three");
    auto* const parts = new frond::expansion(*of.child, of.run->spec("part"));
    of.child->opened(*parts);
    owned_instance const inner(instance::make(*of.run, parts->scope, parts));
    inner->renew(5);
    auto const id = inner->id_of(of.run->spec("piece"));
    CHECK(id.indices() == std::vector<std::uint64_t>{3, 5});
    CHECK(id.key == nullptr);
    CHECK(id.enclosing->key.raw() == "three");
    CHECK(id.to_string() == "expand-thing.3[three].expand-part.5.piece");
    CHECK(of.child->id_of(of.run->spec("seen")).to_string() == "expand-thing.3[three].seen");
    CHECK(of.run->root->id_of(of.run->spec("things")).to_string() == "collect-things");
}

TEST_CASE("once the tasks that read an expansion's streams have ended, it is wanted no more; lists are not streams") {
    by_hand::noted_flow const flow;
    auto const streamed = frond::plan_for<first, second>(each_node).get();
    auto const run = fake_run::of(streamed, {.flow = flow});
    fake_expansion of(*run, "thing");
    run->root->abandon_streams(run->spec("first"));
    CHECK_FALSE(of.of.unwanted());
    run->root->abandon_streams(run->spec("first"));
    CHECK_FALSE(of.of.unwanted());
    run->root->abandon_streams(run->spec("second"));
    CHECK(of.of.unwanted());

    family listed;
    listed.run->root->abandon_streams(listed.run->spec("things"));
    CHECK_FALSE(listed.things.of.unwanted());
}
