// What is measured of a run, from events at known times.
#include "../../catch.hpp"

#include "told_run.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <thread>
#include <vector>

using namespace samples;
using frond::purpose;
using frond::task_state;
using frond::trigger;
using frond::hooks::timing_options;
using frond::hooks::timing_report;

TEST_CASE("the tasks of a spec are told with count, total, quantiles and how they ended") {
    one_expansion plan;
    timing_report report;
    told_run run(report, plan.by_hand.get());
    auto const expand = run.id(plan.expand);
    run.begins(expand, 0ms);
    for (std::uint64_t i = 0; i < 100; ++i) {
        auto const at = 10ms * static_cast<int>(i);
        run.yields(expand, i, at);
        run.begins(run.id(plan.block, {i}), at + 1ms);
        auto const state = i == 7   ? task_state::failed
                           : i == 8 ? task_state::timed_out
                           : i == 9 ? task_state::cancelled
                                    : task_state::succeeded;
        run.ends(run.id(plan.block, {i}), at + 1ms + 10us * static_cast<int>(i + 1), state);
    }
    run.ends(expand, 1000ms);
    run.over(1001ms);
    auto const block = report.timing().specs[plan.block];
    CHECK(block.name == "block-file");
    CHECK(block.depth == 1);
    CHECK(block.expander == plan.expand);
    CHECK(block.tasks.count == 100);
    CHECK(block.tasks.total == 50500us);
    CHECK(block.tasks.least == 10us);
    CHECK(block.tasks.most == 1000us);
    CHECK(block.tasks.p50 >= 496us);
    CHECK(block.tasks.p50 <= 504us);
    CHECK(block.tasks.p95 >= 942us);
    CHECK(block.tasks.p95 <= 958us);
    CHECK(block.failed == 1);
    CHECK(block.timed_out == 1);
    CHECK(block.cancelled == 1);
    CHECK(block.running == 0);
    CHECK(block.queued.count == 100);
    CHECK(block.queued.most == 1ms);  // from the yield on
}

TEST_CASE("tasks that follow another of their child queue from their submission on") {
    plan_by_hand by_hand;
    auto const expand = by_hand.spec("expand-file", purpose::expand);
    auto const inside = by_hand.children_of(expand);
    auto const first = by_hand.spec("block-file", purpose::execute_block, inside);
    auto const second = by_hand.spec("block-file-2", purpose::execute_block, inside);
    by_hand.needs(second, first);
    timing_report report;
    told_run run(report, by_hand.get());
    run.begins(run.id(expand), 0ms);
    run.yields(run.id(expand), 0, 1ms);
    run.submits(run.id(first, {0}), 3ms);
    run.does(run.id(first, {0}), 4ms, 6ms);
    run.submits(run.id(second, {0}), 6ms);
    run.does(run.id(second, {0}), 8ms, 9ms);
    auto const told = report.timing();
    CHECK(told.specs[first].queued.total == 3ms);
    CHECK(told.specs[second].queued.total == 2ms);
}

TEST_CASE("the slowest children are told first, with id, key and how they ended") {
    one_expansion plan;
    timing_report report(timing_options().slowest(3));
    told_run run(report, plan.by_hand.get());
    for (std::uint64_t i = 0; i < 50; ++i) {
        auto const task = run.id(plan.block, {i}, "k" + std::to_string(i));
        run.begins(task, 1ms);
        run.ends(task, 1ms + 1ms * static_cast<int>((i * 17) % 50 + 1),
                 i == 47 ? task_state::failed : task_state::succeeded);
    }
    auto const slowest = report.timing().slowest;
    REQUIRE(slowest.size() == 3);
    CHECK(slowest[0].task == "expand-file.47[k47].block-file");
    CHECK(slowest[0].key == "k47");
    CHECK(slowest[0].took == 50ms);
    CHECK(slowest[0].began == 1ms);
    CHECK(slowest[0].state == task_state::failed);
    CHECK(slowest[1].took == 49ms);
    CHECK(slowest[2].took == 48ms);
}

TEST_CASE("an expander's gaps are those in which no child was queued, and those in which none ran either") {
    one_expansion plan;
    timing_report report;
    told_run run(report, plan.by_hand.get());
    auto const expand = run.id(plan.expand);
    run.begins(expand, 0ms);
    run.yields(expand, 0, 10ms);                // 10 ms: nothing to do
    run.begins(run.id(plan.block, {0}), 15ms);  // 5 ms queued
    run.ends(run.id(plan.block, {0}), 35ms);    // 20 ms: one runs, none is queued
    run.yields(expand, 1, 40ms);                // 5 ms: nothing to do
    run.yields(expand, 2, 40ms);
    run.not_started(expand, 1, 2, 50ms);  // 10 ms queued
    run.ends(expand, 57ms);               // 7 ms: nothing to do
    run.over(60ms);
    auto const told = report.timing().expansions.at(0);
    CHECK(told.name == "expand-file");
    CHECK(told.yielded == 3);
    CHECK(told.not_started == 2);
    CHECK(told.open == 57ms);
    CHECK(told.none_queued == 42ms);
    CHECK(told.none_open == 22ms);
}

TEST_CASE("a collector's time is told up to its last child's end, and after it") {
    one_expansion plan(trigger::opened);
    timing_report report;
    told_run run(report, plan.by_hand.get());
    run.begins(run.id(plan.expand), 0ms);
    run.begins(run.id(plan.collect), 2ms);
    run.yields(run.id(plan.expand), 0, 3ms);
    run.does(run.id(plan.block, {0}), 4ms, 20ms);
    run.ends(run.id(plan.expand), 21ms);
    run.ends(run.id(plan.collect), 29ms);
    auto const told = report.timing().collectors.at(0);
    CHECK(told.with_children == 18ms);
    CHECK(told.after_children == 9ms);
}

TEST_CASE(
    "a collector that is cancelled waited for the children that had not ended, and for an expander that had not") {
    for (bool const child_runs : {true, false}) {
        one_expansion plan(trigger::opened);
        timing_report report;
        told_run run(report, plan.by_hand.get());
        run.begins(run.id(plan.expand), 0ms);
        run.begins(run.id(plan.collect), 2ms);
        run.yields(run.id(plan.expand), 0, 3ms);
        run.does(run.id(plan.block, {0}), 4ms, 5ms);
        if (child_runs) {
            run.yields(run.id(plan.expand), 1, 6ms);
            run.begins(run.id(plan.block, {1}), 7ms);
            run.ends(run.id(plan.expand), 8ms);
        }
        run.ends(run.id(plan.collect), 29ms, task_state::cancelled);
        auto const told = report.timing().collectors.at(0);
        CHECK(told.with_children == 27ms);
        CHECK(told.after_children == 0ms);
    }
}

TEST_CASE("a collector that fails after its last child worked after that child") {
    one_expansion plan(trigger::opened);
    timing_report report;
    told_run run(report, plan.by_hand.get());
    run.begins(run.id(plan.expand), 0ms);
    run.begins(run.id(plan.collect), 2ms);
    run.yields(run.id(plan.expand), 0, 3ms);
    run.does(run.id(plan.block, {0}), 4ms, 20ms);
    run.ends(run.id(plan.expand), 21ms);
    run.ends(run.id(plan.collect), 29ms, task_state::failed);
    CHECK(report.timing().collectors.at(0).after_children == 9ms);
}

TEST_CASE("plain tasks keep their thread busy; coroutines and tasks that are sent away do not count") {
    plan_by_hand by_hand;
    auto const plain = by_hand.spec("plain", purpose::execute_single);
    auto const awaits = by_hand.spec("awaits", purpose::execute_single, 0, coroutine_body);
    auto const other = by_hand.spec("other", purpose::execute_single);
    timing_report report;
    told_run run(report, by_hand.get());
    run.does(run.id(plain), 0ms, 30ms);
    run.does(run.id(awaits), 30ms, 70ms);
    std::thread second([] {});
    run.thread = second.get_id();
    run.does(run.id(other), 10ms, 20ms);
    second.join();
    run.over(100ms);
    auto const told = report.timing();
    REQUIRE(told.threads.size() == 2);
    CHECK(told.threads[0].tasks == 1);
    CHECK(told.threads[0].busy == 30ms);
    CHECK(told.threads[1].busy == 10ms);
    CHECK(told.suspending == 40ms);
    CHECK(told.elsewhere == 0ms);
}

TEST_CASE("a run is told while it goes on, as far as its latest event") {
    one_expansion plan;
    timing_report report;
    told_run run(report, plan.by_hand.get());
    run.begins(run.id(plan.expand), 5ms);
    auto const told = report.timing();
    CHECK_FALSE(told.ended);
    CHECK(told.elapsed == 5ms);
    CHECK(told.specs[plan.expand].running == 1);
    CHECK(told.specs[plan.expand].tasks.count == 0);
}

TEST_CASE("runs that are told at once are kept apart") {
    one_expansion plan;
    timing_report report;
    told_run one(report, plan.by_hand.get(), 4);
    told_run other(report, plan.by_hand.get(), 9);
    one.begins(one.id(plan.block, {0}), 0ms);
    other.begins(other.id(plan.block, {0}), 0ms);
    other.ends(other.id(plan.block, {0}), 7ms);
    one.ends(one.id(plan.block, {0}), 3ms);
    one.over(10ms);
    CHECK(report.runs() == std::vector<std::uint64_t>{4, 9});
    CHECK(report.timing(4)->specs[plan.block].tasks.total == 3ms);
    CHECK(report.timing(9)->specs[plan.block].tasks.total == 7ms);
    CHECK(report.timing().run_id == 9);
    CHECK_FALSE(report.timing(5));
}

TEST_CASE("of the runs that have ended the oldest are forgotten, and no plan is kept") {
    one_expansion plan;
    auto shared = plan.by_hand.get();
    timing_report report(timing_options().keep_runs(2));
    auto const before = shared.use_count();
    for (std::uint64_t id = 1; id <= 5; ++id) {
        told_run run(report, shared, id);
        run.does(run.id(plan.block, {0}), 0ms, 1ms);
        run.over(2ms);
    }
    CHECK(report.runs() == std::vector<std::uint64_t>{4, 5});
    CHECK(shared.use_count() == before);
}

TEST_CASE("a task of which only the end was told is counted as not timed") {
    one_expansion plan;
    timing_report report;
    told_run run(report, plan.by_hand.get());
    run.ends(run.id(plan.block, {0}), 3ms);
    run.over(4ms, {}, 1);
    auto const told = report.timing();
    CHECK(told.events_dropped == 1);
    CHECK(told.specs[plan.block].untimed == 1);
    CHECK(told.specs[plan.block].tasks.count == 0);
    CHECK(told.specs[plan.block].running == 0);
}

TEST_CASE("the timeline has every task of a small spec, and evenly spread ones of a large one") {
    one_expansion plan;
    timing_report report;
    told_run run(report, plan.by_hand.get());
    run.does(run.id(plan.expand), 0ms, 1ms);
    for (std::uint64_t i = 0; i < 1000; ++i)
        run.does(run.id(plan.block, {i}), 1ms * static_cast<int>(i), 1ms * static_cast<int>(i + 1));
    std::vector<frond::duration> blocks;
    auto const told = report.timing();
    for (auto const& each : told.timeline) {
        if (each.spec == plan.block) blocks.push_back(each.from);
    }
    REQUIRE(told.timeline.size() == blocks.size() + 1);
    REQUIRE(blocks.size() == 125);
    for (std::size_t i = 0; i < blocks.size(); ++i) CHECK(blocks[i] == 8ms * static_cast<int>(i));
}
