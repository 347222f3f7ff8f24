// Nodes that many scenarios run.
#pragma once

#include "scenario.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace scarce::nodes {

inline frond::expander<int> number(frond::input<"count", int> count) {
    for (int i = 1; i <= *count; ++i) co_yield i;
}
inline int same(frond::in<number> n) { return *n; }
inline int sum_of_same(frond::all<same> all) {
    int sum = 0;
    for (int each : all) sum += each;
    return sum;
}

inline frond::async<int> twice(int n) { co_return 2 * n; }
inline frond::async<int> doubled(frond::in<number> n) {
    auto inner = twice(*n);
    co_return co_await inner;
}
inline frond::async<int> sum_of_doubled(frond::each<doubled> values) {
    int sum = 0;
    while (auto next = co_await values.next()) sum += *next;
    co_return sum;
}

/// Waits on a timer of Asio's.
inline frond::async<int> after_a_while(frond::in<number> n) {
    int const value = *n;
    auto const here = co_await frond::this_executor;
    frond::net::steady_timer timer(here, std::chrono::microseconds(100));
    co_await timer.async_wait(frond::use_async);
    co_return value;
}
inline frond::async<int> sum_after_a_while(frond::each<after_a_while> values) {
    int sum = 0;
    while (auto next = co_await values.next()) sum += *next;
    co_return sum;
}

}  // namespace scarce::nodes
