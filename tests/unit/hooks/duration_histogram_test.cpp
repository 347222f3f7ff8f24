// Quantiles of durations from counts.
#include "../../catch.hpp"

#include "timing/duration_histogram.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <random>
#include <vector>

using namespace std::chrono_literals;
using frond::duration;
using frond::hooks::detail::duration_histogram;

namespace {

duration by_rank(std::vector<duration> const& sorted, std::size_t percent) {
    return sorted[std::max<std::size_t>((sorted.size() * percent + 99) / 100, 1) - 1];
}

bool near(duration told, duration exact) { return std::abs((told - exact).count()) * 128 <= exact.count(); }

}  // namespace

TEST_CASE("durations below 64 ns are told exactly") {
    duration_histogram counts;
    for (int ns = 1; ns <= 50; ++ns) counts.add(std::chrono::nanoseconds(ns));
    auto const spread = counts.spread();
    CHECK(spread.count == 50);
    CHECK(spread.p50 == 25ns);
    CHECK(spread.p95 == 48ns);
    CHECK(spread.p99 == 50ns);
}

TEST_CASE("count, total, mean, least and most are exact") {
    duration_histogram counts;
    for (auto const each : {3ms, 1ms, 8ms}) counts.add(each);
    auto const spread = counts.spread();
    CHECK(spread.count == 3);
    CHECK(spread.total == 12ms);
    CHECK(spread.mean() == 4ms);
    CHECK(spread.least == 1ms);
    CHECK(spread.most == 8ms);
}

TEST_CASE("a quantile is at most 1/128 off, from nanoseconds to days") {
    std::mt19937_64 random(7);
    std::uniform_real_distribution<double> magnitude(0, 47);
    duration_histogram counts;
    std::vector<duration> all;
    for (int i = 0; i < 20000; ++i) {
        all.emplace_back(static_cast<std::int64_t>(std::exp2(magnitude(random))));
        counts.add(all.back());
    }
    std::sort(all.begin(), all.end());
    auto const spread = counts.spread();
    CHECK(near(spread.p50, by_rank(all, 50)));
    CHECK(near(spread.p95, by_rank(all, 95)));
    CHECK(near(spread.p99, by_rank(all, 99)));
}

TEST_CASE("quantiles of a single duration are that duration") {
    for (duration const only : {duration(0), duration(1), duration(123'456'789), duration::max()}) {
        duration_histogram counts;
        counts.add(only);
        CHECK(counts.spread().p50 == only);
        CHECK(counts.spread().p99 == only);
    }
}

TEST_CASE("a task that ended before it began took no time") {
    duration_histogram counts;
    counts.add(-5ms);
    CHECK(counts.spread().most == 0ns);
    CHECK(counts.spread().total == 0ns);
}
