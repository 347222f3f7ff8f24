// Which tasks the end of a run had to wait for.
#include "../../catch.hpp"

#include "told_run.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

using namespace samples;
using frond::purpose;
using frond::trigger;
using frond::hooks::timing_report;

namespace {

/// "task from-to", in milliseconds.
std::vector<std::string> path(timing_report const& report) {
    std::vector<std::string> made;
    auto const ms = [](frond::duration time) {
        return std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(time).count());
    };
    for (auto const& each : report.timing().critical_path) {
        made.push_back(each.task + " " + ms(each.from) + "-" + ms(each.to));
    }
    return made;
}

using steps = std::vector<std::string>;

}  // namespace

TEST_CASE("before a task comes, of what it needs, what ended last") {
    plan_by_hand by_hand;
    auto const a = by_hand.spec("a", purpose::execute_single);
    auto const b = by_hand.spec("b", purpose::execute_single);
    auto const c = by_hand.spec("c", purpose::execute_single);
    auto const d = by_hand.spec("d", purpose::execute_single);
    by_hand.needs(c, a);
    by_hand.needs(c, b);
    by_hand.needs(d, a);
    timing_report report;
    told_run run(report, by_hand.get());
    run.does(run.id(b), 0ms, 5ms);
    run.does(run.id(a), 1ms, 4ms);
    run.does(run.id(d), 4ms, 9ms);
    run.does(run.id(c), 7ms, 12ms);
    run.over(12ms);
    CHECK(path(report) == steps{"b 0-5", "c 7-12"});
    auto const told = report.timing();
    CHECK(told.critical_path[1].waited == 2ms);
    CHECK(told.path_is_whole);
}

TEST_CASE("before a list comes the child that ended last, and before that its expander until it yielded it") {
    one_expansion plan;
    timing_report report;
    told_run run(report, plan.by_hand.get());
    auto const expand = run.id(plan.expand);
    run.begins(expand, 1ms);
    run.yields(expand, 0, 2ms);
    run.yields(expand, 1, 3ms);
    run.ends(expand, 4ms);
    run.begins(run.id(plan.block, {0}), 2ms);
    run.begins(run.id(plan.block, {1}, "slow"), 5ms);
    run.ends(run.id(plan.block, {1}, "slow"), 20ms);
    run.ends(run.id(plan.block, {0}), 8ms);  // told later, though it ended before
    run.does(run.id(plan.collect), 21ms, 25ms);
    run.over(25ms);
    CHECK(path(report) == steps{"expand-file 1-3", "expand-file.1[slow].block-file 5-20", "collect-total 21-25"});
    auto const told = report.timing().critical_path;
    CHECK(told[0].waited == 1ms);
    CHECK(told[1].waited == 2ms);
    CHECK(told[2].waited == 1ms);
}

TEST_CASE("a collector of a stream counts from the end of its last child") {
    one_expansion plan(trigger::opened);
    timing_report report;
    told_run run(report, plan.by_hand.get());
    run.begins(run.id(plan.expand), 0ms);
    run.begins(run.id(plan.collect), 0ms);
    run.yields(run.id(plan.expand), 0, 1ms);
    run.ends(run.id(plan.expand), 2ms);
    run.does(run.id(plan.block, {0}), 1ms, 10ms);
    run.ends(run.id(plan.collect), 13ms);
    run.over(13ms);
    CHECK(path(report) == steps{"expand-file 0-1", "expand-file.0.block-file 1-10", "collect-total 10-13"});
}

TEST_CASE("a child that ends after a collector is not on the way to it") {
    one_expansion plan(trigger::opened);
    auto const sum = plan.by_hand.spec("sum", purpose::execute_single);
    plan.by_hand.needs(sum, plan.collect);
    timing_report report;
    told_run run(report, plan.by_hand.get());
    run.begins(run.id(plan.expand), 0ms);
    run.begins(run.id(plan.collect), 1ms);
    run.yields(run.id(plan.expand), 0, 1ms);
    run.does(run.id(plan.block, {0}), 1ms, 9ms);
    run.ends(run.id(plan.collect), 8ms);  // it took no more
    run.does(run.id(sum), 8ms, 20ms);
    CHECK(path(report) == steps{"expand-file 0-1", "collect-total 1-8", "sum 8-20"});
}

TEST_CASE("an expander that ends after its last child comes again in between") {
    one_expansion plan;
    timing_report report;
    told_run run(report, plan.by_hand.get());
    run.begins(run.id(plan.expand), 0ms);
    run.yields(run.id(plan.expand), 0, 1ms);
    run.does(run.id(plan.block, {0}), 1ms, 5ms);
    run.ends(run.id(plan.expand), 30ms);
    run.does(run.id(plan.collect), 30ms, 31ms);
    CHECK(path(report) ==
          steps{"expand-file 0-1", "expand-file.0.block-file 1-5", "expand-file 5-30", "collect-total 30-31"});
}

TEST_CASE("an expander without children is on the way by itself") {
    one_expansion plan;
    timing_report report;
    told_run run(report, plan.by_hand.get());
    run.does(run.id(plan.expand), 0ms, 5ms);
    run.does(run.id(plan.collect), 5ms, 6ms);
    CHECK(path(report) == steps{"expand-file 0-5", "collect-total 5-6"});
}

TEST_CASE("an expander's step tells for how long earlier children kept it company") {
    one_expansion plan;
    timing_report report;
    told_run run(report, plan.by_hand.get());
    run.begins(run.id(plan.expand), 0ms);
    run.yields(run.id(plan.expand), 0, 3ms);
    run.does(run.id(plan.block, {0}), 3ms, 13ms);
    run.yields(run.id(plan.expand), 1, 14ms);
    run.ends(run.id(plan.expand), 14ms);
    run.does(run.id(plan.block, {1}), 14ms, 20ms);
    auto const told = report.timing().critical_path;
    REQUIRE(told.size() == 2);
    CHECK(told[0].to == 14ms);
    CHECK(told[0].children_ran == 10ms);
}

TEST_CASE("the way leads through nested expansions, down to the child and up again") {
    plan_by_hand by_hand;
    auto const load = by_hand.spec("load", purpose::execute_single);
    auto const file = by_hand.spec("expand-file", purpose::expand);
    by_hand.needs(file, load);
    auto const in_file = by_hand.children_of(file);
    auto const parse = by_hand.spec("block-file", purpose::execute_block, in_file);
    auto const chunk = by_hand.spec("expand-chunk", purpose::expand, in_file);
    by_hand.needs(chunk, parse);
    auto const in_chunk = by_hand.children_of(chunk);
    auto const digest = by_hand.spec("block-chunk", purpose::execute_block, in_chunk);
    auto const per_file = by_hand.spec("collect-per_file", purpose::collect, in_file);
    by_hand.needs(per_file, chunk, trigger::finished);
    auto const total = by_hand.spec("collect-total", purpose::collect);
    by_hand.needs(total, file, trigger::finished);

    timing_report report;
    told_run run(report, by_hand.get());
    run.does(run.id(load), 0ms, 1ms);
    run.begins(run.id(file), 1ms);
    run.yields(run.id(file), 0, 2ms);
    run.yields(run.id(file), 1, 3ms);
    run.ends(run.id(file), 4ms);
    for (std::uint64_t i = 0; i < 2; ++i) {
        auto const at = 10ms * static_cast<int>(i);
        run.does(run.id(parse, {i}), at + 5ms, at + 6ms);
        run.begins(run.id(chunk, {i}), at + 6ms);
        run.yields(run.id(chunk, {i}), 0, at + 7ms);
        run.yields(run.id(chunk, {i}), 1, at + 7ms);
        run.ends(run.id(chunk, {i}), at + 7ms);
        run.does(run.id(digest, {i, 1}), at + 7ms, at + 8ms);
        run.does(run.id(digest, {i, 0}), at + 8ms, at + 10ms);
        run.does(run.id(per_file, {i}), at + 10ms, at + 11ms);
    }
    run.does(run.id(total), 22ms, 23ms);
    run.over(23ms);
    CHECK(path(report) == steps{"load 0-1", "expand-file 1-3", "expand-file.1.block-file 15-16",
                                "expand-file.1.expand-chunk 16-17", "expand-file.1.expand-chunk.0.block-chunk 18-20",
                                "expand-file.1.collect-per_file 20-21", "collect-total 22-23"});
    CHECK(report.timing().path_is_whole);
}

TEST_CASE("an expander that reads a stream comes from the child that had ended when it yielded") {
    plan_by_hand by_hand;
    auto const first = by_hand.spec("expand-a", purpose::expand);
    auto const a = by_hand.spec("block-a", purpose::execute_block, by_hand.children_of(first));
    auto const second = by_hand.spec("expand-b", purpose::expand);
    by_hand.needs(second, first, trigger::opened);
    auto const b = by_hand.spec("block-b", purpose::execute_block, by_hand.children_of(second));
    timing_report report;
    told_run run(report, by_hand.get());
    run.begins(run.id(first), 0ms);
    run.begins(run.id(second), 0ms);
    run.yields(run.id(first), 0, 1ms);
    run.yields(run.id(first), 1, 2ms);
    run.does(run.id(a, {0}), 1ms, 4ms);
    run.yields(run.id(second), 0, 5ms);
    run.does(run.id(a, {1}), 4ms, 6ms);  // of no matter for what was yielded before
    run.does(run.id(b, {0}), 5ms, 50ms);
    CHECK(path(report) == steps{"expand-a 0-1", "expand-a.0.block-a 1-4", "expand-b 4-5", "expand-b.0.block-b 5-50"});
}

TEST_CASE("a way whose beginning was not told says so") {
    one_expansion plan;
    timing_report report;
    told_run run(report, plan.by_hand.get());
    run.begins(run.id(plan.expand), 0ms);
    run.does(run.id(plan.block, {3}), 2ms, 5ms);  // that it was yielded was dropped
    run.over(6ms, {}, 1);
    CHECK(path(report) == steps{"expand-file.3.block-file 2-5"});
    CHECK_FALSE(report.timing().path_is_whole);
}

TEST_CASE("a way of a hundred thousand tasks takes no stack to forget") {
    plan_by_hand by_hand;
    std::vector<std::size_t> specs;
    for (int i = 0; i < 100000; ++i) {
        specs.push_back(by_hand.spec("t", purpose::execute_single));
        if (i > 0) by_hand.needs(specs.back(), specs[specs.size() - 2]);
    }
    timing_report report;
    {
        told_run run(report, by_hand.get());
        for (std::size_t i = 0; i < specs.size(); ++i)
            run.does(run.id(specs[i]), 1us * static_cast<int>(i), 1us * static_cast<int>(i + 1));
        run.over(1s);
    }
    CHECK(report.timing().critical_path.size() == specs.size());
}
