// What docs/hooks.md promises about a hook that cannot keep up, one by one, without a run, a coroutine or a clock.
#include "run/hook_queue.hpp"

#include "catch.hpp"

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <utility>

using frond::batch_list;
using frond::event_batch;
using frond::every;
using frond::hook_queue;
using frond::latest;
using frond::lossless;
using frond::time_point;

using namespace std::chrono_literals;

namespace {

time_point const start{1h};

/// A batch goes by its name, which stands where the thread's child would.
std::shared_ptr<event_batch const> batch_called(std::string name) {
    event_batch made;
    made.enclosing = std::make_shared<frond::child_path const>(
        frond::child_path{nullptr, 0, std::make_shared<std::string const>(std::move(name))});
    return std::make_shared<event_batch const>(std::move(made));
}
std::shared_ptr<event_batch const> run_event_called(std::string name) {
    auto made = *batch_called(std::move(name));
    made.run = std::make_shared<frond::run_event const>();
    return std::make_shared<event_batch const>(std::move(made));
}

batch_list list_of(std::shared_ptr<event_batch const> batch, std::size_t events) {
    batch_list made;
    made.push_back({std::move(batch), events});
    return made;
}

std::string names(batch_list const& batches) {
    std::string text;
    for (auto const& each : batches) text.append(text.empty() ? "" : " ").append(*each.batch->enclosing->key);
    return text;
}

/// Queues a batch of events, and gives the names of those that are dropped for it.
std::string push(hook_queue& queue, std::string name, std::size_t events) {
    auto arrived = list_of(batch_called(std::move(name)), events);
    return names(queue.push(arrived, events));
}
std::string push_run_event(hook_queue& queue, std::string name) {
    auto arrived = list_of(run_event_called(std::move(name)), 0);
    return names(queue.push(arrived, 0));
}

struct lane : frond::wakeable {
    explicit lane(std::string name) : wakeable(nullptr), called(std::move(name)) {}
    std::string called;
};
std::string names(frond::work_list lanes) {
    std::string text;
    while (!lanes.empty()) {
        text.append(text.empty() ? "" : " ").append(static_cast<lane&>(lanes.pop_front()).called);
    }
    return text;
}

/// Takes a step, and reports at once that it has been told: "sample", the batch, "over", and "lets" with the lanes.
std::string tell_next(hook_queue& queue) {
    auto const step = queue.take();
    std::string text;
    auto const add = [&](std::string const& what) { text.append(text.empty() ? "" : ", ").append(what); };
    if (step.sample) add("sample");
    if (step.next.batch != nullptr) add(*step.next.batch->enclosing->key);
    if (step.over) add("over");
    if (!step.admitted.empty()) add("lets " + names(step.admitted));
    if (!step.over) queue.told();
    return text;
}
std::string tell_all(hook_queue& queue) {
    std::string text;
    while (queue.something_to_do()) {
        std::string const told = tell_next(queue);
        text.append(text.empty() ? "" : "; ").append(told);
        if (told == "over") break;
    }
    return text;
}

}  // namespace

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

// ---- lossless hooks

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

// ---- the end

TEST_CASE("a lossless hook holds no lane back once the run has ended") {
    hook_queue queue(lossless(1));
    push(queue, "a", 2);
    CHECK(queue.too_full());
    queue.close();
    CHECK_FALSE(queue.too_full());
}

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

TEST_CASE("a hook that was interrupted stays so when the second grace is over") {
    hook_queue queue(every(10));
    push(queue, "a", 2);
    CHECK(names(queue.cancel()) == "a");
    CHECK(tell_all(queue) == "over");
    CHECK(queue.cancel().empty());
    CHECK(queue.report().interrupted);
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
