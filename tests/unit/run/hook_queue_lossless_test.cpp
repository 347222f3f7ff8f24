// What docs/hooks.md promises about lossless hooks, and the lanes that wait for them, without a run, a coroutine or a
// clock.
#include "named_batches.hpp"

#include "catch.hpp"

#include <chrono>

using frond::batch_list;
using frond::every;
using frond::hook_queue;
using frond::lossless;

using namespace named_batches;
using namespace std::chrono_literals;

TEST_CASE("a lossless hook loses nothing, and wants no more children while more than its bound wait") {
    hook_queue queue(lossless(4));
    CHECK(push(queue, "a", 4).empty());
    CHECK_FALSE(queue.too_full());
    CHECK(push(queue, "b", 64).empty());
    CHECK(queue.too_full());
    CHECK(tell_all(queue) == "a; b");
    CHECK(queue.dropped() == 0);
}

TEST_CASE("lanes that a lossless hook holds back go on when half of its queue is gone, all at once and in order") {
    hook_queue queue(lossless(8));
    lane first("first"), second("second");
    for (auto const* name : {"a", "b", "c", "d"}) push(queue, name, 3);
    queue.hold(first, start);
    queue.hold(second, start + 1s);
    CHECK(queue.holds_lanes());
    CHECK(tell_next(queue) == "a");
    CHECK(tell_next(queue) == "b");
    CHECK(tell_next(queue) == "c, lets first second");
    CHECK_FALSE(queue.holds_lanes());
    CHECK(tell_next(queue) == "d");
}

TEST_CASE("a hook that may lose events holds no lane back") {
    hook_queue queue(every(4));
    push(queue, "a", 64);
    CHECK_FALSE(queue.too_full());
}

TEST_CASE("lanes are let go when nothing new is to start") {
    hook_queue queue(lossless(1));
    lane waiting("waiting");
    push(queue, "a", 2);
    queue.hold(waiting, start);
    CHECK(names(queue.release()) == "waiting");
    CHECK_FALSE(queue.holds_lanes());
    CHECK(tell_all(queue) == "a");
}

TEST_CASE("a lossless hook that holds lanes back for its stall limit is treated as every(bound), and it is reported") {
    hook_queue queue(lossless(4, 10s));
    lane waiting("waiting"), later("later");
    for (auto const* name : {"a", "b", "c"}) push(queue, name, 3);
    queue.hold(waiting, start);
    queue.hold(later, start + 5s);
    CHECK(queue.stalls_at() == start + 10s);
    CHECK_FALSE(queue.report().downgraded);
    batch_list dropped;
    CHECK(queue.stalled(start + 10s, dropped) == hook_queue::stall::over);
    CHECK(names(dropped) == "a b");
    CHECK(queue.dropped() == 6);
    CHECK(queue.report().downgraded);
    CHECK(names(queue.release()) == "waiting later");

    CHECK(push(queue, "d", 4) == "c");
    CHECK(push(queue, "large", 64) == "d");
    CHECK_FALSE(queue.too_full());
}

TEST_CASE("a lossless hook that is doubted holds lanes back for a sixteenth of its stall limit") {
    hook_queue queue(lossless(1, 16s), true);
    lane waiting("waiting");
    push(queue, "a", 2);
    queue.hold(waiting, start);
    CHECK(queue.stalls_at() == start + 1s);
    batch_list dropped;
    CHECK(queue.stalled(start + 1s, dropped) == hook_queue::stall::over);
    CHECK(names(queue.release()) == "waiting");
}

TEST_CASE("a hook has caught up if it has held lanes back and was told all in time") {
    hook_queue idle(lossless(1));
    idle.close();
    CHECK_FALSE(idle.caught_up());

    lane waiting("waiting");
    hook_queue quick(lossless(1, 10s));
    push(quick, "a", 2);
    quick.hold(waiting, start);
    CHECK(tell_all(quick) == "a, lets waiting");
    CHECK_FALSE(quick.caught_up());
    quick.close();
    CHECK(quick.caught_up());

    hook_queue slow(lossless(1, 10s));
    push(slow, "a", 2);
    slow.hold(waiting, start);
    batch_list dropped;
    CHECK(slow.stalled(start + 10s, dropped) == hook_queue::stall::over);
    CHECK(names(slow.release()) == "waiting");
    slow.close();
    CHECK_FALSE(slow.caught_up());
}

TEST_CASE("the stall limit counts from the first lane that waits now") {
    hook_queue queue(lossless(2, 10s));
    lane first("first"), second("second");
    batch_list dropped;
    push(queue, "a", 3);
    queue.hold(first, start);
    CHECK(tell_next(queue) == "a, lets first");
    push(queue, "b", 3);
    queue.hold(second, start + 9s);
    CHECK(queue.stalled(start + 10s, dropped) == hook_queue::stall::early);
    CHECK(queue.stalls_at() == start + 19s);
    CHECK(queue.holds_lanes());
    CHECK_FALSE(queue.report().downgraded);
    CHECK(queue.stalled(start + 19s, dropped) == hook_queue::stall::over);
}

TEST_CASE("a stall alarm that comes when no lane waits changes nothing") {
    hook_queue queue(lossless(2, 10s));
    lane waiting("waiting");
    batch_list dropped;
    push(queue, "a", 3);
    queue.hold(waiting, start);
    static_cast<void>(queue.release());
    CHECK(queue.stalled(start + 1min, dropped) == hook_queue::stall::none);
    CHECK(dropped.empty());
    CHECK(queue.too_full());
}

TEST_CASE("a lossless hook holds no lane back once the run has ended") {
    hook_queue queue(lossless(1));
    push(queue, "a", 2);
    CHECK(queue.too_full());
    queue.close();
    CHECK_FALSE(queue.too_full());
}
