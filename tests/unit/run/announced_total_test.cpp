// An expander that says how many children there will be, rightly or not: what is known of the total, and when.
#include "catch.hpp"
#include "frond/run/run_blocking.hpp"
#include "frond/run/this_task.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

using frond::all;
using frond::arg;
using frond::in;
using frond::input;

namespace announced {

constexpr std::uint64_t children = 100;

frond::expander<int> number(input<"said", std::uint64_t> said) {
    co_yield frond::expect(*said);
    for (std::uint64_t i = 0; i < children; ++i) co_yield static_cast<int>(i);
}
/// The total that the child saw; 0: it was not known.
std::uint64_t seen(in<number>) { return frond::this_task::total().value_or(0); }
std::vector<std::uint64_t> all_seen(all<seen> of) { return {of.begin(), of.end()}; }

struct listener {
    void on_yield(frond::yield_event const& event) { yielded.push_back(event.total); }
    void total_known(frond::expansion_event const& event) { known.push_back(event.total); }
    void after_expansion(frond::expansion_event const& event) { at_end = event.total; }
    void after_run(frond::run_event const& event) { last = event.progress->expansions[0].total; }
    std::vector<std::optional<std::uint64_t>> yielded;
    std::vector<std::uint64_t> known;
    std::optional<std::uint64_t> at_end;
    std::optional<std::uint64_t> last;
};

/// What a child and a hook see of a total that is said to be so large.
struct run_of {
    explicit run_of(std::uint64_t said)
        : seen_by_children(
              frond::run_blocking(frond::plan_for<all_seen>(), arg<"said">(said), hook, frond::threads(1)).value()) {
        REQUIRE(hook.yielded.size() == children);
        REQUIRE(seen_by_children.size() == children);
        CHECK(hook.at_end == children);
        CHECK(hook.last == children);
    }
    listener hook;
    std::vector<std::uint64_t> seen_by_children;
};

}  // namespace announced

using namespace announced;

TEST_CASE("the total that an expander says is known from its first child on") {
    run_of const made(children);
    CHECK(made.hook.known == std::vector<std::uint64_t>{children});
    for (auto const& total : made.hook.yielded) CHECK(total == children);
    for (auto const total : made.seen_by_children) CHECK(total == children);
}

TEST_CASE("a total that turns out to be too low is not known any more when more children come") {
    run_of const made(10);
    CHECK(made.hook.known == std::vector<std::uint64_t>{10});
    CHECK(made.hook.yielded.front() == 10U);
    for (std::size_t i = 0; i < children; ++i) {
        CAPTURE(i);
        CHECK(made.hook.yielded[i].value_or(children) > i);
        bool const is_known = made.seen_by_children[i] != 0;
        CHECK((!is_known || made.seen_by_children[i] > i));
    }
    CHECK_FALSE(made.hook.yielded[10]);
}

TEST_CASE("a total that turns out to be too high is known until the expander has ended") {
    run_of const made(1000);
    CHECK(made.hook.known == std::vector<std::uint64_t>{1000});
    CHECK(made.hook.yielded[10] == 1000U);
    CHECK(made.seen_by_children[10] == 1000);
}
