// The traces of real runs, and their file.
#include "../../catch.hpp"

#include "frond/asio/awaitable.hpp"
#include "frond/hooks/trace.hpp"
#include "frond/run/run_blocking.hpp"

#include "patience.hpp"
#include "trace_check.hpp"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

using frond::hooks::node_trace;
using frond::hooks::trace;
using frond::hooks::trace_options;
using nothing = std::vector<std::string>;
using json = nlohmann::json;

namespace traced_runs {

frond::expander<int> file(frond::input<"files", int> count) {
    for (int i = 0; i < *count; ++i) co_yield frond::child("file " + std::to_string(i), i);
}
/// Is suspended once, if the next turn is another's.
frond::async<int> fetch(frond::in<file> f) {
    auto const here = co_await frond::this_executor;
    co_await frond::net::post(here, frond::use_async);
    co_return *f;
}
frond::expander<int> chunk(frond::in<fetch> f) {
    for (int i = 0; i <= *f; ++i) co_yield i;
}
int parse(frond::in<chunk> c, frond::in<fetch> f) {
    if (*c == 2 && *f == 3) throw std::runtime_error("does not parse\n\x1b[31m\xff");
    return *c;
}
frond::async<int> summary(frond::each_result<parse> of) {
    int sum = 0;
    while (auto next = co_await of.next()) sum += next->has_value() ? next->value() : 0;
    co_return sum;
}
int total(frond::all<summary> of) {
    int sum = 0;
    for (int const each : of) sum += each;
    return sum;
}
int strict_total(frond::all<parse> of) { return static_cast<int>(of.size()); }
int strict_sum(frond::all<strict_total> of) { return static_cast<int>(of.size()); }

}  // namespace traced_runs

TEST_CASE("a real run with nested expansions and a failure is a right trace") {
    std::ostringstream text;
    node_trace writes(text);
    auto const plan = patient_plan<traced_runs::total>();
    for (int round = 0; round < 20; ++round) {
        auto const result = frond::run_blocking(plan, frond::arg<"files">(8), writes, frond::threads(2));
        REQUIRE(result);
    }
    read_trace const read(text.str());
    CHECK(read.faults() == nothing());
    auto const first = read.all([](json const& e) { return e["pid"] == 1 && e["ph"] == "b" && e["cat"] == "run"; });
    REQUIRE(first.size() == 1);
    CHECK(first[0]["name"].get<std::string>().find(": total") != std::string::npos);
    // Each task is a slice on a lane, or one on a track of its own with a mark.
    CHECK(read.all([](json const& e) { return e["ph"] == "X" && e["cat"] == "block-chunk"; }).size() == 20 * 36);
    CHECK(read.all("b", "expand-chunk").size() == 20 * 8);
    auto const failed = read.all("i", "failed");
    REQUIRE(failed.size() == 20);
    CHECK(failed[0]["args"]["task"] == "expand-file.3[file 3].expand-chunk.2.block-chunk");
    CHECK(failed[0]["args"]["error"] == "does not parse\\n\\x1b[31m\\xff");
    for (auto const& summary :
         read.all([](json const& e) { return e.contains("args") && e["args"].contains("events_dropped"); })) {
        CHECK(summary["args"]["events_dropped"] == 0);
    }
}

TEST_CASE("a run that fails says so") {
    std::ostringstream text;
    trace writes(text, trace_options().memory(false));
    auto const result = run_patiently<traced_runs::strict_sum>(frond::arg<"files">(8), writes, frond::threads(2));
    REQUIRE_FALSE(result);
    read_trace const read(text.str());
    CHECK(read.faults() == nothing());
    auto const end = read.all("e", "run");
    REQUIRE(end.size() == 1);
    CHECK(end[0]["args"]["state"] == "failed");
    CHECK(end[0]["args"]["failed task"] == "expand-file.3[file 3].expand-chunk.2.block-chunk");
}

TEST_CASE("runs that go on at once, or one after the other, are processes of one trace") {
    std::ostringstream text;
    trace writes(text, trace_options().memory(false));
    auto const plan = patient_plan<traced_runs::total>();
    auto const run_some = [&] {
        for (int i = 0; i < 10; ++i) {
            static_cast<void>(frond::run_blocking(plan, frond::arg<"files">(6), writes, frond::threads(2)));
        }
    };
    std::thread other(run_some);
    run_some();
    other.join();
    read_trace const read(text.str());
    CHECK(read.faults() == nothing());
    CHECK(read.all("b", "run").size() == 20);
}

TEST_CASE("the file is an array after each run, and before the first") {
    auto const path = std::filesystem::temp_directory_path() / ("frond_trace_" + std::to_string(::getpid()) + ".json");
    auto const content = [&] {
        std::ifstream file(path, std::ios::binary);
        return std::string(std::istreambuf_iterator<char>(file), {});
    };
    {
        trace writes(path);
        CHECK(read_trace(content()).size() == 0);
        static_cast<void>(run_patiently<traced_runs::total>(frond::arg<"files">(3), writes, frond::threads(1)));
        read_trace const one(content());
        CHECK(one.faults() == nothing());
        static_cast<void>(run_patiently<traced_runs::total>(frond::arg<"files">(3), writes, frond::threads(1)));
        read_trace const two(content());
        CHECK(two.faults() == nothing());
        CHECK(two.all("b", "run").size() == 2);
        CHECK(two.all([](json const& e) { return e["name"] == "memory" && e["args"]["resident MiB"] > 0.1; }).size() >=
              4);
    }
    std::filesystem::remove(path);
}
