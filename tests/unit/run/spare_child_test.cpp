// The instance that a lane keeps for its next child: which child owns it, and that it keeps nothing of the child before.
#include "run/spare_child.hpp"
#include "catch.hpp"
#include "fake_run.hpp"
#include "run/child_notes.hpp"

#include "frond/frond.hpp"

#include <memory>
#include <new>
#include <string>

using by_hand::counted;
using by_hand::fake_expansion;
using by_hand::fake_run;
using frond::async;
using frond::expander;
using frond::in;

namespace spare_child_test {

expander<counted> thing() { co_yield counted(); }
async<int> coroutine(in<thing>) { co_return 1; }
int things(frond::all<coroutine> of) { return static_cast<int>(of.size()); }

struct lane {
    lane() { counted::alive = 0; }
    ~lane() { batch.destroy_rest(); }

    // The batch has one more child, perhaps with a key.
    void get(char const* key = nullptr) {
        ::new (batch.parameter(batch.count)) counted();
        if (key != nullptr) batch.keys.push_back({batch.count, std::make_shared<std::string const>(key)});
        ++batch.count;
    }

    std::shared_ptr<fake_run> run = fake_run::of(frond::plan_for<things>().get());
    fake_expansion expansion{*run, "thing"};
    frond::child_batch batch{*expansion.of.scope.parameter, 8};
    frond::child_notes notes{expansion.of};
    frond::spare_child spare{expansion.of, notes};
};

}  // namespace spare_child_test

using namespace spare_child_test;

TEST_CASE("an instance serves one child after the other, and a child that goes on by itself keeps it") {
    lane of;
    REQUIRE(of.spare.make());
    frond::instance& first = *of.spare;
    REQUIRE(of.spare.make());
    CHECK(&*of.spare == &first);
    CHECK(of.spare.context.in == &first);

    of.spare.leave();
    REQUIRE(of.spare.make());
    CHECK(&*of.spare != &first);
    CHECK(of.spare.context.in == &*of.spare);
    first.destroy();
}

TEST_CASE("a task of a single coroutine goes with its child, and the next child gets another one") {
    lane of;
    REQUIRE(of.spare.make_with_task());
    frond::task_run& task = of.spare.task();
    frond::instance& child = *of.spare;
    CHECK(&task.in == &child);
    REQUIRE(of.spare.make_with_task());
    CHECK(&of.spare.task() == &task);

    REQUIRE(&of.spare.leave_with_task() == &task);
    REQUIRE(of.spare.make_with_task());
    CHECK(&of.spare.task() != &task);
    CHECK(&of.spare.task().in == &*of.spare);
    delete &task;
    child.destroy();
}

TEST_CASE("a parameter moves from the batch into the child, and exists once") {
    lane of;
    of.get();
    of.get();
    REQUIRE(of.spare.make());
    of.spare.take_parameter(of.batch);
    CHECK(of.batch.position == 1);
    CHECK(of.spare->parameter_made);
    CHECK(counted::alive == 2);
    of.spare->clear();
    CHECK(counted::alive == 1);
}

TEST_CASE("a child has its own key, or none, whatever key the child before had") {
    lane of;
    of.get("first");
    of.get();
    REQUIRE(of.spare.make());
    of.spare.name(of.batch, 0);
    CHECK(of.spare->key.raw() == "first");
    of.spare.name(of.batch, 1);
    CHECK(of.spare->key == nullptr);

    of.spare.name(of.batch, 0);
    of.batch.keys.clear();  // the next batch has no keys at all
    of.spare.name(of.batch, 0);
    CHECK(of.spare->key == nullptr);
}
