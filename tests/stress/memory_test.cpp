// The memory of a run does not grow with the number of its children. Each run is a process of its own, whose peak the
// system tells.
#include "run_on.hpp"

#include "../catch.hpp"

#include <algorithm>
#include <utility>

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace frond;
using number = std::uint64_t;

namespace {

expander<number> count_to(number end) {
    for (number i = 0; i < end; ++i) co_yield i;
}

async<number> sum_of(stream<number> values) {
    number sum = 0;
    while (auto next = co_await values.next()) sum += *next;
    co_return sum;
}

// Each number but the first few is found by the child sixteen numbers before.
expander<number> find_to(number end, feedback<number> found) {
    constexpr number at_once = 16;
    for (number i = 0; i < std::min(at_once, end); ++i) co_yield i;
    while (auto const from = co_await found.next()) {
        if (*from + at_once < end) co_yield *from + at_once;
    }
}

void count(graph_builder& made, number children) {
    made.add("each", [children] { return count_to(children); });
}
void discover(graph_builder& made, number children) {
    made.add("each", [children](feedback<number> found) { return find_to(children, std::move(found)); }, {"same"});
    made.add("same", [](value<number> n) { return *n; }, {"each"});
}

using way = void (*)(graph_builder&, number);

bool sum_is_right(way yield, number children, unsigned threads) {
    graph_builder made;
    yield(made, children);
    made.add("one", [](value<number> n) { return *n % 2; }, {"each"});
    made.add("sum", sum_of, {"one"});
    auto const planned = stress::plan_of(std::move(made), "sum");
    stress::crew crew(threads);
    stress::ending end;
    crew.begin(planned, end);
    end.wait();
    return !end.failure && end.value == children / 2;
}

// In KiB.
long peak_of(way yield, number children, unsigned threads) {
    pid_t const child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) ::_exit(sum_is_right(yield, children, threads) ? 0 : 1);
    int status = 0;
    rusage used{};
    REQUIRE(::wait4(child, &status, 0, &used) == child);
    REQUIRE((WIFEXITED(status) && WEXITSTATUS(status) == 0));
    return used.ru_maxrss;
}

}  // namespace

TEST_CASE("ten million children take no more memory than ten thousand") {
    constexpr long allowed = 8 * 1024;
    for (unsigned const threads : {1U, 2U}) {
        long const few = peak_of(count, 10'000, threads);
        long const very_many = peak_of(count, 10'000'000, threads);
        INFO(few << " KiB and " << very_many << " KiB on " << threads << " threads");
        REQUIRE(very_many - few < allowed);
    }
}

TEST_CASE("a million children that find each other take no more memory than ten thousand") {
    constexpr long allowed = 8 * 1024;
    for (unsigned const threads : {1U, 2U}) {
        long const few = peak_of(discover, 10'000, threads);
        long const very_many = peak_of(discover, 1'000'000, threads);
        INFO(few << " KiB and " << very_many << " KiB on " << threads << " threads");
        REQUIRE(very_many - few < allowed);
    }
}
