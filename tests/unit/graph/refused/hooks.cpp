// Hooks that are none, one for each CASE; case 0 is right. refused.py compiles each and looks for the message.
#include "frond/graph/graph_builder.hpp"
#include "frond/run/interceptor.hpp"
#include "frond/run/named_plan.hpp"
#include "frond/run/typed_plan.hpp"

#include <memory>

namespace {

int one() { return 1; }

struct listener {
#if CASE == 0
    frond::observer_policy policy() { return frond::latest(std::chrono::seconds(1)); }
    void on_sample(frond::progress const&) {}
    void after_task(auto const&) {}
    frond::async<void> after_node(frond::node_event const&) { co_return; }
    frond::async<void> around_node(frond::node_call& call) { co_await call.next(); }
#elif CASE == 1
    void after_task(frond::node_event const&) {}
#elif CASE == 2
    void before_task(frond::task_event&) {}
#elif CASE == 3
    frond::observer_policy policy() { return frond::latest(std::chrono::seconds(1)); }
    void on_sample() {}
#elif CASE == 4
    int after_task(frond::task_event const&) { return 1; }
#elif CASE == 5
    int policy() { return 1; }
    void after_task(frond::task_event const&) {}
#elif CASE == 6
    void around_node(frond::node_call&) {}
#elif CASE == 7
    frond::async<void> around_task(frond::node_call&) { co_return; }
#elif CASE == 8
    void on_sample(frond::progress const&) {}
#else  // beside a method that is right
    void before_task(frond::task_event const&) {}
    void after_task(frond::run_event const&) {}
#endif
};

void handed_over() {
    auto const owned = std::make_shared<listener>();
#if CASE == 10
    static_cast<void>(frond::plan_for<one>().prepare(owned));
#elif CASE == 11
    static_cast<void>(frond::plan_for(frond::graph_builder().build().value(), frond::plan_options()).prepare(owned));
#else
    static_cast<void>(frond::plan_for<one>().prepare(*owned));
#endif
}

}  // namespace
