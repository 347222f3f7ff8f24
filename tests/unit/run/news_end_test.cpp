// How observers end, are interrupted, and are given samples.
#include "news_desk.hpp"

#include "catch.hpp"

#include <chrono>
#include <memory>
#include <utility>
#include <vector>

using by_hand::desk;
using by_hand::hanging;
using by_hand::noting;
using frond::any_hook;
using frond::event_record;
using frond::hook_moment;
using frond::latest;
using frond::news;
using frond::observer_policy;

using namespace std::chrono_literals;

// ---- the end

TEST_CASE("each observer ends once, when it has been told all, and nothing keeps the run after that") {
    noting first, second;
    desk of;
    of.news.add(any_hook(first), true);
    of.news.add(any_hook(second), false);
    of.begin();
    CHECK(of.run.kept());
    of.tell_root(hook_moment::before_task);
    of.news.close();
    CHECK(of.run.ended_awaited + of.run.ended_others == 0);
    of.run.home.run();
    CHECK(first.seen == "b:root");
    CHECK(of.run.ended_awaited == 1);
    CHECK(of.run.ended_others == 1);
    CHECK_FALSE(of.run.kept());
}

TEST_CASE("when the grace is over what a hook awaits is interrupted, and of what waits it is told the end alone") {
    hanging hook;
    hook.go.wakes_when_interrupted = true;
    desk of;
    of.news.add(any_hook(hook), true);
    of.begin();
    for (int i = 0; i < 3; ++i) of.tell_root(hook_moment::before_task);
    of.news.tell_run(hook_moment::after_run);
    of.news.close();
    of.run.home.run();
    REQUIRE(hook.go.has_waiter());
    of.news.cancel();
    of.run.home.run();
    CHECK(hook.go.interrupted == 1);
    CHECK(hook.told == 1);
    CHECK(hook.dropped == 2U);
    CHECK(of.run.ended_awaited == 1);
    CHECK(of.report().interrupted);
    CHECK_FALSE(of.run.kept());
}

TEST_CASE("a hook that is interrupted in the midst of a batch is told no more of it, and the rest is counted") {
    hanging hook;
    hook.go.wakes_when_interrupted = true;
    desk of;
    of.news.add(any_hook(hook), true);
    of.begin();
    event_record record;
    record.moment = hook_moment::before_task;
    frond::event_batch batch;
    batch.records.assign(5, record);
    of.news.tell(std::move(batch));
    of.run.home.run();
    REQUIRE(hook.told == 1);
    of.end();
    of.news.cancel();
    of.run.home.run();
    CHECK(hook.told == 1);
    CHECK(hook.dropped == 4U);
    CHECK(of.report().events_dropped == 4);
}

TEST_CASE(
    "hooks that are interrupted in the first grace and in the second are reported so, in either order and alone") {
    for (bool const polite_first : {true, false}) {
        hanging polite, stubborn;
        polite.go.wakes_when_interrupted = true;
        desk of;
        of.news.add(any_hook(polite_first ? polite : stubborn), true);
        of.news.add(any_hook(polite_first ? stubborn : polite), true);
        of.begin();
        of.tell_root(hook_moment::before_task);
        of.run.home.run();
        of.news.close();
        for (int grace = 1; grace <= 2; ++grace) {
            of.news.cancel();
            of.run.home.run();
            CHECK(of.run.ended_awaited == 1);  // the polite one
            frond::run_report told;
            of.news.fill(told);
            CHECK(told.hooks.at(0).interrupted);
            CHECK(told.hooks.at(1).interrupted);
        }
        stubborn.go.fire();
        of.run.home.run();
    }
    hanging alone;
    alone.go.wakes_when_interrupted = true;
    desk of;
    of.begin_inside_first_call_of(alone);
    of.news.close();
    of.news.cancel();
    of.run.home.run();
    CHECK(of.run.ended_awaited == 1);
    CHECK(of.report().interrupted);
}

TEST_CASE("a hook that goes on in spite of its interruption keeps the run until it ends") {
    hanging hook;
    desk of;
    of.begin_inside_first_call_of(hook);
    of.news.close();
    of.news.cancel();
    of.run.home.run();
    CHECK(hook.go.interrupted == 1);
    CHECK(of.run.ended_awaited == 0);
    CHECK(of.run.kept());
    hook.go.fire();
    of.run.home.run();
    CHECK(of.run.ended_awaited == 1);
    CHECK_FALSE(of.run.kept());
}

TEST_CASE("runs that share a hook tell it one after the other") {
    hanging hook;
    desk first, second;
    first.news.add(any_hook(hook), true);
    second.news.add(any_hook(hook), true);
    first.begin();
    second.begin();
    first.tell_root(hook_moment::before_task);
    first.run.home.run();
    second.tell_root(hook_moment::before_task);
    second.run.home.run();
    CHECK(hook.told == 1);
    hook.go.fire();
    first.run.home.run();
    second.run.home.run();
    CHECK(hook.told == 2);
    first.end();
    second.end();
    CHECK(first.run.ended_awaited + second.run.ended_awaited == 2);
}

// ---- samples

namespace {

struct sampling {
    std::vector<frond::time_point> at{};
    observer_policy policy() const { return latest(2ms); }
    void on_sample(frond::progress const& sample) { at.push_back(sample.taken); }
    void before_run(frond::run_event const&) {}
};

}  // namespace

TEST_CASE("a hook is given samples at its interval") {
    sampling hook;
    desk of;
    auto const begin = of.run.hours.now();
    of.news.add(any_hook(hook), true);
    of.begin();
    for (int i = 0; i < 4; ++i) {
        of.run.hours.pass(1ms);
        of.run.home.run();
    }
    CHECK(hook.at == std::vector{begin + 2ms, begin + 4ms});
    of.end();
}

TEST_CASE("a run that is shorter than the interval has no sample, and leaves no alarm") {
    sampling hook;
    desk of;
    of.news.add(any_hook(hook), true);
    of.begin();
    CHECK(of.run.hours.waiting() == 1);
    of.run.hours.pass(1ms);
    of.end();
    CHECK(hook.at.empty());
    CHECK(of.run.hours.waiting() == 0);
    CHECK(of.run.ended_awaited == 1);
    CHECK_FALSE(of.run.kept());
}

TEST_CASE("an alarm that is on its way when an observer ends keeps the run, and changes nothing") {
    sampling hook;
    desk of;
    of.news.add(any_hook(hook), true);
    of.begin();
    of.news.close();  // the coroutine is on its way first
    of.run.hours.pass(2ms);
    REQUIRE(of.run.home.run_one());
    CHECK(of.run.ended_awaited == 1);
    CHECK(of.run.kept());
    of.run.home.run();
    CHECK(hook.at.empty());
    CHECK_FALSE(of.run.kept());
}

TEST_CASE("a run that only an alarm on its way keeps goes when that has come") {
    sampling hook;
    auto of = std::make_shared<desk>();
    std::weak_ptr<desk> const alive = of;
    auto const place = of->run.place;
    of->run.owned_by = of;
    of->news.add(any_hook(hook), true);
    of->begin();
    of->news.close();
    of->run.hours.pass(2ms);
    of.reset();
    REQUIRE(place->run_one());
    CHECK_FALSE(alive.expired());
    place->run();
    CHECK(alive.expired());
}
