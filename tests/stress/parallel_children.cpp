// Children of an expansion that need each other on threads of their own, the first ones too.
#include "hosts.hpp"

#include <numeric>
#include <string>
#include <vector>

namespace {

using stress::compute_and_join;
using stress::gathering;
using stress::host;
using stress::meeting;

namespace typed {

using meeting_place = frond::input<"meeting", meeting&>;
using number_of_children = frond::input<"children", int>;

frond::expander<int> yielded(number_of_children count) {
    for (int i = 0; i < *count; ++i) co_yield i;
}
frond::expand<std::vector<int>> ranged(number_of_children count) {
    std::vector<int> numbers(static_cast<std::size_t>(*count));
    std::iota(numbers.begin(), numbers.end(), 0);
    return frond::expand(std::move(numbers));
}

long met(int number, meeting& at) {
    compute_and_join(at);
    return number;
}
long plain_of_yielded(frond::in<yielded> number, meeting_place at) { return met(*number, *at); }
long plain_of_ranged(frond::in<ranged> number, meeting_place at) { return met(*number, *at); }
frond::async<long> coroutine_of_yielded(frond::in<yielded> number, meeting_place at) { co_return met(*number, *at); }
frond::async<long> coroutine_of_ranged(frond::in<ranged> number, meeting_place at) { co_return met(*number, *at); }

template <auto Child>
frond::async<long> sum_of_stream(frond::each<Child> values) {
    long sum = 0;
    while (auto const next = co_await values.next()) sum += *next;
    co_return sum;
}
template <auto Child>
long sum_of_list(frond::all<Child> const& values) {
    return std::accumulate(values.begin(), values.end(), 0L);
}

long listed_plain_of_yielded(frond::all<plain_of_yielded> values) { return sum_of_list<plain_of_yielded>(values); }
long listed_plain_of_ranged(frond::all<plain_of_ranged> values) { return sum_of_list<plain_of_ranged>(values); }
long listed_coroutine_of_yielded(frond::all<coroutine_of_yielded> values) {
    return sum_of_list<coroutine_of_yielded>(values);
}
long listed_coroutine_of_ranged(frond::all<coroutine_of_ranged> values) {
    return sum_of_list<coroutine_of_ranged>(values);
}
frond::async<long> streamed_plain_of_yielded(frond::each<plain_of_yielded> values) {
    return sum_of_stream<plain_of_yielded>(std::move(values));
}
frond::async<long> streamed_plain_of_ranged(frond::each<plain_of_ranged> values) {
    return sum_of_stream<plain_of_ranged>(std::move(values));
}
frond::async<long> streamed_coroutine_of_yielded(frond::each<coroutine_of_yielded> values) {
    return sum_of_stream<coroutine_of_yielded>(std::move(values));
}
frond::async<long> streamed_coroutine_of_ranged(frond::each<coroutine_of_ranged> values) {
    return sum_of_stream<coroutine_of_ranged>(std::move(values));
}

}  // namespace typed

constexpr long sum_below(int count) { return long{count} * (count - 1) / 2; }

/// As many children as parties, in plans that have never run; then three times as many, in one plan again and again.
template <auto Wanted>
void children_meet() {
    for (unsigned const threads : {2U, 4U}) {
        auto const children = static_cast<int>(threads);
        stress::require_to_meet(gathering{.threads = threads}, [&](host& on, meeting& at) {
            auto const sum =
                on.run(frond::plan_for<Wanted>(), frond::arg<"meeting">(at), frond::arg<"children">(children));
            return sum && sum.value() == sum_below(children);
        });
        auto const kept = frond::plan_for<Wanted>();
        stress::require_to_meet(gathering{.threads = threads, .meetings = 3}, [&](host& on, meeting& at) {
            auto const sum = on.run(kept, frond::arg<"meeting">(at), frond::arg<"children">(3 * children));
            return sum && sum.value() == sum_below(3 * children);
        });
    }
}

struct child_options {
    bool range = false;
    bool coroutine = false;
    bool list = false;
    int children = 0;
};

frond::named_plan run_time_plan(child_options const& how) {
    frond::graph_builder made;
    made.input<meeting&>("meeting");
    int const count = how.children;
    if (how.range) {
        made.add("child", [count] {
            std::vector<int> numbers(static_cast<std::size_t>(count));
            std::iota(numbers.begin(), numbers.end(), 0);
            return frond::expand(std::move(numbers));
        });
    } else {
        made.add("child", [count]() -> frond::expander<int> {
            for (int i = 0; i < count; ++i) co_yield i;
        });
    }
    if (how.coroutine) {
        made.add("met",
                 [](frond::value<int> number, frond::reference<meeting> at) -> frond::async<long> {
                     co_return typed::met(*number, *at);
                 },
                 {"child", "meeting"});
    } else {
        made.add("met", [](frond::value<int> number, frond::reference<meeting> at) { return typed::met(*number, *at); },
                 {"child", "meeting"});
    }
    if (how.list) {
        made.add("sum", [](frond::list<long> values) { return std::accumulate(values.begin(), values.end(), 0L); },
                 {"met"});
    } else {
        made.add("sum",
                 [](frond::stream<long> values) -> frond::async<long> {
                     long sum = 0;
                     while (auto const next = co_await values.next()) sum += *next;
                     co_return sum;
                 },
                 {"met"});
    }
    return stress::plan_of(std::move(made), {"sum"});
}

/// As `children_meet`, for a graph that is made at run time.
void run_time_children_meet(child_options how) {
    for (unsigned const threads : {2U, 4U}) {
        auto const run = [&](frond::named_plan const& plan, host& on, meeting& at) {
            auto const outcome = on.run(plan, frond::arg("meeting", std::ref(at)));
            return outcome && outcome.value().get<long>("sum") == sum_below(how.children);
        };
        how.children = static_cast<int>(threads);
        stress::require_to_meet(gathering{.threads = threads},
                                [&](host& on, meeting& at) { return run(run_time_plan(how), on, at); });
        how.children *= 3;
        auto const kept = run_time_plan(how);
        stress::require_to_meet(gathering{.threads = threads, .meetings = 3},
                                [&](host& on, meeting& at) { return run(kept, on, at); });
    }
}

}  // namespace

TEST_CASE("plain children of a coroutine expander that are collected as a stream run at once on all threads") {
    children_meet<typed::streamed_plain_of_yielded>();
}

TEST_CASE("plain children of a coroutine expander that are collected as a list run at once on all threads") {
    children_meet<typed::listed_plain_of_yielded>();
}

TEST_CASE("plain children of a range that are collected as a stream run at once on all threads") {
    children_meet<typed::streamed_plain_of_ranged>();
}

TEST_CASE("plain children of a range that are collected as a list run at once on all threads") {
    children_meet<typed::listed_plain_of_ranged>();
}

TEST_CASE("coroutine children of a coroutine expander that compute and are streamed run at once on all threads") {
    children_meet<typed::streamed_coroutine_of_yielded>();
}

TEST_CASE("coroutine children of a coroutine expander that compute and are listed run at once on all threads") {
    children_meet<typed::listed_coroutine_of_yielded>();
}

TEST_CASE("coroutine children of a range that compute and are streamed run at once on all threads") {
    children_meet<typed::streamed_coroutine_of_ranged>();
}

TEST_CASE("coroutine children of a range that compute and are listed run at once on all threads") {
    children_meet<typed::listed_coroutine_of_ranged>();
}

TEST_CASE("plain children of a graph made at run time run at once on all threads") {
    run_time_children_meet({.range = false, .list = false});
    run_time_children_meet({.range = false, .list = true});
    run_time_children_meet({.range = true, .list = false});
    run_time_children_meet({.range = true, .list = true});
}

TEST_CASE("coroutine children of a graph made at run time that compute run at once on all threads") {
    run_time_children_meet({.range = false, .coroutine = true, .list = false});
    run_time_children_meet({.range = false, .coroutine = true, .list = true});
    run_time_children_meet({.range = true, .coroutine = true, .list = false});
    run_time_children_meet({.range = true, .coroutine = true, .list = true});
}
