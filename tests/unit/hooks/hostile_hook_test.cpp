// The first thing that the author of a hook writes about an event may be shown, whatever nodes, keys and errors are called.
#include "../../catch.hpp"

#include "frond/base/printable.hpp"
#include "frond/run/event.hpp"
#include "frond/run/interceptor.hpp"
#include "frond/run/run_report.hpp"

#include "hostile_names.hpp"
#include "hostile_run.hpp"

#include <set>
#include <string>
#include <string_view>
#include <vector>

using hostile::harm_in;

namespace {

/// Writes down all that it is told, as it comes.
struct plain_talker {
    std::set<std::string> shown;
    std::set<std::string> raw_keys;
    std::set<std::string> raw_names;
    std::set<std::string> raw_ids;
    std::set<std::string> failed_ids;

    void add(std::string_view text) { shown.emplace(text); }
    void add(frond::task_id const& id) {
        add(id.to_string());
        raw_ids.insert(id.raw());
        if (id.key) raw_keys.emplace(id.key.raw());
        add(id.key.to_string());
    }
    void add(std::optional<frond::error> const& failure) {
        if (!failure) return;
        if (!failure->raw_task().empty()) failed_ids.emplace(failure->raw_task());
        add(failure->message());
        add(failure->task());
        add(failure->node());
        add(failure->to_string());
        add(frond::bad_result(*failure).what());
        for (auto const& other : failure->others()) add(other);
    }
    void add(frond::progress const& sample) {
        for (auto const& each : sample.specs) add(each.name);
        for (auto const& each : sample.expansions) add(each.name);
        for (auto const& each : sample.bodies) add(each.task), add(each.child);
        for (auto const& each : sample.waiting) add(each.task), add(each.child);
        for (auto const& each : sample.failures) add(each);
    }

    void on_yield(frond::yield_event const& event) {
        add(event.expander);
        add(event.key.to_string());
        raw_keys.emplace(event.key.raw());
    }
    void before_task(frond::task_event const& event) {
        add(event.id);
        add(event.key());
        if (auto const spawner = event.spawning_task()) add(*spawner);
    }
    void after_task(frond::task_event const& event) { add(event.failure); }
    void after_expansion(frond::expansion_event const& event) { add(event.expander); }
    void before_node(frond::node_event const& event) {
        add(event.name());
        raw_names.insert(event.raw_name());
    }
    void after_node(frond::node_event const& event) { add(event.failure); }
    void on_progress(frond::progress_event const& event) { add(event.task); }
    void on_retry(frond::retry_event const& event) {
        add(event.name());
        raw_names.insert(event.raw_name());
        add(event.failure);
    }
    void after_run(frond::run_event const& event) {
        add(event.failure);
        add(*event.progress);
    }
};

/// Samples the counters while bodies tell how far they are.
struct plain_sampler {
    plain_talker said;

    frond::observer_policy policy() const { return frond::latest(std::chrono::milliseconds(10)); }
    void on_sample(frond::progress const& sample) { said.add(sample); }
};

}  // namespace

TEST_CASE("what a hook is told as text may be shown, and comes as it was where it is opened") {
    for (auto const& each : hostile::texts()) {
        INFO(each.what);
        plain_talker told;
        plain_sampler sampled;
        hostile::run(each.bytes, [] {}, told, sampled);
        for (auto const& text : told.shown) CHECK(harm_in(text) == "");
        for (auto const& text : sampled.said.shown) CHECK(harm_in(text) == "");
        CHECK(told.raw_keys == std::set{each.bytes});
        CHECK(told.raw_names.count(each.bytes + "leaf") == 1);
        CHECK(told.shown.count(frond::printable(each.bytes)) == 1);
        CHECK(told.shown.count(frond::printable(each.bytes + "leaf")) == 1);
        CHECK(told.failed_ids.size() == 3);
        for (auto const& raw : told.failed_ids) CHECK(told.raw_ids.count(raw) == 1);
        // Nothing is escaped twice.
        for (auto const& raw : told.raw_ids) CHECK(told.shown.count(frond::printable(raw)) == 1);
    }
}

TEST_CASE("an id is as short as its indices, whatever keys are") {
    plain_talker told;
    hostile::run(std::string(2'000'000, 'k'), [] {}, told);
    for (auto const& raw : told.raw_ids) CHECK(raw.size() < 2'000);
    CHECK(told.raw_ids.size() == 10);
}
