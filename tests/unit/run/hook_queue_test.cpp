// What docs/hooks.md promises about a hook that cannot keep up, one by one, without a run, a coroutine or a clock.
#include "named_batches.hpp"

#include "catch.hpp"

#include <chrono>
#include <memory>
#include <utility>

using frond::batch_list;
using frond::event_batch;
using frond::every;
using frond::hook_queue;
using frond::latest;
using frond::lossless;

using namespace named_batches;
using namespace std::chrono_literals;

// ---- all events, up to a bound

TEST_CASE("a hook is told in the order in which things happened") {
    hook_queue queue(every(10));
    push(queue, "a", 1);
    push_run_event(queue, "before_run");
    push(queue, "b", 2);
    CHECK(tell_all(queue) == "a; before_run; b");
    CHECK_FALSE(queue.something_to_do());
}

TEST_CASE("as many events as the bound wait, and none is lost") {
    hook_queue queue(every(10));
    CHECK(push(queue, "a", 6).empty());
    CHECK(push(queue, "b", 4).empty());
    CHECK(queue.dropped() == 0);
    CHECK(tell_all(queue) == "a; b");
}

TEST_CASE("where more events than the bound wait, the oldest go, and are counted") {
    hook_queue queue(every(10));
    push(queue, "a", 3);
    push(queue, "b", 4);
    push(queue, "c", 3);
    CHECK(push(queue, "d", 5) == "a b");
    CHECK(queue.dropped() == 7);
    CHECK(tell_all(queue) == "c; d");
}

TEST_CASE("what has been told makes room for what follows") {
    hook_queue queue(every(10));
    push(queue, "a", 8);
    CHECK(tell_next(queue) == "a");
    CHECK(push(queue, "b", 10).empty());
    CHECK(queue.dropped() == 0);
}

TEST_CASE("a batch that is larger than the bound is told whole, if nothing came after it") {
    hook_queue queue(every(10));
    push(queue, "a", 1);
    CHECK(push(queue, "large", 64) == "a");
    CHECK(queue.dropped() == 1);
    CHECK(tell_all(queue) == "large");
}

TEST_CASE("events of the run itself are never dropped, however many others wait") {
    hook_queue queue(every(1));
    push_run_event(queue, "before_run");
    push(queue, "a", 5);
    CHECK(push_run_event(queue, "after_grouping") == "a");
    push(queue, "b", 5);
    CHECK(push(queue, "c", 5) == "b");
    CHECK(tell_all(queue) == "before_run; after_grouping; c");
}

TEST_CASE("events for which there is no memory are counted as dropped, and those that follow are told") {
    hook_queue queue(every(10));
    batch_list none;
    CHECK(queue.push(none, 7).empty());
    push(queue, "a", 1);
    CHECK(queue.dropped() == 7);
    CHECK(tell_all(queue) == "a");
}

TEST_CASE("a batch that is dropped lives until the caller lets it go") {
    hook_queue queue(every(1));
    auto batch = batch_called("a");
    std::weak_ptr<event_batch const> const alive = batch;
    auto first = list_of(std::move(batch), 1);
    auto second = list_of(batch_called("b"), 1);
    CHECK(queue.push(first, 1).empty());
    auto dropped = queue.push(second, 1);
    CHECK_FALSE(alive.expired());
    dropped.clear();
    CHECK(alive.expired());
}

// ---- the coroutine

TEST_CASE("a coroutine that sleeps is woken once, when there is something to tell") {
    hook_queue queue(every(10));
    queue.sleep();
    CHECK_FALSE(queue.wakes());
    push(queue, "a", 1);
    CHECK(queue.wakes());
    push(queue, "b", 1);
    CHECK_FALSE(queue.wakes());
}

TEST_CASE("a coroutine that is telling is not woken") {
    hook_queue queue(every(10));
    push(queue, "a", 1);
    static_cast<void>(queue.take());
    push(queue, "b", 1);
    CHECK_FALSE(queue.wakes());
    queue.told();
    CHECK(tell_next(queue) == "b");
}

TEST_CASE("the end wakes a coroutine that sleeps") {
    hook_queue closed(every(10));
    closed.sleep();
    closed.close();
    CHECK(closed.wakes());

    hook_queue cancelled(every(10));
    cancelled.sleep();
    CHECK(cancelled.cancel().empty());
    CHECK(cancelled.wakes());
}

// ---- samples

TEST_CASE("a sample is due when its time has come, and comes before the events that wait") {
    hook_queue queue(latest(2ms));
    CHECK(queue.samples());
    CHECK(queue.next_sample(start) == start + 2ms);
    queue.sleep();
    queue.sample_due();
    CHECK(queue.wakes());
    push_run_event(queue, "after_grouping");
    CHECK(tell_all(queue) == "sample, after_grouping");
    CHECK_FALSE(queue.something_to_do());
}

TEST_CASE("an interval and a stall limit that are for ever are not over before the end of time") {
    CHECK(hook_queue(latest(std::chrono::hours::max())).next_sample(start) == frond::time_point::max());
    CHECK(hook_queue(lossless(10, std::chrono::hours::max())).stalls_at() == frond::time_point::max());
}

TEST_CASE("a sample that was due while the hook was told something follows it, once") {
    hook_queue queue(latest(2ms));
    push_run_event(queue, "before_run");
    static_cast<void>(queue.take());
    queue.sample_due();
    queue.told();
    CHECK(tell_all(queue) == "sample");
}

TEST_CASE("no sample is taken once the run has ended") {
    hook_queue queue(latest(2ms));
    queue.sample_due();
    push_run_event(queue, "after_run");
    queue.close();
    CHECK(tell_all(queue) == "after_run; over");
}

TEST_CASE("a hook that is told of events takes no samples") {
    CHECK_FALSE(hook_queue(every(10)).samples());
    CHECK_FALSE(hook_queue(lossless(10)).samples());
}

// ---- the end

TEST_CASE("after the end of the run a hook is told what waits, and then it is over") {
    hook_queue queue(every(10));
    push(queue, "a", 1);
    push_run_event(queue, "after_run");
    queue.close();
    CHECK(tell_all(queue) == "a; after_run; over");
    CHECK_FALSE(queue.report().interrupted);
}

TEST_CASE("what comes after the end is neither queued nor counted, and stays the caller's") {
    hook_queue queue(every(10));
    queue.close();
    auto late = list_of(batch_called("late"), 3);
    CHECK(queue.push(late, 3).empty());
    CHECK(names(late) == "late");
    CHECK(queue.dropped() == 0);
    CHECK(queue.report().most_queued == 0);
    CHECK(tell_all(queue) == "over");
}

TEST_CASE("when the grace is over, all but the events of the run itself is dropped and counted") {
    hook_queue queue(every(10));
    push(queue, "a", 2);
    push_run_event(queue, "after_run");
    push(queue, "b", 3);
    queue.close();
    CHECK(names(queue.cancel()) == "a b");
    CHECK(queue.dropped() == 5);
    CHECK(queue.report().interrupted);
    CHECK(tell_all(queue) == "after_run; over");
}

TEST_CASE("a hook that has been told all when the grace is over was not interrupted") {
    hook_queue queue(every(10));
    push(queue, "a", 2);
    CHECK(tell_next(queue) == "a");
    CHECK(queue.cancel().empty());
    CHECK_FALSE(queue.report().interrupted);
    CHECK(tell_all(queue) == "over");
}

TEST_CASE("a hook that is inside a call when the grace is over was interrupted") {
    hook_queue queue(every(10));
    push(queue, "a", 2);
    static_cast<void>(queue.take());
    queue.close();
    CHECK(queue.cancel().empty());
    CHECK(queue.report().interrupted);
}

TEST_CASE("a hook that has not been told the run's end when the grace is over was interrupted") {
    hook_queue queue(every(10));
    push_run_event(queue, "after_run");
    queue.close();
    CHECK(queue.cancel().empty());
    CHECK(queue.report().interrupted);
    CHECK(tell_all(queue) == "after_run; over");
}

TEST_CASE("a hook that was interrupted stays so when the second grace is over") {
    hook_queue queue(every(10));
    push(queue, "a", 2);
    CHECK(names(queue.cancel()) == "a");
    CHECK(tell_all(queue) == "over");
    CHECK(queue.cancel().empty());
    CHECK(queue.report().interrupted);
    CHECK(queue.dropped() == 2);
}

TEST_CASE("a hook that was interrupted before the end of the run stays so") {
    hook_queue queue(every(10));
    push(queue, "a", 2);
    CHECK(names(queue.cancel()) == "a");
    queue.close();
    CHECK(queue.report().interrupted);
    CHECK(tell_all(queue) == "over");
}

// ---- what is reported

TEST_CASE("the longest that the queue has been is reported, before the oldest go") {
    hook_queue queue(every(10));
    push(queue, "a", 8);
    push(queue, "b", 4);
    CHECK(tell_all(queue) == "b");
    push(queue, "c", 1);
    CHECK(queue.report().most_queued == 12);
}

TEST_CASE("errors of the hook, and events that could not be told, are reported") {
    hook_queue queue(every(10));
    push(queue, "a", 3);
    static_cast<void>(queue.take());
    queue.threw();
    queue.threw();
    queue.lose(2);
    queue.told();
    CHECK(queue.report().errors == 2);
    CHECK(queue.report().events_dropped == 2);
}
