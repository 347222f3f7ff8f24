// Graphs whose runs the tests of the log read: nested, uneven, failing, without a known length.
#pragma once

#include "frond/frond.hpp"

#include <atomic>
#include <chrono>
#include <stdexcept>
#include <string>

namespace log_samples {

inline int sum_of(auto const& values) {
    int sum = 0;
    for (int const each : values) sum += each;
    return sum;
}

// 5 x (0, 1, 2, 3, 4), the inner ones with a total that is said, the outer ones with keys.
inline frond::expander<int> outer() {
    for (int i = 0; i < 5; ++i) co_yield frond::child("o" + std::to_string(i), i);
}
inline frond::expander<int> inner(frond::in<outer> o) {
    co_yield frond::expect(static_cast<unsigned>(*o));
    for (int i = 0; i < *o; ++i) co_yield 10 * *o + i;
}
inline int leaf(frond::in<inner> i) { return *i; }
inline int of_outer(frond::all<leaf> leaves) { return sum_of(leaves); }
inline int nested(frond::all<of_outer> sums) { return sum_of(sums); }

// 3 and 7 children at once.
inline frond::expander<int> three() {
    for (int i = 0; i < 3; ++i) co_yield i;
}
inline frond::expander<int> seven() {
    for (int i = 0; i < 7; ++i) co_yield i;
}
inline frond::async<int> square(frond::in<three> n) { co_return *n** n; }
inline frond::async<int> cube(frond::in<seven> n) { co_return *n** n** n; }
inline int squares(frond::all<square> of) { return sum_of(of); }
inline int cubes(frond::all<cube> of) { return sum_of(of); }
inline int both(frond::in<squares> a, frond::in<cubes> b) { return *a + *b; }

// One of many fails, in the middle of a child of several nodes.
inline frond::expander<int> many(frond::input<"count", int> count) {
    for (int i = 0; i < *count; ++i) co_yield i;
}
inline int first_step(frond::in<many> n) { return *n; }
inline int second_step(frond::in<first_step> n) {
    if (*n == 40) throw std::runtime_error("forty\x1b[31m\n\"");
    return *n;
}
inline int third_step(frond::in<second_step> n) { return *n; }
inline int steps(frond::all<third_step> of) { return sum_of(of); }

// A failure deep inside that is a value further out: the child around it has failed, the run has not.
inline int brittle_leaf(frond::in<inner> i) {
    if (*i == 31) throw std::runtime_error("thirty-one");
    return *i;
}
inline int brittle_outer(frond::all<brittle_leaf> leaves) { return sum_of(leaves); }
inline int forgiving(frond::all_results<brittle_outer> sums) {
    int failed = 0;
    for (auto const& each : sums) failed += each.has_error();
    return failed;
}

// Children of several tasks of which some fail, as values.
inline frond::async<int> halfway(frond::in<many> n) {
    if (*n % 3 == 1) throw std::runtime_error("no third");
    co_return *n;
}
inline int whole(frond::in<halfway> n) { return *n; }
inline int survivors(frond::all_results<whole> of) {
    int good = 0;
    for (auto const& each : of) good += each.has_value();
    return good;
}

// A collector that has enough before the end.
inline frond::async<int> quick(frond::each<third_step> of) {
    int sum = 0;
    for (int i = 0; i < 3; ++i) {
        if (auto next = co_await of.next()) sum += *next;
    }
    co_return sum;
}

// What is yielded is the output: no tasks inside.
inline int just_yields(frond::all<many> of) { return sum_of(of); }

}  // namespace log_samples
