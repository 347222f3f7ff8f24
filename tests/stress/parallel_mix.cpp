// Different kinds of work that need each other on two threads: nodes, children, woken coroutines, collectors and expanders.
#include "hosts.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace {

using namespace std::chrono_literals;
using stress::compute_and_join;
using stress::gathering;
using stress::host;
using stress::meeting;

using meeting_place = frond::input<"meeting", meeting&>;

/// Suspends the caller on a timer: what comes after it runs in a coroutine that was woken.
frond::async<void> be_woken() {
    frond::net::steady_timer timer(co_await frond::this_executor, 1ms);
    co_await timer.async_wait(frond::use_async);
}
/// The same on an operation that ends at once, somewhere in the executor's queue.
frond::async<void> be_posted() {
    auto const on = co_await frond::this_executor;
    co_await frond::net::post(on, frond::use_async);
}

frond::async<long> woken_and_joined(meeting& at) {
    co_await be_woken();
    compute_and_join(at);
    co_return 1;
}
frond::async<long> posted_and_joined(meeting& at) {
    co_await be_posted();
    compute_and_join(at);
    co_return 1;
}

/// Runs a typed plan of two parties, made anew for each run.
template <auto Wanted, class... A>
void typed_parties_meet(unsigned meetings, frond::basic_options<frond::detail::types<>, frond::detail::types<>> options,
                        A... arguments) {
    stress::require_to_meet(gathering{.threads = 2, .meetings = meetings}, [&](host& on, meeting& at) {
        return on.run(frond::plan_for<Wanted>(options), frond::arg<"meeting">(at), arguments...).has_value();
    });
}
template <auto Wanted>
void typed_parties_meet(unsigned meetings = 1) {
    typed_parties_meet<Wanted>(meetings, frond::options());
}

/// Runs a plan of a graph made at run time, made anew for each run, on as many threads as it has parties.
template <class Make>
void run_time_parties_meet(gathering const& asked, Make const& make) {
    stress::require_to_meet(
        asked, [&](host& on, meeting& at) { return on.run(make(), frond::arg("meeting", std::ref(at))).has_value(); });
}

frond::graph_builder with_meeting() {
    frond::graph_builder made;
    made.input<meeting&>("meeting");
    return made;
}

namespace expansion_beside_node {

frond::expander<int> item() { co_yield 0; }
long plain(frond::in<item>, meeting_place at) { return compute_and_join(*at), 1; }
frond::async<long> woken(frond::in<item>, meeting_place at) { return woken_and_joined(*at); }
long node(meeting_place at) { return compute_and_join(*at), 1; }
long node_and_plain(frond::in<node> value, frond::all<plain> values) { return *value + values[0]; }
long node_and_woken(frond::in<node> value, frond::all<woken> values) { return *value + values[0]; }

frond::named_plan run_time() {
    auto made = with_meeting();
    made.add("item", []() -> frond::expander<int> { co_yield 0; });
    made.add("child", [](frond::value<int>, frond::reference<meeting> at) -> long { return compute_and_join(*at), 1; },
             {"item", "meeting"});
    made.add("sum", [](frond::list<long> values) { return values[0]; }, {"child"});
    made.add("node", [](frond::reference<meeting> at) -> long { return compute_and_join(*at), 1; }, {"meeting"});
    return stress::plan_of(std::move(made), {"sum", "node"});
}

}  // namespace expansion_beside_node

namespace woken_nodes {

frond::async<long> a(meeting_place at) { return woken_and_joined(*at); }
frond::async<long> b(meeting_place at) { return woken_and_joined(*at); }
frond::async<long> c(meeting_place at) { return posted_and_joined(*at); }
frond::async<long> d(meeting_place at) { return posted_and_joined(*at); }
long plain(meeting_place at) { return compute_and_join(*at), 1; }

long by_timers(frond::in<a> first, frond::in<b> second) { return *first + *second; }
long by_posts(frond::in<c> first, frond::in<d> second) { return *first + *second; }
long beside_plain(frond::in<a> first, frond::in<plain> second) { return *first + *second; }
long posted_beside_plain(frond::in<plain> first, frond::in<c> second) { return *first + *second; }

frond::async<long> first() {
    co_await be_woken();
    co_return 1;
}
long left(frond::in<first> before, meeting_place at) { return compute_and_join(*at), *before; }
long right(frond::in<first> before, meeting_place at) { return compute_and_join(*at), *before; }
long made_ready(frond::in<left> a_value, frond::in<right> b_value) { return *a_value + *b_value; }

frond::named_plan run_time() {
    auto made = with_meeting();
    made.add("a", [](frond::reference<meeting> at) { return woken_and_joined(*at); }, {"meeting"});
    made.add("b", [](frond::reference<meeting> at) { return posted_and_joined(*at); }, {"meeting"});
    return stress::plan_of(std::move(made), {"a", "b"});
}

}  // namespace woken_nodes

namespace woken_children {

frond::expander<int> item(frond::input<"children", int> count) {
    for (int i = 0; i < *count; ++i) co_yield i;
}
frond::async<long> woken(frond::in<item>, meeting_place at) { return woken_and_joined(*at); }
frond::async<long> posted(frond::in<item>, meeting_place at) { return posted_and_joined(*at); }
frond::async<long> some_woken(frond::in<item> number, meeting_place at) {
    if (*number % 2 == 0) co_await be_woken();
    compute_and_join(*at);
    co_return 1;
}
long of_woken(frond::all<woken> values) { return static_cast<long>(values.size()); }
long of_posted(frond::all<posted> values) { return static_cast<long>(values.size()); }
frond::async<long> of_some_woken(frond::each<some_woken> values) {
    long count = 0;
    while (co_await values.next()) ++count;
    co_return count;
}

frond::named_plan run_time(unsigned children) {
    auto made = with_meeting();
    made.add("item", [children]() -> frond::expander<int> {
        for (unsigned i = 0; i < children; ++i) co_yield static_cast<int>(i);
    });
    made.add("child", [](frond::value<int>, frond::reference<meeting> at) { return woken_and_joined(*at); },
             {"item", "meeting"});
    made.add("sum", [](frond::list<long> values) { return static_cast<long>(values.size()); }, {"child"});
    return stress::plan_of(std::move(made), {"sum"});
}

}  // namespace woken_children

namespace slow_collectors {

frond::expander<int> item(frond::input<"children", int> count) {
    for (int i = 0; i < *count; ++i) co_yield i;
}
/// Meets the collector, but for the child that runs first, whose value is what the collector begins with. That is not always the
/// one that was yielded first: another one may be quicker to get the only slot.
long child(frond::in<item> number, meeting_place at) {
    stress::compute();
    if (!(*at).is_first()) (*at).join();
    return *number;
}
frond::async<long> joined_at_each(frond::each<child> values, meeting_place at, frond::input<"children", int> count) {
    long read = 0;
    while (co_await values.next()) {
        if (++read < *count) compute_and_join(*at);
    }
    co_return read;
}

long last_joins(frond::in<item> number, meeting_place at, frond::input<"children", int> count) {
    stress::compute();
    if (*number == *count - 1) (*at).join();
    return *number;
}
frond::async<long> joined_once(frond::each<last_joins> values, meeting_place at) {
    long read = 0;
    while (co_await values.next()) {
        if (++read == 1) (*at).join();
    }
    co_return read;
}

frond::named_plan run_time(int children) {
    auto made = with_meeting();
    made.add("item", [children]() -> frond::expander<int> {
        for (int i = 0; i < children; ++i) co_yield i;
    });
    made.add("child",
             [](frond::value<int> number, frond::reference<meeting> at) -> long {
                 stress::compute();
                 if (!(*at).is_first()) (*at).join();
                 return *number;
             },
             {"item", "meeting"});
    made.add("sum",
             [children](frond::stream<long> values, frond::reference<meeting> at) -> frond::async<long> {
                 long read = 0;
                 while (co_await values.next()) {
                     if (++read < children) compute_and_join(*at);
                 }
                 co_return read;
             },
             {"child", "meeting"});
    frond::plan_options options;
    options.limit = 1;  // or two children could meet each other
    return stress::plan_of(std::move(made), {"sum"}, options);
}

}  // namespace slow_collectors

namespace slow_expanders {

/// After each yield it computes until the child that it has yielded is inside its body.
frond::expander<int> computing(frond::input<"children", int> count, meeting_place at) {
    for (int i = 0; i < *count; ++i) {
        co_yield i;
        compute_and_join(*at);
    }
}
frond::expander<int> woken(frond::input<"children", int> count, meeting_place at) {
    for (int i = 0; i < *count; ++i) {
        co_await be_woken();
        co_yield i;
        compute_and_join(*at);
    }
}
long child_of_computing(frond::in<computing>, meeting_place at) { return compute_and_join(*at), 1; }
frond::async<long> child_of_woken(frond::in<woken>, meeting_place at) { co_return (compute_and_join(*at), 1); }
long of_computing(frond::all<child_of_computing> values) { return static_cast<long>(values.size()); }
frond::async<long> of_woken(frond::each<child_of_woken> values) {
    long count = 0;
    while (co_await values.next()) ++count;
    co_return count;
}

frond::named_plan run_time(int children) {
    auto made = with_meeting();
    made.add("item",
             [children](frond::reference<meeting> at) -> frond::expander<int> {
                 for (int i = 0; i < children; ++i) {
                     co_yield i;
                     compute_and_join(*at);
                 }
             },
             {"meeting"});
    made.add("child", [](frond::value<int>, frond::reference<meeting> at) -> long { return compute_and_join(*at), 1; },
             {"item", "meeting"});
    made.add("sum", [](frond::list<long> values) { return static_cast<long>(values.size()); }, {"child"});
    return stress::plan_of(std::move(made), {"sum"});
}

}  // namespace slow_expanders

}  // namespace

TEST_CASE("a child of an independent expansion runs while a node computes") {
    using namespace expansion_beside_node;
    typed_parties_meet<node_and_plain>();
    typed_parties_meet<node_and_woken>();
    run_time_parties_meet({.threads = 2}, run_time);
}

TEST_CASE("nodes that were woken and compute run at once") {
    using namespace woken_nodes;
    typed_parties_meet<by_timers>();
    typed_parties_meet<by_posts>();
    run_time_parties_meet({.threads = 2}, run_time);
}

TEST_CASE("a node that was woken runs while another one computes") {
    typed_parties_meet<woken_nodes::beside_plain>();
    typed_parties_meet<woken_nodes::posted_beside_plain>();
}

TEST_CASE("nodes that a woken node has made ready run at once") { typed_parties_meet<woken_nodes::made_ready>(); }

TEST_CASE("children that were woken and compute run at once") {
    using namespace woken_children;
    typed_parties_meet<of_woken>(1, frond::options(), frond::arg<"children">(2));
    typed_parties_meet<of_posted>(1, frond::options(), frond::arg<"children">(2));
    typed_parties_meet<of_woken>(3, frond::options(), frond::arg<"children">(6));
    for (unsigned const threads : {2U, 4U}) {
        run_time_parties_meet({.threads = threads}, [threads] { return run_time(threads); });
    }
}

TEST_CASE("a child that was woken runs while another child computes") {
    typed_parties_meet<woken_children::of_some_woken>(1, frond::options(), frond::arg<"children">(2));
}

TEST_CASE("a child runs while the collector of its expansion computes") {
    using namespace slow_collectors;
    // One child at a time, or two children could meet each other.
    typed_parties_meet<joined_at_each>(1, frond::options().limit(1), frond::arg<"children">(2));
    typed_parties_meet<joined_at_each>(3, frond::options().limit(1), frond::arg<"children">(4));
    run_time_parties_meet({.threads = 2, .meetings = 3}, [] { return run_time(4); });
}

TEST_CASE("all other children run while a collector is busy with the first one") {
    typed_parties_meet<slow_collectors::joined_once>(1, frond::options(), frond::arg<"children">(8));
}

TEST_CASE("a child runs while its expander computes before the next one") {
    using namespace slow_expanders;
    typed_parties_meet<of_computing>(1, frond::options(), frond::arg<"children">(1));
    typed_parties_meet<of_computing>(4, frond::options(), frond::arg<"children">(4));
    run_time_parties_meet({.threads = 2, .meetings = 4}, [] { return run_time(4); });
}

TEST_CASE("a child runs while its expander, which was woken, computes before the next one") {
    typed_parties_meet<slow_expanders::of_woken>(1, frond::options(), frond::arg<"children">(1));
    typed_parties_meet<slow_expanders::of_woken>(4, frond::options(), frond::arg<"children">(4));
}
