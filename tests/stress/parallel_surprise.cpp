// Bodies that were short so far and now need each other on threads of their own. Nothing foresees them: `[surprise]` names them.
#include "hosts.hpp"

#include <string>
#include <vector>

namespace {

using stress::gathering;
using stress::host;
using stress::meeting;

/// Where long bodies meet; nowhere: they are short.
struct place {
    meeting* at = nullptr;
};
using meeting_place = frond::input<"meeting", place>;

long join_if_asked(place where) {
    if (where.at != nullptr) where.at->join();
    return 1;
}

namespace children {

using number_of_children = frond::input<"children", int>;
/// From this child on bodies are long.
using first_long = frond::input<"first_long", int>;

frond::expander<int> item(number_of_children count) {
    for (int i = 0; i < *count; ++i) co_yield i;
}
frond::expand<std::vector<int>> range(number_of_children count) {
    std::vector<int> numbers;
    for (int i = 0; i < *count; ++i) numbers.push_back(i);
    return frond::expand(std::move(numbers));
}
long plain(frond::in<item> number, meeting_place at, first_long from) {
    return join_if_asked(*number >= *from ? *at : place());
}
frond::async<long> coroutine(frond::in<range> number, meeting_place at, first_long from) {
    co_return join_if_asked(*number >= *from ? *at : place());
}
frond::async<long> of_plain(frond::each<plain> values) {
    long sum = 0;
    while (auto const next = co_await values.next()) sum += *next;
    co_return sum;
}
long of_coroutine(frond::all<coroutine> values) { return static_cast<long>(values.size()); }

}  // namespace children

namespace nodes {

long a(meeting_place at) { return join_if_asked(*at); }
long b(meeting_place at) { return join_if_asked(*at); }
frond::async<long> c(meeting_place at) { co_return join_if_asked(*at); }
long d(meeting_place at) { return join_if_asked(*at); }
long two(frond::in<a> first, frond::in<b> second) { return *first + *second; }
long four(frond::in<a> first, frond::in<b> second, frond::in<c> third, frond::in<d> fourth) {
    return *first + *second + *third + *fourth;
}

}  // namespace nodes

namespace nodes_of_a_child {

frond::expander<int> item() { co_yield 0; }
long a(frond::in<item>, meeting_place at) { return join_if_asked(*at); }
long b(frond::in<item>, meeting_place at) { return join_if_asked(*at); }
long both(frond::in<a> first, frond::in<b> second) { return *first + *second; }
long total(frond::all<both> sums) { return sums[0]; }

}  // namespace nodes_of_a_child

/// Runs one plan 50 times with short bodies, then with bodies that meet; and this again and again.
template <class Plan, class... A>
void surprised_bodies_meet(gathering const& asked, Plan const& plan, A... arguments) {
    constexpr int short_runs = 50;
    stress::require_to_meet(asked, [&](host& on, meeting& at) {
        for (int i = 0; i < short_runs; ++i) {
            if (!on.run(plan, frond::arg<"meeting">(place()), arguments...)) return false;
        }
        return on.run(plan, frond::arg<"meeting">(place{&at}), arguments...).has_value();
    });
}

}  // namespace

TEST_CASE("nodes that were short so far run at once on all threads when they are long", "[surprise]") {
    surprised_bodies_meet({.threads = 2}, frond::plan_for<nodes::two>());
    surprised_bodies_meet({.threads = 4}, frond::plan_for<nodes::four>());
}

TEST_CASE("nodes of one child that were short so far run at once when they are long", "[surprise]") {
    surprised_bodies_meet({.threads = 2}, frond::plan_for<nodes_of_a_child::total>(
                                              frond::options().grouping(frond::grouping::each_node)));
}

TEST_CASE("children that were short in earlier runs run at once on all threads when they are long", "[surprise]") {
    for (unsigned const threads : {2U, 4U}) {
        auto const count = static_cast<int>(threads);
        surprised_bodies_meet({.threads = threads}, frond::plan_for<children::of_plain>(),
                              frond::arg<"children">(count), frond::arg<"first_long">(0));
        surprised_bodies_meet({.threads = threads}, frond::plan_for<children::of_coroutine>(),
                              frond::arg<"children">(count), frond::arg<"first_long">(0));
    }
}
