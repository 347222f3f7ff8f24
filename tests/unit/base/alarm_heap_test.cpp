// The order of alarms.
#include "frond/base/detail/alarm_heap.hpp"
#include "catch.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <random>
#include <vector>

namespace {

struct test_alarm : frond::alarm {
    test_alarm() noexcept : frond::alarm([](frond::work&) noexcept {}) {}
};

frond::time_point at(int seconds) { return frond::time_point(std::chrono::seconds(seconds)); }

int seconds(frond::alarm const& of) {
    return static_cast<int>(std::chrono::duration_cast<std::chrono::seconds>(of.when.time_since_epoch()).count());
}

/// Takes all alarms, the earliest first.
std::vector<int> taken(frond::alarm_heap& from) {
    std::vector<int> times;
    while (!from.empty()) {
        times.push_back(seconds(from.earliest()));
        from.remove(from.earliest());
    }
    return times;
}

}  // namespace

TEST_CASE("alarms come in the order of their times, in whatever order they were set") {
    std::array<int, 7> times{1, 2, 3, 4, 5, 5, 6};
    std::array<test_alarm, 7> alarms;
    do {
        frond::alarm_heap heap;
        for (std::size_t i = 0; i < times.size(); ++i) {
            alarms[i].when = at(times[i]);
            heap.push(alarms[i]);
        }
        REQUIRE(taken(heap) == std::vector<int>{1, 2, 3, 4, 5, 5, 6});
    } while (std::next_permutation(times.begin(), times.end()));
}

TEST_CASE("an alarm is taken back from wherever it waits, and may be set again") {
    std::mt19937 dice(1);
    std::array<test_alarm, 40> alarms;
    frond::alarm_heap heap;
    std::vector<test_alarm*> waiting;
    for (int step = 0; step < 20'000; ++step) {
        auto& one = alarms[dice() % alarms.size()];
        auto const found = std::find(waiting.begin(), waiting.end(), &one);
        if (found == waiting.end()) {
            one.when = at(static_cast<int>(dice() % 100));
            heap.push(one);
            waiting.push_back(&one);
        } else {
            heap.remove(one);
            waiting.erase(found);
        }
        REQUIRE(heap.empty() == waiting.empty());
        if (heap.empty()) continue;
        auto const first =
            std::min_element(waiting.begin(), waiting.end(), [](auto* a, auto* b) { return a->when < b->when; });
        REQUIRE(heap.earliest().when == (*first)->when);
    }
    std::vector<int> left;
    for (auto* each : waiting) left.push_back(seconds(*each));
    std::sort(left.begin(), left.end());
    CHECK(taken(heap) == left);
}
