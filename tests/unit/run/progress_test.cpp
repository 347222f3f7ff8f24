// How far a run says it is: whose bodies tell of themselves.
#include "../base/by_hand.hpp"
#include "catch.hpp"
#include "frond/run/this_task.hpp"
#include "frond/run/typed_plan.hpp"

#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

using frond::all;
using frond::arg;
using frond::async;
using frond::expander;
using frond::in;
using frond::input;

namespace progress_of_bodies {

expander<int> file() {
    co_yield frond::child("a.txt", 1);
    co_yield 2;
}
expander<int> chunk(in<file> of) { co_yield 10 * *of; }
async<int> words(in<chunk> of, input<"run", frond::run_handle&> run,
                 input<"seen", std::vector<frond::body_progress>&> seen) {
    co_await frond::this_task::progress(*of, 100);
    for (auto const& each : run->progress().bodies) seen->push_back(each);
    co_return *of;
}
int in_file(all<words> of) { return static_cast<int>(of.size()); }
int total(all<in_file> of) { return static_cast<int>(of.size()); }

int failing(in<file> of) { return *of == 1 ? throw std::runtime_error("no luck") : *of; }
int none(all<failing> of) { return static_cast<int>(of.size()); }

class still_clock final : public frond::clock {
public:
    frond::time_point now() const noexcept override { return {}; }
    void wait(frond::alarm&) noexcept override {}
    bool cancel(frond::alarm&) noexcept override { return true; }
};

struct ended final : frond::run_completion {
    void complete(frond::run_outcome& outcome) noexcept override { failure = outcome.failure; }
    std::optional<frond::error> failure;
};

std::optional<frond::error> play(frond::run_handle const& run) {
    by_hand::executor here;
    still_clock time;
    ended completion;
    frond::run_start start;
    start.on = &here;
    start.time = &time;
    start.completion = &completion;
    begin(run, start);
    here.run();
    return completion.failure;
}

}  // namespace progress_of_bodies

using namespace progress_of_bodies;

TEST_CASE("a body that tells of itself goes by the keys of its child and of those around it") {
    frond::run_handle run;
    std::vector<frond::body_progress> seen;
    auto prepared = frond::plan_for<total>().prepare(arg<"run">(run), arg<"seen">(seen));
    run = prepared.value().run;
    CHECK_FALSE(play(run));
    REQUIRE(seen.size() == 2);
    auto const& keyed = seen[0].done == 10 ? seen[0] : seen[1];
    auto const& bare = seen[0].done == 10 ? seen[1] : seen[0];
    CHECK(keyed.task == "expand-file.0[a.txt].expand-chunk.0.block-chunk");
    CHECK(keyed.child == "a.txt > 0");
    CHECK(bare.task == "expand-file.1.expand-chunk.0.block-chunk");
    CHECK(bare.child.empty());
}

TEST_CASE("a failure names its task with the key of the child") {
    auto prepared = frond::plan_for<none>().prepare();
    auto const failure = play(prepared.value().run);
    REQUIRE(failure);
    CHECK(failure->task() == "expand-file.0[a.txt].block-file");
}
