// Which runs a display shows, by what name, and what is said of them for good.
#include "../../catch.hpp"

#include "terminal/shown_runs.hpp"

#include "samples.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

using namespace frond::hooks::detail;
using namespace samples;
using lines = std::vector<std::string>;

namespace {

frond::progress sample_of(std::uint64_t run, frond::duration after) {
    auto made = files(after, 10, 1, true);
    made.run_id = run;
    return made;
}

frond::run_event end_of(std::uint64_t run, frond::duration after) {
    frond::run_event made;
    made.run_id = run;
    made.time = start + after;
    made.progress = sample_of(run, after);
    return made;
}

frond::progress failing(std::uint64_t run, frond::duration after) {
    auto made = sample_of(run, after);
    made.failures.push_back(frond::error(frond::errc::node_failed, "no luck"));
    made.failures_total = 1;
    return made;
}

lines names_of(shown_runs const& runs) {
    lines made;
    for (picture const* each : runs.pictures()) made.push_back(each->rows.front().name);
    return made;
}

}  // namespace

TEST_CASE("a run has a name once another has gone on beside it") {
    shown_runs runs(false);
    lines said;
    runs.begin(7, start);
    runs.update(sample_of(7, 1s), said);
    CHECK(names_of(runs) == lines{"run"});
    runs.begin(9, start + 1s);
    runs.update(sample_of(7, 2s), said);
    CHECK(names_of(runs) == lines{"run 7"});  // nothing is known yet of the other
    runs.update(sample_of(9, 2s), said);
    runs.begin(12, start + 2s);
    runs.update(sample_of(12, 2s), said);
    CHECK(names_of(runs) == lines{"run 7", "run 9", "run 12"});
    CHECK(runs.end(end_of(7, 3s), said)->rows.front().name == "run 7");
    runs.end(end_of(12, 3s), said);
    CHECK(runs.end(end_of(9, 4s), said)->rows.front().name == "run 9");
    CHECK(runs.none());
    runs.begin(13, start + 5s);
    CHECK(runs.end(end_of(13, 6s), said)->rows.front().name == "run");
    CHECK(said.empty());
}

TEST_CASE("runs that are told of in turns each have rates and failures of their own") {
    shown_runs runs(false);
    lines said;
    for (int s = 0; s <= 4; ++s) {
        for (std::uint64_t const run : {1U, 2U}) {
            auto sample = files(std::chrono::seconds(s), 1000, static_cast<std::uint64_t>(s) * 10 * run, true);
            sample.run_id = run;
            runs.update(sample, said);
        }
    }
    CHECK(runs.pictures()[0]->rows[1].rate == 10);
    CHECK(runs.pictures()[1]->rows[1].rate == 20);
    runs.update(failing(1, 5s), said);
    runs.update(failing(2, 5s), said);
    runs.update(failing(1, 6s), said);
    CHECK(said == lines{"failed: run 1: no luck", "failed: run 2: no luck"});
    said.clear();
    auto last = end_of(1, 7s);
    last.failure = failing(1, 7s).failures[0];
    last.progress = failing(1, 7s);
    last.progress->failures_total = 5;
    runs.end(last, said);
    CHECK(said == lines{"failed: run 1: 4 more"});
}

TEST_CASE("a run is shown although its beginning was missed, and said good-bye to although all was") {
    shown_runs runs(false);
    lines said;
    runs.update(sample_of(3, 1s), said);
    CHECK(names_of(runs) == lines{"run"});
    CHECK(runs.end(end_of(3, 2s), said).has_value());
    CHECK(runs.end(end_of(4, 2s), said).has_value());
    frond::run_event bare;
    bare.run_id = 5;
    runs.begin(5, start);
    CHECK_FALSE(runs.end(bare, said).has_value());
    CHECK(runs.none());
}

TEST_CASE("a run whose end never comes is forgotten after a minute, and back when it is heard of") {
    shown_runs runs(false);
    lines said;
    runs.begin(1, start);
    runs.update(sample_of(1, 1s), said);
    runs.begin(2, start);
    runs.update(sample_of(2, 60s), said);
    runs.forget_silent(start + 60s, said);
    CHECK(names_of(runs) == lines{"run 1", "run 2"});
    CHECK(said.empty());
    runs.update(sample_of(2, 61s), said);
    runs.forget_silent(start + 61s, said);
    CHECK(names_of(runs) == lines{"run 2"});
    CHECK(said == lines{"run 1 has not been heard of for a minute"});
    runs.update(sample_of(1, 70s), said);
    CHECK(names_of(runs) == lines{"run 1", "run 2"});
}
