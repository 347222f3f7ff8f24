// Graphs of which some order of reading stands still, read in random orders, end with the values of a sequential evaluation.
#include "random_readers.hpp"
#include "seeds.hpp"

#include <cstdint>

#include "../catch.hpp"

namespace frond::simulation {

namespace {

/// What the runs of many seeds came to.
struct tally {
    std::uint64_t accepted = 0;
    std::uint64_t failed = 0;
    std::uint64_t grown = 0;  // runs in which a stream has
    /// Whether there are so many that some of each kind are among them.
    bool many() const noexcept { return accepted >= 20; }
};

tally play(reader_settings const& how) {
    tally made;
    for_each_seed(5'000, [&](simulator& world) {
        random_readers readers(world, how);
        if (!readers.plan()) return;
        readers.play();
        ++made.accepted;
        made.failed += readers.failed();
        made.grown += readers.report.streams_grown != 0;
    });
    return made;
}

bool some_fail(tally const& found) { return found.failed != 0 || !found.many(); }

}  // namespace

TEST_CASE("whatever is accepted ends with the values of a sequential evaluation, however its streams are read") {
    auto const found = play({});
    CHECK(found.failed == 0);
    CHECK((found.grown != 0 || !found.many()));
    CHECK((found.grown < found.accepted || !found.many()));
}

TEST_CASE("streams inside children do not stand still either") {
    auto const found = play({.nested = true});
    CHECK(found.failed == 0);
    CHECK((found.grown != 0 || !found.many()));
}

TEST_CASE("streams that are read in step do not grow") {
    CHECK(play({.in_step = true}).grown == 0);
    CHECK(play({.nested = true, .in_step = true}).grown == 0);
}

TEST_CASE("a run of which a child fails beside a standstill ends") {
    CHECK(some_fail(play({.failing_percent = 70})));
    CHECK(some_fail(play({.nested = true, .failing_percent = 70})));
}

TEST_CASE("a run that is cancelled beside a standstill ends") {
    CHECK(some_fail(play({.cancelled = true})));
    CHECK(some_fail(play({.nested = true, .cancelled = true})));
}

TEST_CASE("a run whose streams may not grow fails with what waits for what, or had no need to") {
    auto const found = play({.memory = 0});
    CHECK(found.grown == 0);
    CHECK(some_fail(found));
    CHECK(some_fail(play({.nested = true, .memory = 0})));
}

TEST_CASE("a run whose streams may grow a little ends well or fails") {
    auto const found = play({.most = 600, .memory = 2'000'000});
    CHECK((found.grown != 0 || !found.many()));
    CHECK(some_fail(found));
    CHECK((found.failed < found.accepted || !found.many()));
}

}  // namespace frond::simulation
