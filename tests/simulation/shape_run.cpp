#include "shape_run.hpp"

#include "event_order.hpp"
#include "number_box.hpp"
#include "reference.hpp"
#include "shape_graph.hpp"

#include "frond/run/run.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

namespace frond::simulation {

namespace {

// One run, what it is expected to come to, and what it came to.
class played_run final : public run_completion {
public:
    played_run(simulator& world, shape const& what, values_are kind, activity& notes, bool alone)
        : world_(world),
          what_(what),
          kind_(kind),
          notes_(notes),
          alone_(alone),
          order_(world),
          slow_order_(world, order_) {
        std::vector<std::uint64_t> numbers;
        for (auto const& node : what.nodes) {
            if (node.kind == node_kind::input) numbers.push_back(world.random().next() | 1);
        }
        expected_ = evaluate(what, numbers);
        inputs_ = std::move(numbers);
    }

    reference const& expected() const noexcept { return expected_; }
    bool over() const noexcept { return completions_ != 0; }
    bool succeeded() const noexcept { return succeeded_; }

    void begin(std::shared_ptr<plan const> const& planned) {
        std::vector<input_value> given;
        for (std::uint64_t const number : inputs_) given.emplace_back(number, kind_);
        std::vector<run_argument> arguments;
        for (std::size_t i = 0, next = 0; i < what_.nodes.size(); ++i) {
            if (what_.nodes[i].kind != node_kind::input) continue;
            auto const& inputs = planned->inputs;
            auto const at = std::find_if(inputs.begin(), inputs.end(),
                                         [&](plan::input const& each) { return each.name == what_.nodes[i].name; });
            if (at != inputs.end()) {
                arguments.push_back({static_cast<std::size_t>(at - inputs.begin()), given[next].address()});
            }
            ++next;
        }
        auto prepared = prepare_run(planned, arguments);
        world_.expect(prepared.has_value(), "a run with all its inputs can be prepared");
        if (!prepared) throw hang();
        handle_ = std::move(prepared).value();

        any_hook const quick(order_);
        any_hook const slow(slow_order_);
        any_hook const* const hook = world_.random().percent(50) ? &quick : &slow;
        observed_ = world_.random().percent(80);
        run_start start;
        start.on = &world_.on();
        start.time = &world_;
        if (observed_) start.hooks = std::span(hook, 1);
        start.completion = this;
        frond::begin(handle_, std::move(start));
        if (!world_.random().percent(what_.cancelled_percent)) return;
        if (world_.random().percent(10)) {
            cancel();
        } else {
            world_.at_some_moment([this] { cancel(); });
        }
    }

    /// Anyone may ask at any moment.
    void look() {
        if (!over()) check_counters(handle_.progress(), false);
    }

private:
    void cancel() {
        if (!over()) cancelled_ = true;
        handle_.cancel();
        if (!alone_) return;
        notes_.stopped = true;
        notes_.stops_now();
    }

    void complete(run_outcome& outcome) noexcept override {
        ++completions_;
        world_.expect(completions_ == 1, "the result comes exactly once");
        succeeded_ = !outcome.failure.has_value();
        bool const late = alone_ && notes_.stops_at && world_.now() - *notes_.stops_at > activity::soon;
        world_.expect(!late, "a run is over soon after its cancellation, its failure, or its last collector's leave");
        check_result(outcome);
        check_counters(outcome.progress, true);
        if (succeeded_) check_totals(outcome.progress);
        if (observed_) {
            world_.expect(order_.over(), "hooks are told all before the result comes");
            order_.check_end(outcome.progress);
        }
        handle_ = run_handle();
    }

    void check_result(run_outcome const& outcome) {
        if (succeeded_) {
            world_.expect(!expected_.fails, "a run whose nodes fail does not succeed");
            if (expected_.fails) return;
            world_.expect(outcome.outputs.size() == what_.wanted.size(), "every wanted output is there");
            for (std::size_t i = 0; i < what_.wanted.size(); ++i) {
                bool const expands = what_.nodes[what_.wanted[i]].kind == node_kind::expander;
                world_.expect(number_at(outcome.outputs[i], kind_, expands) == expected_.outputs[i],
                              "the outputs are those of a sequential evaluation");
            }
            return;
        }
        error const& failure = *outcome.failure;
        if (failure.is_canceled()) {
            world_.expect(cancelled_, "only who is cancelled ends with a cancellation");
            return;
        }
        world_.expect(expected_.failing.count(std::string(failure.node())) == 1,
                      "the error is that of a node that fails");
        world_.expect(failure.code() == errc::node_failed, "a node's failure is told as such");
        for (error const& other : failure.others()) {
            world_.expect(other.is_canceled() ? cancelled_ : expected_.failing.count(std::string(other.node())) == 1,
                          "the other errors are those of nodes that fail");
        }
    }

    void check_counters(progress const& now, bool last) {
        auto check = [&](counters const& counts) {
            if (last) {
                world_.expect(counts.running == 0 && counts.yielded == counts.ended(), "at the end all has ended");
            } else {
                world_.expect(counts.running + counts.ended() <= counts.yielded, "no more has begun than exists");
            }
        };
        for (auto const& spec : now.specs) check(spec.tasks);
        for (auto const& expansion : now.expansions) check(expansion.children);
    }

    void check_totals(progress const& last) {
        for (auto const& spec : last.specs) {
            bool const may_leave = what_.leaves_early;
            world_.expect(may_leave || (spec.tasks.skipped == 0 && spec.tasks.cancelled == 0) || contains_failures(),
                          "a run that succeeds skips nothing");
        }
        for (auto const& expansion : last.expansions) {
            auto const at = std::find_if(what_.nodes.begin(), what_.nodes.end(),
                                         [&](shape_node const& node) { return node.name == expansion.name; });
            auto const i = static_cast<std::size_t>(at - what_.nodes.begin());
            world_.expect(expansion.total == expansion.children.yielded, "the totals are known at the end");
            if (what_.leaves_early) {
                world_.expect(expansion.children.yielded <= expected_.yielded[i], "no more is yielded than there is");
            } else if (!contains_failures()) {
                world_.expect(expansion.children.yielded == expected_.yielded[i], "as many children as were yielded");
                world_.expect(expansion.children.succeeded == expected_.yielded[i], "every child succeeds");
            } else if (!expansion.parent) {
                world_.expect(expansion.children.yielded == expected_.yielded[i], "as many children as were yielded");
                world_.expect(expansion.children.failed == expected_.failed_children[i], "those fail that should");
            }
        }
    }

    bool contains_failures() const noexcept { return !expected_.failing.empty(); }

    simulator& world_;
    shape const& what_;
    values_are kind_;
    activity& notes_;
    bool alone_;
    event_order order_;
    slow_event_order slow_order_;
    reference expected_;
    std::vector<std::uint64_t> inputs_;
    run_handle handle_;
    bool observed_ = false;
    bool cancelled_ = false;
    bool succeeded_ = false;
    unsigned completions_ = 0;
};

std::shared_ptr<plan const> make_plan(simulator& world, shape& what, values_are kind, activity& notes) {
    // The world keeps its executors; the plan only refers to them.
    auto executor_of = [&](unsigned concurrency) {
        return std::shared_ptr<executor>(std::shared_ptr<void>(), &world.add_executor(concurrency));
    };
    for (std::size_t const node : what.wanted) what.options.wanted.push_back(what.nodes[node].name);
    for (std::size_t const node : what.elsewhere) what.options.executors[what.nodes[node].name] = executor_of(1);
    for (std::size_t const node : what.blocking) what.options.blocking.push_back(what.nodes[node].name);
    if (!what.blocking.empty()) what.options.blocking_executor = executor_of(2);
    auto made = make_graph(what, kind, notes);
    world.expect(made.has_value(), "a well-wired graph is made");
    if (!made) {
        world.expect(false, made.error().message());
        throw hang();
    }
    plan_options options = what.options;
    options.grace = std::chrono::hours(24);
    auto planned = plan::make(std::move(made).value(), options);
    world.expect(planned.has_value(), "a well-wired graph can be planned");
    if (!planned) throw hang();
    return std::move(planned).value();
}

bool takes_failures(shape_node const& node) {
    return std::any_of(node.parameters.begin(), node.parameters.end(),
                       [](parameter const& each) { return takes_results(each.how); });
}

}  // namespace

void play(simulator& world, shape what) {
    auto const kind = world.random().percent(50) ? values_are::numbers : values_are::boxes;
    {
        activity notes(world, what);
        notes.inside.resize(what.nodes.size());
        notes.one_body_for_each_child = what.options.grouping == grouping::by_block;
        auto planned = make_plan(world, what, kind, notes);

        std::uint64_t const count = world.random().percent(75) ? 1 : world.random().between(2, 3);
        // A limit is a run's.
        if (count > 1) notes.one_body_for_each_child = false;
        notes.waits_may_be_endless = count == 1 && world.random().percent(50);
        notes.bodies_compute = world.random().percent(25);
        notes.failure_stops = std::none_of(what.nodes.begin(), what.nodes.end(), takes_failures);
        std::vector<std::unique_ptr<played_run>> runs;
        for (std::uint64_t i = 0; i < count; ++i) {
            runs.push_back(std::make_unique<played_run>(world, what, kind, notes, count == 1));
        }
        for (auto const& each : runs) each->begin(planned);
        if (world.random().percent(20)) world.at_some_moment([&] { runs.front()->look(); });
        planned.reset();
        world.run_until([&] { return std::all_of(runs.begin(), runs.end(), [](auto const& r) { return r->over(); }); });
        world.expect(notes.bodies == 0, "no coroutine outlives its run");
        world.run_out();

        bool const all_succeeded = std::all_of(runs.begin(), runs.end(), [](auto const& r) { return r->succeeded(); });
        bool exact = all_succeeded && !what.leaves_early;
        std::unordered_map<std::uint64_t, std::uint64_t> expected;
        for (auto const& each : runs) {
            exact = exact && each->expected().failing.empty();
            for (auto const& [number, times] : each->expected().executions) expected[number] += times;
        }
        for (auto const& [number, times] : notes.executions) {
            auto const found = expected.find(number);
            world.expect(found != expected.end(), "a node is called with the values of its own dependencies");
            world.expect(found == expected.end() || times <= found->second, "a task runs at most once");
        }
        if (exact) world.expect(notes.executions == expected, "every task of a run that succeeds has run");
    }
    world.expect(box::alive == 0, "no value outlives its run");
}

}  // namespace frond::simulation
