// What the trace hook makes of events, made by hand.
#include "../../catch.hpp"

#include "frond/hooks/trace.hpp"
#include "frond/run/typed_plan.hpp"

#include "patience.hpp"
#include "trace_check.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

using namespace std::chrono_literals;
using frond::hooks::node_trace;
using frond::hooks::trace;
using frond::hooks::trace_options;
using nothing = std::vector<std::string>;
using json = nlohmann::json;

namespace traced {

frond::expander<int> item(frond::input<"items", int> count) {
    for (int i = 0; i < *count; ++i) co_yield i;
}
int half(frond::in<item> n) { return *n / 2; }
int square(frond::in<item> n, frond::in<half> h) { return *n * *h; }
frond::async<std::size_t> count(frond::each<square> of) {
    std::size_t n = 0;
    while (auto next = co_await of.next()) ++n;
    co_return n;
}

frond::expander<int> piece(frond::in<half> h) { co_yield *h; }
int weigh(frond::in<piece> p) { return *p; }
int weight(frond::all<weigh> of) { return static_cast<int>(of.size()); }
int weights(frond::all<weight> of) { return static_cast<int>(of.size()); }

}  // namespace traced

namespace {

std::thread::id other_thread() {
    std::thread other([] {});
    auto const id = other.get_id();
    other.join();
    return id;
}

/// A run whose events a test makes by hand, of children of `item`.
class told_run {
public:
    explicit told_run(trace& to, std::shared_ptr<frond::plan const> plan = patient_plan<traced::count>().get(),
                      std::uint64_t id = 7)
        : to_(to), plan_(std::move(plan)), id_(id) {
        frond::run_event event;
        event.run_id = id_;
        event.plan = plan_;
        event.time = zero_;
        to_.before_run(event);
    }
    void before(std::string const& spec, std::optional<std::uint64_t> index, frond::duration at,
                std::thread::id thread = std::this_thread::get_id(), frond::child_key key = nullptr) {
        to_.before_task(event(spec, index, at, thread, std::move(key)));
    }
    void after(std::string const& spec, std::optional<std::uint64_t> index, frond::duration at,
               std::thread::id thread = std::this_thread::get_id(), std::optional<frond::error> failure = {}) {
        auto told = event(spec, index, at, thread, nullptr);
        told.state = failure ? frond::task_state::failed : frond::task_state::succeeded;
        told.failure = std::move(failure);
        to_.after_task(told);
    }
    void end(frond::duration at, std::uint64_t dropped = 0) {
        frond::run_event event;
        event.run_id = id_;
        event.plan = plan_;
        event.time = zero_ + at;
        event.events_dropped = dropped;
        to_.after_run(event);
    }
    frond::task_event event(std::string const& spec, std::optional<std::uint64_t> index, frond::duration at,
                            std::thread::id thread, frond::child_key key) const {
        frond::task_event made;
        made.run_id = id_;
        made.id.plan = plan_;
        while (plan_->specs.at(made.id.spec).name != spec) ++made.id.spec;
        made.id.index = index;
        made.id.key = std::move(key);
        made.purpose = made.id.of().purpose;
        made.steps = made.id.of().steps;
        made.time = zero_ + at;
        made.thread = thread;
        return made;
    }
    frond::node_event node(frond::task_event const& of, std::size_t step, frond::duration at) const {
        frond::node_event made;
        made.run_id = id_;
        made.task = of.id;
        made.node = of.steps[step].node;
        made.time = zero_ + at;
        made.thread = of.thread;
        made.state = frond::task_state::succeeded;
        return made;
    }

private:
    trace& to_;
    std::shared_ptr<frond::plan const> plan_;
    std::uint64_t id_;
    frond::time_point zero_ = frond::time_point() + 1h;
};

trace_options quiet() { return trace_options().memory(false); }

}  // namespace

TEST_CASE(
    "a task that had its thread for itself is a slice of its lane, one that was suspended has a track of its own") {
    std::ostringstream text;
    trace writes(text, quiet());
    told_run run(writes);
    auto const other = other_thread();
    run.before("expand-item", {}, 1us);
    run.before("block-item", 0, 10us);  // alone
    run.after("block-item", 0, 12345ns);
    run.before("block-item", 1, 20us);  // another one begins meanwhile
    run.before("block-item", 2, 21us);  // ends elsewhere
    run.after("block-item", 1, 22us);
    run.after("block-item", 2, 23us, other);
    run.before("block-item", 3, 30us);
    run.after("block-item", 3, 31us);
    run.before("block-item", 4, 32us);
    run.before("block-item", 5, 33us);
    run.after("block-item", 4, 34us);  // while 5 is open on the same thread
    run.after("block-item", 5, 35us);
    run.after("expand-item", {}, 40us);
    run.end(50us);
    read_trace const read(text.str());
    CHECK(read.faults() == nothing());
    auto const slices =
        read.all([](json const& e) { return e["ph"] == "X" && e["cat"] == "block-item" && e["dur"] > 0.01; });
    REQUIRE(slices.size() == 2);
    CHECK(slices[0]["ts"] == 10.0);
    CHECK(slices[0]["dur"] == 2.345);
    CHECK(slices[0]["args"]["task"] == "expand-item.0.block-item");
    CHECK(slices[0]["args"]["nodes"] == "half, square");
    CHECK(slices[0]["args"]["state"] == "succeeded");
    CHECK(slices[1]["args"]["index"] == 3);
    auto const apart = read.all("b", "block-item");
    REQUIRE(apart.size() == 4);
    CHECK(apart[0]["args"]["index"] == 1);
    CHECK(apart[1]["args"]["index"] == 2);
    CHECK(apart[2]["args"]["index"] == 4);
    CHECK(apart[3]["args"]["index"] == 5);
    CHECK(read.all("b", "expand-item").size() == 1);
    // An arrow to each child, from where the expander began.
    CHECK(read.all("s", "child").size() == 6);
    for (auto const& from : read.all("s", "child")) CHECK(from["ts"] == 1.0);
}

TEST_CASE("what is told out of the order of time lies across nothing") {
    std::ostringstream text;
    trace writes(text, quiet());
    told_run run(writes);
    run.before("block-item", 0, 10us);
    run.after("block-item", 0, 20us);
    run.before("block-item", 1, 15us);
    run.after("block-item", 1, 25us);
    run.before("block-item", 2, 30us);
    run.after("block-item", 2, 29us);
    run.before("expand-item", {}, 40us);
    run.before("block-item", 3, 40us);  // at the expander's mark
    run.after("block-item", 3, 41us);
    run.end(50us);
    read_trace const read(text.str());
    CHECK(read.faults() == nothing());
    CHECK(read.all("b", "block-item").size() == 3);
}

TEST_CASE("the array stays open as long as one of several runs goes on") {
    std::ostringstream text;
    trace writes(text, quiet());
    auto const plan = patient_plan<traced::count>().get();
    told_run first(writes, plan, 1);
    told_run second(writes, plan, 2);
    first.before("block-item", 0, 1us);
    second.before("block-item", 0, 2us);
    first.after("block-item", 0, 3us);
    first.end(4us);
    second.after("block-item", 0, 5us);
    second.end(6us);
    read_trace const read(text.str());
    CHECK(read.faults() == nothing());
    CHECK(read.all("X", "block-item").size() == 2);  // on lanes of their own, though the thread is the same
    CHECK(read.all("b", "block-item").empty());
}

TEST_CASE("a child counts once as running, however many of its tasks are open") {
    std::ostringstream text;
    trace writes(text, quiet());
    told_run run(writes, patient_plan<traced::weights>().get());
    run.before("block-item", 0, 0us);
    run.before("expand-piece", 0, 0us);
    run.after("block-item", 0, 10us);
    run.before("collect-weight", 0, 10us);
    run.after("expand-piece", 0, 20us);
    run.after("collect-weight", 0, 40'960ns);
    run.end(50us);
    read_trace const read(text.str());
    CHECK(read.faults() == nothing());
    auto const counters = read.all("C");
    REQUIRE(counters.size() == 2);
    CHECK(counters[0]["name"] == "item: running");
    CHECK(counters[0]["args"]["children"] == 1.0);
    CHECK(counters[1]["args"]["children"] == 0.0);
    CHECK(counters[1]["ts"] == 40.96);
}

TEST_CASE("a trace of a process that dies lacks its bracket and nothing else, and shows what was open") {
    std::ostringstream text;
    trace writes(text, quiet());
    told_run run(writes);
    run.before("expand-item", {}, 1us);
    run.before("block-item", 0, 10us);
    run.before("block-item", 1, 11us);
    read_trace const read(text.str() + "]");
    CHECK(read.all("b", "expand-item").size() == 1);
    CHECK(read.all("b", "block-item").size() == 1);
}

TEST_CASE("what has lost its end to a full queue ends with the run") {
    std::ostringstream text;
    trace writes(text, quiet());
    told_run run(writes);
    run.before("block-item", 0, 10us);
    run.before("block-item", 1, 20us);
    run.after("block-item", 2, 30us);
    run.end(50us, 3);
    read_trace const read(text.str());
    CHECK(read.faults() == nothing());
    auto const ends = read.all("e", "block-item");
    REQUIRE(ends.size() == 2);
    CHECK(ends[0]["ts"] == 50.0);
    CHECK(ends[0]["args"]["state"] == "not told");
    CHECK(read.all("M").back()["args"]["events_dropped"] == 3);
    CHECK(read.all("C").empty());  // the counter would be wrong
}

TEST_CASE("nodes lie inside their task, wherever that is shown") {
    std::ostringstream text;
    node_trace writes(text, quiet());
    told_run run(writes);
    auto const here = std::this_thread::get_id();
    auto const alone = run.event("block-item", 0, 10us, here, nullptr);
    writes.before_task(alone);
    writes.before_node(run.node(alone, 0, 10us));
    writes.after_node(run.node(alone, 0, 12us));
    writes.before_node(run.node(alone, 1, 12us));
    writes.after_node(run.node(alone, 1, 13us));
    run.after("block-item", 0, 14us);
    auto const apart = run.event("block-item", 1, 20us, here, nullptr);
    writes.before_task(apart);
    writes.before_node(run.node(apart, 0, 20us));
    run.before("block-item", 2, 21us);
    run.after("block-item", 2, 22us);
    writes.after_node(run.node(apart, 0, 23us));
    run.after("block-item", 1, 24us);
    run.end(50us);
    read_trace const read(text.str());
    CHECK(read.faults() == nothing());
    auto const nodes = read.all("X", "node");
    REQUIRE(nodes.size() == 2);
    CHECK(nodes[0]["name"] == "half");
    CHECK(nodes[1]["ts"] == 12.0);
    auto const on_track = read.all("b", "block-item");
    REQUIRE(on_track.size() == 2);
    CHECK(on_track[1]["name"] == "half");
    CHECK(on_track[1]["id"] == on_track[0]["id"]);
}

TEST_CASE("a million children leave a file that can be looked at, which says what it lacks") {
    std::ostringstream text;
    trace writes(text, quiet().max_events(10'000));
    told_run run(writes);
    run.before("expand-item", {}, 1us);
    auto before = run.event("block-item", 0, 2us, std::this_thread::get_id(), nullptr);
    for (std::uint64_t i = 0; i < 1'000'000; ++i) {
        before.id.index = i;
        before.time += 500ns;
        before.state = frond::task_state::running;
        writes.before_task(before);
        before.time += 500ns;
        before.state = i == 999'999 ? frond::task_state::failed : frond::task_state::succeeded;
        writes.after_task(before);
    }
    run.after("expand-item", {}, 2s);
    run.end(2s);
    read_trace const read(text.str());
    CHECK(read.faults() == nothing());
    CHECK(read.size() < 11'100);  // and a thousand for the counter
    auto const sampling = read.all([](json const& e) { return e["name"] == "frond_sampling"; });
    REQUIRE(sampling.size() == 2);
    std::uint64_t const all_below = sampling[0]["args"]["N"]["expand-item"];
    CHECK(all_below == 1024);
    CHECK(sampling[0]["args"]["rule"].get<std::string>().find("below N") != std::string::npos);
    std::uint64_t const written = sampling[1]["args"]["tasks_written"];
    std::uint64_t const left_out = sampling[1]["args"]["tasks_left_out"];
    CHECK(written + left_out == 1'000'001);
    auto const slices = read.all([](json const& e) { return e["ph"] == "X" && e["cat"] == "block-item"; });
    CHECK(slices.size() == written - 1);
    CHECK(slices[all_below - 1]["args"]["index"] == all_below - 1);
    // What has failed is told of, whether its child is written or not.
    auto const failed = read.all("i", "failed");
    REQUIRE(failed.size() == 1);
    CHECK(failed[0]["args"]["task"] == "expand-item.999999.block-item");
    // Half of the time one of them ran.
    auto const running = read.all("C");
    REQUIRE(running.size() >= 2);
    CHECK(running[0]["args"]["children"] > 0.49);
    CHECK(running[0]["args"]["children"] < 0.51);
}

TEST_CASE("names are shown harmless, whatever they are") {
    std::ostringstream text;
    trace writes(text, quiet());
    std::string const worst = "\"},{\n\x1b[2J\x7f \xff\xc0\x80 \u202e</script>\\ \xe2\x82";
    auto const key = std::make_shared<std::string const>(worst);
    auto plan = std::make_shared<frond::plan>(*patient_plan<traced::count>().get());
    for (auto& spec : plan->specs) spec.name += worst;
    for (auto& output : plan->outputs) output.name += worst;
    told_run run(writes, plan);
    run.before("block-item" + worst, 0, 1us, std::this_thread::get_id(), key);
    run.after("block-item" + worst, 0, 2us, std::this_thread::get_id(),
              frond::error(frond::errc::node_failed, worst).at(worst, worst));
    auto const long_key = std::make_shared<std::string const>(10'000'000, 'x');
    run.before("block-item" + worst, 1, 3us, std::this_thread::get_id(), long_key);
    run.after("block-item" + worst, 1, 4us);
    run.end(5us);
    for (char const c : text.str()) {
        bool const printable = c == '\n' || (c >= ' ' && c <= '~');
        if (!printable) FAIL("byte " << static_cast<int>(static_cast<unsigned char>(c)));
    }
    CHECK(text.str().size() < 10'000);
    read_trace const read(text.str());
    CHECK(read.faults() == nothing());
    auto const slices = read.all("X");
    REQUIRE(slices.size() == 2);
    CHECK(slices[0]["args"]["key"] == "\"},{\\n\\x1b[2J\\x7f \\xff\\xc0\\x80 \\u{202e}</script>\\ \\xe2\\x82");
}

TEST_CASE("a file that cannot be opened is an error that names it, one that cannot be written is told of once") {
    try {
        trace writes(std::filesystem::path("/nowhere/trace.json"));
        FAIL("opened");
    } catch (std::system_error const& failure) {
        CHECK(failure.code() == std::errc::no_such_file_or_directory);
        CHECK(std::string(failure.what()).find("/nowhere/trace.json") != std::string::npos);
    }
    std::ostringstream text;
    trace writes(text, quiet());
    told_run run(writes);
    text.setstate(std::ios::badbit);
    CHECK_THROWS_AS(run.before("expand-item", {}, 1us), std::system_error);
    run.after("expand-item", {}, 2us);
    run.end(3us);
}
