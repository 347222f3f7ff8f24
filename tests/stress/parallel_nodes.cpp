// Independent nodes that need each other on threads of their own: outside expansions, within a child, and across nested ones.
#include "hosts.hpp"

#include <atomic>
#include <cstddef>
#include <string>
#include <vector>

namespace {

using stress::compute_and_join;
using stress::gathering;
using stress::host;
using stress::meeting;

using meeting_place = frond::input<"meeting", meeting&>;

namespace outside {

long a(meeting_place at) { return compute_and_join(*at), 1; }
long b(meeting_place at) { return compute_and_join(*at), 1; }
frond::async<long> c(meeting_place at) { co_return (compute_and_join(*at), 1); }
frond::async<long> d(meeting_place at) { co_return (compute_and_join(*at), 1); }

long two_plain(frond::in<a> first, frond::in<b> second) { return *first + *second; }
long two_coroutines(frond::in<c> first, frond::in<d> second) { return *first + *second; }
long plain_and_coroutine(frond::in<a> first, frond::in<c> second) { return *first + *second; }
long four(frond::in<a> first, frond::in<b> second, frond::in<c> third, frond::in<d> fourth) {
    return *first + *second + *third + *fourth;
}

}  // namespace outside

template <auto Wanted>
void nodes_meet(unsigned threads) {
    stress::require_to_meet(gathering{.threads = threads}, [&](host& on, meeting& at) {
        auto const sum = on.run(frond::plan_for<Wanted>(), frond::arg<"meeting">(at));
        return sum && sum.value() == threads;
    });
}

struct node_options {
    unsigned nodes = 0;
    bool coroutines = false;
};

/// Independent nodes, all of which are wanted.
frond::named_plan independent_nodes(node_options const& how) {
    frond::graph_builder made;
    made.input<meeting&>("meeting");
    std::vector<std::string> names;
    for (unsigned i = 0; i < how.nodes; ++i) {
        names.push_back("node_" + std::to_string(i));
        if (how.coroutines) {
            made.add(names.back(),
                     [](frond::reference<meeting> at) -> frond::async<long> { co_return (compute_and_join(*at), 1); },
                     {"meeting"});
        } else {
            made.add(names.back(), [](frond::reference<meeting> at) -> long { return compute_and_join(*at), 1; },
                     {"meeting"});
        }
    }
    return stress::plan_of(std::move(made), std::move(names));
}

namespace inside {

frond::expander<int> item(frond::input<"children", int> count) {
    for (int i = 0; i < *count; ++i) co_yield i;
}
long a(frond::in<item>, meeting_place at) { return compute_and_join(*at), 1; }
long b(frond::in<item>, meeting_place at) { return compute_and_join(*at), 1; }
frond::async<long> c(frond::in<item>, meeting_place at) { co_return (compute_and_join(*at), 1); }
frond::async<long> d(frond::in<item>, meeting_place at) { co_return (compute_and_join(*at), 1); }

long both(frond::in<a> first, frond::in<b> second) { return *first + *second; }
long plain_and_coroutine(frond::in<a> first, frond::in<c> second) { return *first + *second; }
long all_four(frond::in<a> first, frond::in<b> second, frond::in<c> third, frond::in<d> fourth) {
    return *first + *second + *third + *fourth;
}

long of_both(frond::all<both> sums) { return static_cast<long>(sums.size()); }
long of_plain_and_coroutine(frond::all<plain_and_coroutine> sums) { return static_cast<long>(sums.size()); }
frond::async<long> of_all_four(frond::each<all_four> sums) {
    long count = 0;
    while (co_await sums.next()) ++count;
    co_return count;
}

}  // namespace inside

std::string name_of_node(frond::node const& of) { return of.name; }

template <auto Wanted>
void nodes_of_a_child_meet(unsigned threads) {
    // A single child; then several, whose nodes are as many parties each.
    for (int const children : {1, 3}) {
        auto const asked = gathering{.threads = threads, .meetings = static_cast<unsigned>(children)};
        auto const meet_with = [&](auto const& options) {
            stress::require_to_meet(asked, [&](host& on, meeting& at) {
                auto const count = on.run(frond::plan_for<Wanted>(options), frond::arg<"meeting">(at),
                                          frond::arg<"children">(children));
                return count && count.value() == children;
            });
        };
        // One child at a time, or nodes of two children could meet each other and leave a third one alone.
        meet_with(frond::options().limit<inside::item>(1).grouping(frond::grouping::each_node));
        meet_with(frond::options().limit<inside::item>(1).grouping(name_of_node));
    }
}

/// A child with independent nodes; their sum is wanted of all children.
frond::named_plan nodes_of_one_child(node_options const& how, frond::grouping grouping) {
    frond::graph_builder made;
    made.input<meeting&>("meeting");
    made.add("item", []() -> frond::expander<int> { co_yield 0; });
    std::vector<frond::parameter_source> sources;
    for (unsigned i = 0; i < how.nodes; ++i) {
        auto const name = "node_" + std::to_string(i);
        sources.emplace_back(name);
        if (how.coroutines) {
            made.add(name,
                     [](frond::value<int>, frond::reference<meeting> at) -> frond::async<long> {
                         co_return (compute_and_join(*at), 1);
                     },
                     {"item", "meeting"});
        } else {
            made.add(name,
                     [](frond::value<int>, frond::reference<meeting> at) -> long { return compute_and_join(*at), 1; },
                     {"item", "meeting"});
        }
    }
    if (how.nodes == 2) {
        made.add("child", [](frond::value<long> a, frond::value<long> b) { return *a + *b; }, std::move(sources));
    } else {
        made.add(
            "child",
            [](frond::value<long> a, frond::value<long> b, frond::value<long> c, frond::value<long> d) {
                return *a + *b + *c + *d;
            },
            std::move(sources));
    }
    made.add("total", [](frond::list<long> sums) { return sums[0]; }, {"child"});
    frond::plan_options options;
    options.grouping = grouping;
    return stress::plan_of(std::move(made), {"total"}, options);
}

namespace ordered {

/// Whether nodes of a child have ever run at once.
struct watch {
    std::atomic<int> inside{0};  // bodies; a body that finds another one inside sets `overlapped`
    std::atomic<bool> overlapped{false};

    int body() {
        if (inside.fetch_add(1) != 0) overlapped = true;
        stress::compute();
        inside.fetch_sub(1);
        return 1;
    }
};
using watched = frond::input<"watch", watch&>;

frond::expander<int> item() { co_yield 0; }
int a(frond::in<item>, watched by) { return (*by).body(); }
int b(frond::in<item>, watched by) { return (*by).body(); }
frond::async<int> c(frond::in<item>, watched by) { co_return (*by).body(); }
int sum(frond::in<a> first, frond::in<b> second, frond::in<c> third) { return *first + *second + *third; }
int total(frond::all<sum> sums) { return sums[0]; }

}  // namespace ordered

namespace nested {

frond::expander<int> outer(frond::input<"outer", int> count) {
    for (int i = 0; i < *count; ++i) co_yield i;
}
frond::expander<int> inner(frond::in<outer>, frond::input<"inner", int> count) {
    for (int i = 0; i < *count; ++i) co_yield i;
}
long plain(frond::in<inner>, meeting_place at) { return compute_and_join(*at), 1; }
frond::async<long> coroutine(frond::in<inner>, meeting_place at) { co_return (compute_and_join(*at), 1); }
frond::async<long> stream_of_outer(frond::each<plain> values) {
    long sum = 0;
    while (auto const next = co_await values.next()) sum += *next;
    co_return sum;
}
long list_of_outer(frond::all<coroutine> values) { return static_cast<long>(values.size()); }
frond::async<long> streamed(frond::each<stream_of_outer> values) {
    long sum = 0;
    while (auto const next = co_await values.next()) sum += *next;
    co_return sum;
}
long listed(frond::all<list_of_outer> values) {
    long sum = 0;
    for (long const each : values) sum += each;
    return sum;
}

}  // namespace nested

struct nested_options {
    unsigned threads = 4;
    int outer = 2;
    int inner = 2;
    unsigned meetings = 1;  // outer * inner / threads
};

frond::named_plan nested_plan(nested_options const& how) {
    frond::graph_builder made;
    made.input<meeting&>("meeting");
    made.add("outer", [count = how.outer]() -> frond::expander<int> {
        for (int i = 0; i < count; ++i) co_yield i;
    });
    made.add("inner",
             [count = how.inner](frond::value<int>) -> frond::expander<int> {
                 for (int i = 0; i < count; ++i) co_yield i;
             },
             {"outer"});
    made.add("met", [](frond::value<int>, frond::reference<meeting> at) -> long { return compute_and_join(*at), 1; },
             {"inner", "meeting"});
    auto const sum = [](frond::stream<long> values) -> frond::async<long> {
        long made_of_all = 0;
        while (auto const next = co_await values.next()) made_of_all += *next;
        co_return made_of_all;
    };
    made.add("of_outer", sum, {"met"});
    made.add("total", sum, {"of_outer"});
    return stress::plan_of(std::move(made), {"total"});
}

void nested_children_meet(nested_options const& how) {
    auto const asked = gathering{.threads = how.threads, .meetings = how.meetings};
    auto const run_typed = [&](auto const& plan, host& on, meeting& at) {
        auto const sum =
            on.run(plan, frond::arg<"meeting">(at), frond::arg<"outer">(how.outer), frond::arg<"inner">(how.inner));
        return sum && sum.value() == how.outer * how.inner;
    };
    stress::require_to_meet(
        asked, [&](host& on, meeting& at) { return run_typed(frond::plan_for<nested::streamed>(), on, at); });
    stress::require_to_meet(
        asked, [&](host& on, meeting& at) { return run_typed(frond::plan_for<nested::listed>(), on, at); });
    stress::require_to_meet(asked, [&](host& on, meeting& at) {
        auto const outcome = on.run(nested_plan(how), frond::arg("meeting", std::ref(at)));
        return outcome && outcome.value().get<long>("total") == how.outer * how.inner;
    });
}

}  // namespace

TEST_CASE("independent nodes run at once on all threads") {
    nodes_meet<outside::two_plain>(2);
    nodes_meet<outside::two_coroutines>(2);
    nodes_meet<outside::plain_and_coroutine>(2);
    nodes_meet<outside::four>(4);
}

TEST_CASE("independent nodes of a graph made at run time run at once on all threads") {
    for (unsigned const threads : {2U, 4U}) {
        for (unsigned const meetings : {1U, 3U}) {
            for (bool const coroutines : {false, true}) {
                auto const how = node_options{.nodes = threads * meetings, .coroutines = coroutines};
                stress::require_to_meet(gathering{.threads = threads, .meetings = meetings},
                                        [&](host& on, meeting& at) {
                                            auto const plan = independent_nodes(how);
                                            return on.run(plan, frond::arg("meeting", std::ref(at))).has_value();
                                        });
            }
        }
    }
}

TEST_CASE("independent nodes of one child that are tasks of their own run at once on all threads") {
    nodes_of_a_child_meet<inside::of_both>(2);
    nodes_of_a_child_meet<inside::of_plain_and_coroutine>(2);
    nodes_of_a_child_meet<inside::of_all_four>(4);
}

TEST_CASE("independent nodes of one child of a graph made at run time run at once on all threads") {
    for (unsigned const threads : {2U, 4U}) {
        for (bool const coroutines : {false, true}) {
            auto const how = node_options{.nodes = threads, .coroutines = coroutines};
            stress::require_to_meet(gathering{.threads = threads}, [&](host& on, meeting& at) {
                auto const plan = nodes_of_one_child(how, frond::grouping::each_node);
                auto const outcome = on.run(plan, frond::arg("meeting", std::ref(at)));
                return outcome && outcome.value().get<long>("total") == static_cast<long>(threads);
            });
        }
    }
}

TEST_CASE("nodes of one child that a grouping makes one task run one after the other") {
    for (auto const grouping : {frond::grouping::by_block, frond::grouping::by_level, frond::grouping::all_as_one}) {
        auto const plan = frond::plan_for<ordered::total>(frond::options().grouping(grouping));
        for (auto const kind : stress::every_host) {
            host on(kind, 3);
            for (std::uint64_t i = 0; i < stress::repeats(); ++i) {
                ordered::watch seen;
                auto const total = on.run(plan, frond::arg<"watch">(seen));
                INFO("grouping " << static_cast<int>(grouping) << ", " << stress::name_of(kind));
                REQUIRE((total && total.value() == 3));
                REQUIRE_FALSE(seen.overlapped);
            }
        }
    }
}

TEST_CASE("children of nested expansions run at once on all threads") {
    nested_children_meet({.threads = 2, .outer = 1, .inner = 2});
    nested_children_meet({.threads = 2, .outer = 2, .inner = 1});
    nested_children_meet({.threads = 4, .outer = 2, .inner = 2});
    nested_children_meet({.threads = 4, .outer = 4, .inner = 4, .meetings = 4});
}
