// Progress as JSON: what is in it, what a change leaves out, and names that mean harm.
#include "../../catch.hpp"

#include "broadcast/progress_json.hpp"

#include "samples.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <stdexcept>
#include <string>
#include <system_error>

using namespace frond::hooks::detail;
using namespace samples;
using nlohmann::json;

namespace {

run_view view(frond::progress of) { return {std::move(of), std::nullopt}; }

run_view half_way() { return view(files(1500ms, 4, 2, false)); }

}  // namespace

TEST_CASE("a full snapshot has all of a run") {
    json const told = json::parse(full_json(half_way()));
    CHECK(told["type"] == "full");
    CHECK(told["run_id"] == 0);
    CHECK(told["elapsed_ms"] == 1500);
    CHECK(told["ended"] == false);
    CHECK_FALSE(told.contains("outcome"));
    CHECK(told["specs"].size() == 3);
    CHECK(told["specs"][1] == json::parse(R"({"index":1,"name":"block-file","purpose":"execute_single","expansion":0,
        "tasks":{"yielded":4,"queued":2,"running":0,"succeeded":2,"failed":0,"cancelled":0,"skipped":0,"timed_out":0}})"));
    CHECK(told["expansions"][0]["name"] == "file");
    CHECK(told["expansions"][0]["parent"].is_null());
    CHECK(told["expansions"][0]["total"].is_null());
    CHECK(told["expansions"][0]["children"]["yielded"] == 4);
    CHECK(told["failures"].empty());
}

TEST_CASE("a change has the counters that changed, and the failures that are new") {
    run_view const before = half_way();
    run_view now = view(files(2s, 5, 3, true));
    now.progress.failures.push_back(frond::error(frond::errc::node_failed, "no luck").at("block-file.3", "words"));
    now.progress.failures_total = 1;
    json const told = json::parse(change_json(before, now));
    CHECK(told["type"] == "change");
    CHECK(told["failures"][0]["task"] == "block-file.3");
    CHECK(told["failures"][0]["node"] == "words");
    CHECK(told["failures"][0]["message"] == "no luck");
    CHECK(told["failures_total"] == 1);
    REQUIRE(told["specs"].size() == 2);  // not collect-total, which has not begun
    CHECK(told["specs"][0]["index"] == 0);
    CHECK(told["specs"][1]["index"] == 1);
    CHECK_FALSE(told["specs"][1].contains("name"));
    CHECK(told["specs"][1]["tasks"]["succeeded"] == 3);
    CHECK(told["expansions"][0]["total"] == 5);
    CHECK_FALSE(told.contains("bodies"));

    run_view later = now;
    later.progress.specs[0].tasks.running = 1;
    json const next = json::parse(change_json(now, later));
    CHECK(next["failures"].empty());
    CHECK(next["expansions"].empty());
}

TEST_CASE("a total that has become known is a change by itself") {
    CHECK(json::parse(change_json(view(files(1s, 4, 0, false)), view(files(1s, 4, 0, true))))["expansions"].size() ==
          1);
}

TEST_CASE("time alone is no difference") {
    CHECK_FALSE(differs(half_way(), view(files(9s, 4, 2, false))));
    CHECK(differs(half_way(), view(files(9s, 4, 3, false))));
}

TEST_CASE("the end says how the run ended") {
    run_view last = half_way();
    last.progress.ended = true;
    CHECK(json::parse(full_json(last))["outcome"] == "succeeded");
    CHECK(json::parse(full_json(last))["failure"].is_null());
    last.failure = frond::error(frond::errc::node_failed, "no luck");
    CHECK(json::parse(change_json(half_way(), last))["outcome"] == "failed");
    CHECK(json::parse(change_json(half_way(), last))["failure"]["message"] == "no luck");
    last.failure = frond::error::canceled();
    CHECK(json::parse(full_json(last))["outcome"] == "cancelled");
    last.failure = frond::error(std::make_error_code(std::errc::operation_canceled), "aborted by its own timer");
    CHECK(json::parse(full_json(last))["outcome"] == "failed");
}

TEST_CASE("how far bodies are is told as a whole where it has changed") {
    run_view now = half_way();
    now.progress.bodies = {{"block-file.9", 3, 10}, {"block-file.8", std::numeric_limits<double>::quiet_NaN(), 0}};
    json const told = json::parse(change_json(half_way(), now));
    CHECK(told["bodies"][0]["done"] == 3);
    CHECK(told["bodies"][1]["done"].is_null());
}

TEST_CASE("bodies that have waited for more than ten seconds are told once, with when they began to wait") {
    run_view now = view(files(12s, 4, 2, false));
    now.progress.waiting = {{"block-file.9", "", 11s}, {"block-file.8", "", 10s - 1ms}};
    CHECK(differs(half_way(), now));
    json const told = json::parse(change_json(half_way(), now));
    REQUIRE(told["waiting"].size() == 1);
    CHECK(told["waiting"][0]["task"] == "block-file.9");
    auto const began = now.progress.taken - now.progress.started - 11s;
    CHECK(told["waiting"][0]["since_ms"] == std::chrono::duration_cast<std::chrono::milliseconds>(began).count());
    CHECK(json::parse(full_json(now))["waiting"] == told["waiting"]);

    run_view later = now;  // the wait goes on, which is no news
    later.progress.taken += 100us;
    later.progress.waiting[0].waited += 100us;
    CHECK_FALSE(differs(now, later));
    CHECK_FALSE(json::parse(change_json(now, later)).contains("waiting"));

    later.progress.waiting[0].waited = 1s;  // it was over, and another one has begun
    CHECK(differs(now, later));
    CHECK(json::parse(change_json(now, later))["waiting"].empty());
}

TEST_CASE("whatever the names are, the text is one line of ASCII that a page and a stream of events can hold") {
    std::string const hostile =
        "\n\ndata: {}\r\x1b[2J\x7f\xff\xc3</script><!--&\"\\\xe2\x80\xae\xe2\x80\xa8" + std::string(1, '\0');
    run_view now = half_way();
    now.progress.specs[0].name = hostile;
    now.progress.expansions[0].name = hostile;
    now.progress.failures = {frond::error(frond::errc::node_failed, hostile).at(hostile, hostile)};
    now.progress.bodies = {{hostile, 1, 2}};
    now.progress.waiting = {{hostile, hostile, 1h}};
    now.progress.ended = true;
    now.failure = now.progress.failures[0];
    for (std::string const& text : {full_json(now), change_json(half_way(), now)}) {
        CHECK(std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c < '\x7f'; }));
        CHECK(text.find_first_of("<>&") == std::string::npos);
        json const told = json::parse(text);
        std::string const message = told["failures"][0]["message"];
        CHECK(message.find("</script><!--&\"\\\\u{202e}") != std::string::npos);  // as it may be shown
        CHECK(message.find("\\xff\\xc3") != std::string::npos);
    }
}

namespace {

class mute_category final : public std::error_category {
public:
    char const* name() const noexcept override { return "mute"; }
    std::string message(int) const override { throw std::runtime_error("there is no text"); }
};
mute_category const mute;

}  // namespace

TEST_CASE("a failure is told, though the category of its code throws instead of giving a text") {
    run_view now = half_way();
    now.progress.failures.push_back(frond::error(std::error_code(7, mute), "no luck"));
    json const told = json::parse(full_json(now));
    CHECK(told["failures"][0]["code"] == "mute 7");
    CHECK(told["failures"][0]["message"] == "no luck");
}

TEST_CASE("a text of any length takes 4,096 bytes of an update") {
    run_view now = half_way();
    now.progress.failures = {frond::error(frond::errc::node_failed, std::string(1'000'000, 'x'))};
    std::string const text = full_json(now);
    CHECK(text.size() < 8'000);
    CHECK(json::parse(text)["failures"][0]["message"] == std::string(4096, 'x') + "...");
}
