// What hooks are told of a task by itself.
#include "run/task_news.hpp"
#include "catch.hpp"
#include "fake_run.hpp"

#include "frond/frond.hpp"

#include <memory>
#include <optional>
#include <string>

using by_hand::fake_expansion;
using by_hand::fake_run;
using frond::hook_moment;
using frond::in;
using frond::task_state;

namespace task_news_test {

frond::expander<int> thing() { co_yield 1; }
int twice(in<thing> of) { return 2 * *of; }
int things(frond::all<twice> of) { return static_cast<int>(of.size()); }

struct noting {
    std::string seen{};
    void before_task(frond::task_event const& event) { note("begins", event); }
    void after_return(frond::task_event const& event) { note(to_string(event.state), event); }
    void note(std::string_view what, frond::task_event const& event) {
        seen.append(seen.empty() ? "" : ", ").append(event.id.to_string()).append(" ").append(what);
        if (event.total) seen += " of " + std::to_string(*event.total);
        if (event.failure) seen.append(": ").append(event.failure->message());
    }
};

struct told {
    told() { child->renew(3); }
    ~told() {
        expansion.finish();
        run->end_news();
    }
    std::string seen() {
        run->home.run();
        return hook.seen;
    }

    noting hook;
    by_hand::noted_flow flow;
    std::shared_ptr<fake_run> run =
        fake_run::of(frond::plan_for<things>().get(), {.flow = flow, .hooks = {frond::any_hook(hook)}});
    fake_expansion expansion{*run, "thing"};
    by_hand::owned_instance child{frond::instance::make(*run, expansion.of.scope, &expansion.of)};
    frond::task_spec const& spec = run->spec("twice");
};

}  // namespace task_news_test

using namespace task_news_test;

TEST_CASE("a task is told with its place, and with the number of its siblings once that is known") {
    told of;
    frond::tell_task(*of.child, of.spec, hook_moment::before_task, task_state::running);
    of.expansion.of.know_total(9);
    frond::tell_task(*of.child, of.spec, hook_moment::before_task, task_state::running);
    frond::tell_task(*of.run->root, of.run->spec("things"), hook_moment::before_task, task_state::running);
    std::string const name = "expand-thing.3." + of.spec.name;
    CHECK(of.seen() == name + " begins, " + name + " begins of 9, collect-things begins");
}

TEST_CASE("the end of a task is told with its state, and why it failed") {
    told of;
    frond::tell_end(*of.child, of.spec, task_state::cancelled, hook_moment::after_return);
    auto const why = frond::task_end::failed(frond::error(frond::errc::node_failed, "did not work"));
    frond::tell_end(*of.child, of.spec, why, hook_moment::after_return);
    std::string const name = "expand-thing.3." + of.spec.name;
    CHECK(of.seen() == name + " cancelled, " + name + " failed: did not work");
}

TEST_CASE("a moment to which nobody listens is told to none") {
    told of;
    frond::tell_task(*of.child, of.spec, hook_moment::before_submission, task_state::running);
    frond::tell_end(*of.child, of.spec, task_state::succeeded, hook_moment::after_task);
    CHECK(of.seen().empty());
}

TEST_CASE("the event that interceptors are given tells the task, its depth, and how many of its like there are") {
    told of;
    of.run->counts.children_yielded(of.expansion.of.scope, 4);
    of.expansion.of.know_total(4);
    auto const event = frond::event_of(*of.child, of.spec);
    CHECK(event.run_id == of.run->id);
    CHECK(event.id.to_string() == "expand-thing.3." + of.spec.name);
    CHECK(event.total == 4U);
    CHECK(event.depth == 1);
    CHECK(event.so_far.yielded == 4);
    CHECK(event.time == of.run->hours.now());
    CHECK(event.state == task_state::running);
    CHECK(frond::event_of(*of.run->root, of.run->spec("things")).depth == 0);
}
