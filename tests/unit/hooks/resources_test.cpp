// What a process takes while runs go on: when it is looked at, how the series stays short, whose the CPU time is.
#include "../../catch.hpp"

#include "frond/hooks/resources.hpp"

#include "patience.hpp"
#include "resources/resource_meter.hpp"
#include "samples.hpp"

#include <frond/frond.hpp>

#include <algorithm>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

using namespace frond::hooks::detail;
using namespace samples;
using frond::hooks::resource_point;
using frond::hooks::resource_summary;
using frond::hooks::resources;
using frond::hooks::resources_options;

namespace {

/// A point of one second.
resource_point point(std::uint64_t second, frond::duration cpu, std::uint64_t memory) {
    resource_point made;
    made.taken = start + second * 1s;
    made.span = 1s;
    made.user = cpu;
    made.memory = memory;
    return made;
}

/// A process whose use the test says.
struct process {
    usage now;
    int looks = 0;
    bool broken = false;

    resource_meter meter(resources_options const& options = resources_options()) {
        return {options, [this] {
                    ++looks;
                    if (broken) throw std::runtime_error("no /proc");
                    return now;
                }};
    }
};

/// A run of two specs.
frond::progress of_run(std::uint64_t id, frond::duration at, std::uint64_t a, std::uint64_t b,
                       std::uint64_t ended = 0) {
    frond::progress made;
    made.run_id = id;
    made.started = start;
    made.taken = start + at;
    made.specs = {spec("a", counted(100, 0)), spec("b", counted(100, ended))};
    made.specs[0].tasks.running = a;
    made.specs[1].tasks.running = b;
    return made;
}

frond::run_event last_of(std::uint64_t id, frond::duration at, std::uint64_t ended = 0) {
    frond::run_event made;
    made.run_id = id;
    made.time = start + at;
    made.progress = of_run(id, at, 0, 0, ended);
    return made;
}

frond::duration share_of(resource_summary const& of, std::string const& spec) {
    for (auto const& each : of.shares) {
        if (each.spec == spec) return each.cpu;
    }
    return -1s;
}

}  // namespace

TEST_CASE("a series never has more points than was said, and covers all the time") {
    resource_series series(8);
    for (std::uint64_t i = 1; i <= 1000; ++i) {
        series.add(point(i, 100ms, i == 3 ? 777 : 5));
        auto const points = series.points();
        REQUIRE(points.size() <= 8);
        CHECK((i < 8 || points.size() >= 4));
        frond::duration span{};
        frond::duration cpu{};
        for (auto const& each : points) {
            span += each.span;
            cpu += each.user;
        }
        CHECK(span == i * 1s);
        CHECK(cpu == i * 100ms);
        CHECK(points.back().taken == start + i * 1s);
        // A peak is not lost.
        CHECK(std::any_of(points.begin(), points.end(), [](auto const& each) { return each.memory == 777; }) ==
              (i >= 3));
    }
}

TEST_CASE("points of a series are of as many samples each, but for the last one") {
    for (std::size_t most : {2U, 3U, 7U, 8U}) {
        resource_series series(most);
        for (std::uint64_t i = 1; i <= 100; ++i) series.add(point(i, 0s, 0));
        auto const points = series.points();
        CHECK(points.size() <= most);
        for (std::size_t i = 0; i + 1 < points.size(); ++i) CHECK(points[i].span == points[0].span);
        CHECK(points.back().span <= points[0].span);
        frond::duration span{};
        for (auto const& each : points) span += each.span;
        CHECK(span == 100s);
    }
}

TEST_CASE("a summary has the peaks, and means over time") {
    resource_totals totals;
    totals.add(point(1, 500ms, 100));
    auto longer = point(4, 6s, 400);
    longer.span = 3s;
    longer.system = 1500ms;
    totals.add(longer);
    auto const told = totals.summary();
    CHECK(told.peak.memory == 400);
    CHECK(told.mean_memory == 325);
    CHECK(told.peak_cores == 2.5);
    CHECK(told.mean_cores == 2);
    CHECK(told.span == 4s);
    CHECK(told.user == 6500ms);
    CHECK(told.system == 1500ms);
    CHECK(resource_totals().summary().mean_cores == 0);
}

TEST_CASE("CPU time is divided by how many tasks of each spec were running") {
    process p;
    auto meter = p.meter();
    meter.begin(1, start);
    p.now.user = 800ms;
    meter.update(of_run(1, 1s, 1, 3));  // 0 and 0 before: 1 to 3
    CHECK(share_of(meter.summary(), "a") == 200ms);
    CHECK(share_of(meter.summary(), "b") == 600ms);
    p.now.system = 800ms;
    meter.update(of_run(1, 2s, 3, 1));  // 4 to 4
    CHECK(share_of(meter.summary(), "a") == 600ms);
    CHECK(share_of(meter.summary(), "b") == 1000ms);
    CHECK(meter.summary().system == 800ms);
}

TEST_CASE("where no task was running CPU time is theirs that ended, or nobody's") {
    process p;
    auto meter = p.meter();
    meter.begin(1, start);
    p.now.user = 1s;
    meter.update(of_run(1, 1s, 0, 0, 7));
    CHECK(share_of(meter.summary(), "b") == 1s);
    p.now.user = 2s;
    meter.update(of_run(1, 2s, 0, 0, 7));
    CHECK(share_of(meter.summary(), "a") == 0s);
    CHECK(share_of(meter.summary(), "b") == 1s);
    CHECK(meter.summary().user == 2s);
}

TEST_CASE("runs at once are sampled as one, and share the CPU time") {
    process p;
    auto meter = p.meter();
    meter.begin(1, start);
    meter.begin(2, start + 200ms);
    CHECK(p.looks == 1);
    p.now.user = 900ms;
    meter.update(of_run(1, 1000ms, 2, 0));
    meter.update(of_run(2, 1200ms, 1, 3));  // too soon after the other
    CHECK(p.looks == 2);
    CHECK(share_of(meter.summary(), "a") == 900ms);
    p.now.user = 1800ms;
    p.now.memory = 5;
    meter.update(of_run(1, 2000ms, 2, 0));  // a: 2 + 2 of the one, 1 of the other; b: 3
    CHECK(p.looks == 3);
    CHECK(meter.current()->running == 6);
    CHECK(meter.current()->memory == 5);
    CHECK(meter.current()->cores() == 0.9);
    CHECK(meter.current()->queued == 400 - 6);
    CHECK(share_of(meter.summary(), "b") == 337'500us);
}

TEST_CASE("the end of a run is sampled, and what the process does between runs is in nothing") {
    process p;
    auto meter = p.meter();
    meter.begin(1, start);
    p.now.user = 10ms;
    meter.end(last_of(1, 20ms, 3));
    CHECK(meter.series().size() == 1);
    CHECK(meter.current()->running == 0);
    CHECK(share_of(meter.summary(), "b") == 10ms);
    p.now.user = 5s;
    meter.begin(2, start + 10s);
    p.now.user = 6s;
    meter.end(last_of(2, 11s, 3));
    CHECK(meter.current()->queued == 197);  // of the one run that has just ended
    CHECK(meter.summary().span == 1020ms);
    CHECK(meter.summary().user == 1010ms);
    CHECK(share_of(meter.summary(), "b") == 1010ms);
}

TEST_CASE("a look that fails is told, and spoils nothing that follows") {
    process p;
    auto meter = p.meter();
    meter.begin(1, start);
    p.broken = true;
    CHECK_THROWS_AS(meter.update(of_run(1, 1s, 1, 0)), std::runtime_error);
    CHECK_THROWS_AS(meter.end(last_of(1, 2s)), std::runtime_error);
    CHECK_FALSE(meter.current());
    p.broken = false;
    p.now.user = 100s;
    meter.begin(2, start + 100s);
    p.now.user = 101s;
    meter.update(of_run(2, 101s, 1, 0));
    CHECK(meter.summary().user == 1s);
    CHECK(meter.current()->running == 1);
}

TEST_CASE("names without end take bounded memory") {
    cpu_shares shares;
    frond::progress many;
    for (int i = 0; i < 3000; ++i) many.specs.push_back(spec("spec " + std::to_string(i), counted(1, 0)));
    for (auto& each : many.specs) each.tasks.running = 1;
    shares.update(many);
    shares.divide(3s);
    CHECK(shares.shares().size() == 1001);
    CHECK(shares.shares().back().spec == "other");
    CHECK(shares.shares().back().cpu == 2s);
}

TEST_CASE("the texts are one line each, whatever the specs are called") {
    resource_summary told;
    told.user = 11s;
    told.system = 1300ms;
    told.mean_cores = 1.5;
    told.peak_cores = 2;
    told.mean_memory = 1024.0 * 1024 * 120;
    told.peak.memory = 1024 * 1024 * 160;
    told.mean_threads = 9;
    told.peak.threads = 9;
    told.mean_open_files = 14.2;
    told.peak.open_files = 20;
    told.shares = {{"\x1b[2J\n\xff\xe2\x80\xae" + std::string(1'000, 'x'), 1s}, {"block-file", 11200ms}, {"idle", 0s}};
    auto const text = to_string(told);
    CHECK(text.rfind("CPU 12.3 s (user 11.0, system 1.3), 1.5 cores, peak 2.0; memory 120.0 MiB, peak 160.0 MiB; "
                     "threads 9, peak 9; files 14, peak 20; CPU by spec: block-file 11.2 s, "
                     "\\x1b[2J\\n\\xff\\u{202e}xxx",
                     0) == 0);
    CHECK(text.size() < 300);
    CHECK(std::none_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < ' '; }));
    CHECK(text.find("idle") == std::string::npos);

    auto one = point(1, 1500ms, 2ULL << 30);
    one.threads = 9;
    one.open_files = 14;
    one.running = 8;
    one.queued = 240;
    CHECK(to_string(one) == "1.5 cores, 2.0 GiB, 9 threads, 14 files; 8 running, 240 queued");
}

namespace {

frond::expander<int> some() {
    for (int i = 0; i < 2000; ++i) co_yield i;
}
double work(frond::in<some> of) {
    double made = *of;
    for (int i = 0; i < 2'000; ++i) made += 1 / (1 + made);
    return made;
}
double together(frond::all<work> of) {
    double made = 0;
    for (double each : of) made += each;
    return made;
}

}  // namespace

TEST_CASE("a run is measured") {
    resources hook(resources_options().interval(1ms).points(4));
    auto const outcome = run_patiently<together>(hook, frond::threads(2));
    REQUIRE(outcome);
    auto const told = hook.summary();
    CHECK(told.span > 0s);
    CHECK(told.peak.memory > 0);
    CHECK(told.peak.threads >= 1);
    CHECK(hook.series().size() <= 4);
    CHECK(told.shares.size() == 3);
    REQUIRE(hook.current());
    CHECK(hook.current()->running == 0);
    CHECK(hook.policy().interval() == 1ms);
}
