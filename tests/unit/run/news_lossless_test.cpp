// Lanes that wait for lossless hooks, and how long.
#include "news_desk.hpp"

#include "catch.hpp"

#include <chrono>

using by_hand::desk;
using by_hand::hanging;
using by_hand::lane;
using frond::any_hook;
using frond::hook_moment;
using frond::lossless;

using namespace std::chrono_literals;

TEST_CASE(
    "while a lossless hook has more than its bound in its queue lanes wait, and they go on when half of it is told") {
    hanging hook;
    hook.how = lossless(2);
    desk of;
    lane one(of.run), other(of.run);
    of.news.add(any_hook(hook), true);
    CHECK(of.news.has_lossless_hooks());
    of.begin();
    of.tell_root(hook_moment::before_task);
    of.run.home.run();  // the hook is inside its first call
    for (int i = 0; i < 2; ++i) of.tell_root(hook_moment::before_task);
    CHECK(of.news.admits(one));
    of.tell_root(hook_moment::before_task);
    CHECK_FALSE(of.news.admits(one));
    CHECK_FALSE(of.news.admits(other));
    of.run.home.run();
    CHECK(one.woken == 0);
    hook.go.fire();
    of.run.home.run();
    CHECK(one.woken == 1);
    CHECK(other.woken == 1);
    CHECK(hook.told == 4);
    CHECK(of.run.hours.waiting() == 0);
    CHECK(of.news.admits(one));
    of.end();
    CHECK(hook.dropped == 0U);
    CHECK_FALSE(of.report().downgraded);
}

TEST_CASE("a lane waits for one lossless hook at a time, until all of them admit it") {
    hanging first, second;
    first.how = second.how = lossless(0);
    desk of;
    lane one(of.run);
    of.news.add(any_hook(first), true);
    of.news.add(any_hook(second), true);
    of.begin();
    of.tell_root(hook_moment::before_task);
    of.run.home.run();
    of.tell_root(hook_moment::before_task);
    CHECK_FALSE(of.news.admits(one));
    first.go.fire();
    of.run.home.run();
    CHECK(one.woken == 1);
    CHECK_FALSE(of.news.admits(one));
    second.go.fire();
    of.run.home.run();
    CHECK(one.woken == 2);
    CHECK(of.news.admits(one));
    of.end();
}

TEST_CASE("a lossless hook that holds lanes back for its stall limit holds back none any more, and it is reported") {
    hanging hook;
    hook.how = lossless(1, 10s);
    desk of;
    lane one(of.run);
    of.begin_inside_first_call_of(hook);
    for (int i = 0; i < 3; ++i) of.tell_root(hook_moment::before_task);
    CHECK_FALSE(of.news.admits(one));
    of.run.hours.pass(10s - 1ns);
    of.run.home.run();
    CHECK(one.woken == 0);
    of.run.hours.pass(1ns);
    of.run.home.run();
    CHECK(one.woken == 1);
    CHECK(of.news.admits(one));
    CHECK(of.report().downgraded);
    CHECK(of.report().events_dropped == 2);
    hook.go.fire();
    of.end();
    CHECK(hook.told == 2);
}

TEST_CASE(
    "a lossless hook that was downgraded holds the next run back for a sixteenth of its limit, until it catches up") {
    hanging hook;
    hook.how = lossless(1, 16s);
    auto const held_for = [&hook](frond::duration time) {
        hook.told = 0;
        desk of;
        lane one(of.run);
        of.begin_inside_first_call_of(hook);
        for (int i = 0; i < 3; ++i) of.tell_root(hook_moment::before_task);
        CHECK_FALSE(of.news.admits(one));
        of.run.hours.pass(time - 1ns);
        of.run.home.run();
        CHECK(one.woken == 0);
        of.run.hours.pass(1ns);
        of.run.home.run();
        CHECK(of.report().downgraded);
        hook.go.fire();
        of.end();
    };
    held_for(16s);
    held_for(1s);
    held_for(1s);
    {
        hook.told = 0;
        desk of;
        lane one(of.run);
        of.begin_inside_first_call_of(hook);
        for (int i = 0; i < 3; ++i) of.tell_root(hook_moment::before_task);
        CHECK_FALSE(of.news.admits(one));
        hook.go.fire();
        of.run.home.run();
        CHECK(one.woken == 1);
        of.end();
        CHECK_FALSE(of.report().downgraded);
    }
    held_for(16s);
}

TEST_CASE("a stall alarm that was on its way when its lanes went on waits on for those that came after") {
    hanging hook;
    hook.how = lossless(0, 10s);
    desk of;
    lane one(of.run), other(of.run);
    of.begin_inside_first_call_of(hook);
    of.tell_root(hook_moment::before_task);
    CHECK_FALSE(of.news.admits(one));
    of.run.hours.pass(10s);  // the alarm is on its way
    of.news.release_lanes();
    CHECK_FALSE(of.news.admits(other));
    of.run.home.run();
    CHECK(one.woken == 1);
    CHECK(other.woken == 0);
    CHECK_FALSE(of.report().downgraded);
    of.run.hours.pass(10s);
    of.run.home.run();
    CHECK(other.woken == 1);
    CHECK(of.report().downgraded);
    hook.go.fire();
    of.end();
}

TEST_CASE("a run that is cancelled does not wait for a lossless hook, and leaves no alarm") {
    hanging hook;
    hook.how = lossless(0, 24h);
    desk of;
    lane one(of.run);
    of.begin_inside_first_call_of(hook);
    of.tell_root(hook_moment::before_task);
    CHECK_FALSE(of.news.admits(one));
    CHECK(of.run.hours.waiting() == 1);
    of.run.is_cancelled = true;
    of.news.release_lanes();
    of.run.home.run();
    CHECK(one.woken == 1);
    CHECK(of.run.hours.waiting() == 0);
    CHECK(of.news.admits(one));
    hook.go.fire();
    of.end();
    CHECK_FALSE(of.run.kept());
}
