// Means of a count over time.
#include "../../catch.hpp"

#include "trace/timeline.hpp"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

using frond::hooks::detail::timeline;
using points = std::vector<std::pair<std::int64_t, double>>;

namespace {

points points_of(timeline const& of) {
    points made;
    for (auto const& [from, mean] : of.points()) made.emplace_back(from, mean);
    return made;
}

}  // namespace

TEST_CASE("a stretch of time has the mean of what was there") {
    timeline line;
    line.add(0, 1);
    line.add(512, 1);  // two for the second half of the first 1024 nanoseconds
    line.add(1024 + 256, -2);
    CHECK(points_of(line) == points{{0, 1.5}, {1024, 0.5}, {2048, 0}});
    CHECK(line.left() == 0);
}

TEST_CASE("changes may come in any order") {
    timeline line;
    line.add(9000, -1);
    line.add(4096, 1);
    line.add(5000, 1);
    line.add(8192, -1);
    timeline ordered;
    for (auto const& [at, change] : {std::pair{4096, 1}, {5000, 1}, {8192, -1}, {9000, -1}}) ordered.add(at, change);
    CHECK(points_of(line) == points_of(ordered));
}

TEST_CASE("a day takes no more memory than a second, and its means stay right") {
    timeline line;
    constexpr std::int64_t second = 1'000'000'000;
    for (std::int64_t at = 0; at < 86'400; at += 10) {  // one half of the time
        line.add(at * second, 1);
        line.add((at + 5) * second, -1);
    }
    CHECK(line.left() == 0);
    auto const made = line.points();
    CHECK(made.size() <= 1025);
    double sum = 0;
    for (std::size_t i = 0; i + 1 < made.size(); ++i) {
        sum += made[i].mean * static_cast<double>(made[i + 1].from - made[i].from);
    }
    CHECK(std::abs(sum / (43'200.0 * second) - 1) < 0.001);
}
