// Random graphs on real threads: each is refused, or ends with what a sequential evaluation comes to. None stands still.
//
// FROND_GRAPHS=n tries so many; FROND_GRAPH=n only that one; FROND_PATIENCE=n takes a run for standing after n seconds in which
// no task has begun or ended.
#include "environment.hpp"
#include "random_shape.hpp"
#include "run_on.hpp"
#include "shape_bodies.hpp"

#include "../simulation/reference.hpp"

#include "../catch.hpp"

#include <array>
#include <chrono>
#include <condition_variable>
#include <iostream>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

using namespace frond;
using namespace frond::simulation;
using namespace std::chrono_literals;

namespace {

std::string text_of(std::vector<std::uint64_t> const& outputs) {
    std::string made = "values";
    for (std::uint64_t const each : outputs) made += ' ' + std::to_string(each);
    return made;
}

/// What a run of a shape came to.
class random_ending final : public run_completion {
public:
    explicit random_ending(shape const& of) : of_(of) {}

    void complete(run_outcome& outcome) noexcept override {
        if (outcome.failure) {
            failed_node = std::string(outcome.failure->node());
            message = outcome.failure->message();
            canceled = outcome.failure->is_canceled();
            failed = true;
            return;
        }
        for (std::size_t i = 0; i < of_.wanted.size(); ++i) {
            bool const expands = of_.nodes[of_.wanted[i]].kind == node_kind::expander;
            outputs.push_back(expands ? folded(outcome.outputs[i])
                                      : *static_cast<std::uint64_t const*>(outcome.outputs[i]));
        }
    }
    void released() noexcept override {
        std::lock_guard const guard(mutex_);
        over_ = true;
        came_.notify_all();
    }
    std::string text() const { return failed ? "the failure of " + failed_node + ": " + message : text_of(outputs); }
    bool over_within(std::chrono::milliseconds time) {
        std::unique_lock lock(mutex_);
        return came_.wait_for(lock, time, [this] { return over_; });
    }

    std::vector<std::uint64_t> outputs;
    std::string failed_node;
    std::string message;  // of the failure
    bool failed = false;
    bool canceled = false;

private:
    static std::uint64_t folded(void const* values) {
        std::uint64_t made = 0;
        for (std::uint64_t const each : *static_cast<std::vector<std::uint64_t> const*>(values)) {
            made = followed_by(made, each);
        }
        return made;
    }

    shape const& of_;
    std::mutex mutex_;  // guards `over_`
    std::condition_variable came_;
    bool over_ = false;
};

std::string text_of(simulation::reference const& expected) {
    if (!expected.fails) return text_of(expected.outputs);
    std::string made = "a failure of one of";
    for (std::string const& each : expected.failing) made += ' ' + each;
    return made;
}

enum class verdict : std::uint8_t { refused, right, wrong, stood_still };

/// How many tasks have come, begun or ended: grows as long as the run gets on.
std::uint64_t steps_of(progress const& now) {
    std::uint64_t steps = 0;
    for (auto const& spec : now.specs) steps += 2 * spec.tasks.ended() + spec.tasks.running + spec.tasks.yielded;
    for (auto const& each : now.expansions) steps += each.children.yielded + each.children.ended();
    return steps;
}

/// How a run was seen to end.
enum class end_of_run : std::uint8_t {
    came,             // by itself
    by_cancellation,  // it stood still until it was cancelled
    never,            // nor did it end then
};

end_of_run wait_for(run_handle const& run, random_ending& end) {
    constexpr auto look = 100ms;
    std::uint64_t steps = 0;
    auto since = std::chrono::steady_clock::now();
    while (!end.over_within(look)) {
        auto const now = std::chrono::steady_clock::now();
        if (std::uint64_t const reached = steps_of(run.progress()); reached != steps) {
            steps = reached;
            since = now;
        } else if (now - since >= stress::patience()) {
            run.cancel();
            return end.over_within(stress::patience()) ? end_of_run::by_cancellation : end_of_run::never;
        }
    }
    return end_of_run::came;
}

bool is_right(simulation::reference const& expected, random_ending const& end) {
    if (!expected.fails) return !end.failed && end.outputs == expected.outputs;
    return end.failed && !end.canceled && expected.failing.count(end.failed_node) == 1;
}

/// The values of the inputs that the plan needs.
std::vector<run_argument> arguments_of(shape const& what, plan const& planned, std::vector<std::uint64_t>& inputs) {
    std::vector<run_argument> made;
    std::size_t next = 0;
    for (auto const& node : what.nodes) {
        if (node.kind != node_kind::input) continue;
        void* const value = &inputs[next++];
        for (std::size_t i = 0; i < planned.inputs.size(); ++i) {
            if (planned.inputs[i].name == node.name) made.push_back({i, value});
        }
    }
    return made;
}

using crews = std::array<std::unique_ptr<stress::crew>, 2>;  // of one thread and of two

/// Runs the graph of a seed, and tells of it if it is not as it should be.
verdict try_graph(std::uint64_t seed, crews& on) {
    auto of = std::make_unique<shape const>(stress::random_shape(seed));
    shape const& what = *of;
    auto made = stress::make_graph(what, seed);
    if (!made) return verdict::refused;
    std::string const drawn = to_dot(made.value());
    plan_options options = what.options;
    for (std::size_t const node : what.wanted) options.wanted.push_back(what.nodes[node].name);
    auto const planned = plan::make(std::move(made).value(), options);
    if (!planned) return verdict::refused;

    dice random(seed);
    std::vector<std::uint64_t> inputs;
    for (auto const& node : what.nodes) {
        if (node.kind == node_kind::input) inputs.push_back(random.next() | 1);
    }
    simulation::reference const expected = evaluate(what, inputs);
    auto end = std::make_unique<random_ending>(what);
    auto const run = prepare_run(planned.value(), arguments_of(what, *planned.value(), inputs)).value();
    unsigned const threads = 1 + static_cast<unsigned>(seed % 2);
    on[threads - 1]->begin(run, *end);
    end_of_run const came = wait_for(run, *end);
    bool const ended = came == end_of_run::came;
    if (ended && is_right(expected, *end)) return verdict::right;
    std::cerr << "graph " << seed << " on " << threads << " threads, limit " << what.options.limit;
    switch (came) {
        case end_of_run::came: std::cerr << " does not end as it should, but with " << end->text(); break;
        case end_of_run::by_cancellation: std::cerr << " stands still"; break;
        case end_of_run::never: std::cerr << " stands still, and does not end when it is cancelled"; break;
    }
    std::cerr << "\nexpected: " << text_of(expected) << "\nFROND_GRAPH=" << seed << " tries it again\n"
              << drawn << std::endl;
    if (came == end_of_run::never) {
        // Still used, for all we know.
        static_cast<void>(of.release());
        static_cast<void>(end.release());
        static_cast<void>(on[threads - 1].release());
        on[threads - 1] = std::make_unique<stress::crew>(threads);
    }
    return ended ? verdict::wrong : verdict::stood_still;
}

}  // namespace

TEST_CASE("a random graph is refused, or ends with the value of a sequential evaluation") {
    crews on{std::make_unique<stress::crew>(1), std::make_unique<stress::crew>(2)};
    std::uint64_t const only = stress::number_from_environment("FROND_GRAPH", 0);
    std::uint64_t const last = only != 0 ? only : stress::number_from_environment("FROND_GRAPHS", 300);
    std::array<std::uint64_t, 4> counts{};
    std::string bad;
    for (std::uint64_t seed = only != 0 ? only : 1; seed <= last; ++seed) {
        verdict const found = try_graph(seed, on);
        ++counts[static_cast<std::size_t>(found)];
        if (found >= verdict::wrong) bad += ' ' + std::to_string(seed);
    }
    auto const [refused, right, wrong, stood_still] = counts;
    std::cerr << "random graphs: " << refused << " refused, " << right << " right, " << wrong << " wrong, "
              << stood_still << " stood still" << std::endl;
    INFO("seeds:" << bad);
    REQUIRE(wrong == 0);
    REQUIRE(stood_still == 0);
    // Else it would say little.
    REQUIRE((only != 0 || 4 * right > refused));
}
