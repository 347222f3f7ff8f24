// What hooks are told of a lane's children, from what the lane has noted.
#include "run/child_notes.hpp"
#include "catch.hpp"
#include "fake_run.hpp"

#include "frond/frond.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

using by_hand::fake_expansion;
using by_hand::fake_run;
using frond::hook_moment;
using frond::task_state;

namespace child_notes_test {

frond::expander<int> thing() { co_yield 1; }
int twice(frond::in<thing> of) { return 2 * *of; }
int things(frond::all<twice> of) { return static_cast<int>(of.size()); }

// "b3@2 e3@4": child 3 began when the clock stood at 2, and ended at 4; "f3": it failed.
struct noting {
    bool coarse = false;
    std::string seen{};
    frond::time_point start{};
    frond::observer_policy policy() const { return coarse ? frond::every().coarse_time() : frond::every(); }
    void before_task(frond::task_event const& event) { note("b", event); }
    void after_task(frond::task_event const& event) {
        note(event.state == task_state::succeeded ? "e" : event.failure ? "f" : "?", event);
    }
    void note(std::string what, frond::task_event const& event) {
        what += std::to_string(*event.index());
        if (!event.key().empty()) what += "[" + event.key() + "]";
        what += "@" + std::to_string((event.time - start) / std::chrono::microseconds(1));
        seen.append(seen.empty() ? "" : " ").append(what);
    }
};

// Every moment that a child's only task has, each as a letter.
struct every_moment {
    std::string seen{};
    void before_submission(frond::task_event const&) { seen += 's'; }
    void before_task(frond::task_event const&) { seen += 't'; }
    void before_node(frond::node_event const&) { seen += 'n'; }
    void after_node(frond::node_event const&) { seen += 'N'; }
    void after_task(frond::task_event const&) { seen += 'T'; }
    void after_return(frond::task_event const&) { seen += 'S'; }
};

struct yields {
    bool copies = false;
    std::string seen{};
    frond::observer_policy policy() const { return copies ? frond::every().with_parameters() : frond::every(); }
    void on_yield(frond::yield_event const& event) {
        seen += std::to_string(event.index);
        if (event.key != nullptr) seen += "[" + event.key.to_string() + "]";
        if (auto const* const copy = event.parameter.as<int>()) seen += "=" + std::to_string(*copy);
        seen += " ";
    }
};

// A lane's notes, for children whose one task has one node.
template <class Hook>
struct notes_for {
    explicit notes_for(Hook how = {}) : hook(how) {
        if constexpr (requires { hook.start; }) hook.start = run->hours.now();
    }
    ~notes_for() {
        expansion.finish();
        run->end_news();
    }

    frond::instance& child(std::uint64_t index) {
        made->index = index;
        return *made;
    }
    void pass() { run->hours.pass(std::chrono::microseconds(1)); }
    // It ends well, a microsecond later.
    void end_gathered(std::uint64_t index) {
        pass();
        notes.end_gathered(child(index));
    }
    void fail_gathered(std::uint64_t index) {
        pass();
        frond::error const why(frond::errc::node_failed);
        notes.set_apart(child(index));
        notes.stamp();
        notes.note(*made, task, hook_moment::after_node, task_state::failed, &why, expansion.of.scope.single);
        notes.end(*made, task, task_state::failed, &why);
        notes.gather_again(index + 1);
    }
    std::string told() {
        notes.tell();
        run->home.run();
        return hook.seen;
    }

    Hook hook;
    by_hand::noted_flow flow;
    std::shared_ptr<fake_run> run =
        fake_run::of(frond::plan_for<things>().get(), {.flow = flow, .hooks = {frond::any_hook(hook)}});
    fake_expansion expansion{*run, "thing"};
    by_hand::owned_instance made{frond::instance::make(*run, expansion.of.scope, &expansion.of)};
    frond::task_spec const& task = run->spec("twice");
    frond::child_notes notes{expansion.of};
};

}  // namespace child_notes_test

using namespace child_notes_test;

TEST_CASE("children that are gathered are told one by one, each from the end of the one before to its own") {
    notes_for<noting> of;
    of.notes.stamp_begin();
    of.notes.gather(5);
    of.end_gathered(5);
    of.end_gathered(6);
    of.end_gathered(7);
    of.notes.stop_gathering(8);
    of.run->home.run();
    CHECK(of.hook.seen.empty());  // held back until they are handed over
    CHECK(of.told() == "b5@0 e5@1 b6@1 e6@2 b7@2 e7@3");
}

TEST_CASE("where no hook wants each task's own time, the clock is not read for each") {
    notes_for<noting> of({.coarse = true});
    of.notes.stamp_begin();
    of.notes.gather(0);
    of.end_gathered(0);
    of.end_gathered(1);
    of.notes.stop_gathering(2);
    CHECK(of.told() == "b0@0 e0@0 b1@0 e1@0");
}

TEST_CASE("a child that fails among gathered ones is told apart, in its place, and each child once") {
    notes_for<noting> of;
    of.notes.stamp_begin();
    of.notes.gather(0);
    of.end_gathered(0);
    of.end_gathered(1);
    of.fail_gathered(2);
    of.fail_gathered(3);
    of.end_gathered(4);
    of.notes.stop_gathering(5);
    CHECK(of.told() == "b0@0 e0@1 b1@1 e1@2 b2@2 f2@3 b3@3 f3@4 b4@4 e4@5");
}

TEST_CASE("a child that tells of itself from inside is seen to have begun, and its end is told once, later") {
    notes_for<noting> of;
    of.notes.stamp_begin();
    of.notes.gather(0);
    of.end_gathered(0);
    of.pass();
    of.notes.tell_from_inside(of.child(1));
    of.run->home.run();
    CHECK(of.hook.seen == "b0@0 e0@1 b1@1");
    of.notes.tell_from_inside(of.child(1));
    of.run->home.run();
    CHECK(of.hook.seen == "b0@0 e0@1 b1@1");
    of.notes.end_gathered(of.child(1));
    of.end_gathered(2);
    of.notes.stop_gathering(3);
    CHECK(of.told() == "b0@0 e0@1 b1@1 e1@2 b2@2 e2@3");
}

TEST_CASE("each moment of a task is told once and in order, whether its child is gathered or apart, or fails") {
    notes_for<every_moment> of;
    of.notes.gather(0);
    of.end_gathered(0);
    of.notes.tell_from_inside(of.child(1));
    of.end_gathered(1);
    of.fail_gathered(2);
    of.end_gathered(3);
    of.notes.stop_gathering(4);
    CHECK(of.told() == "stnNTSstnNTSstnNTSstnNTS");
}

TEST_CASE("children that are noted one by one are told as they were noted, with their keys") {
    notes_for<noting> of;
    of.notes.stamp_begin();
    of.made->key = std::make_shared<std::string const>("a");
    of.notes.begin(of.child(0), of.task);
    of.pass();
    of.notes.end(of.child(0), of.task, task_state::succeeded);
    of.made->key.reset();
    of.notes.begin(of.child(1), of.task);
    CHECK(of.told() == "b0[a]@0 e0[a]@1 b1@1");
}

TEST_CASE("children are told as yielded at once, with keys, and with parameters for a hook that asks for copies") {
    for (bool const copies : {false, true}) {
        notes_for<yields> of({.copies = copies});
        by_hand::puller lane(of.expansion.of);
        for (int i = 0; i < 2; ++i) ::new (lane.batch.parameter(static_cast<unsigned>(i))) int(10 + i);
        lane.got(3, 2);
        lane.batch.keys.push_back({1, std::make_shared<std::string const>("b")});
        of.notes.yielded(lane.batch);
        of.run->home.run();
        CHECK(of.hook.seen == (copies ? "3=10 4[b]=11 " : "3 4[b] "));
    }
}

TEST_CASE("a hook that listens to no task is told of none, gathered or not") {
    notes_for<yields> of;
    of.notes.stamp_begin();
    of.notes.gather(0);
    of.end_gathered(0);
    of.fail_gathered(1);
    of.notes.stop_gathering(2);
    CHECK(of.told().empty());
}
