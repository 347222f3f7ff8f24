// Children that run straight through are noted many at a time: what a hook is told of them is what it would be told of each
// by itself, also around those that fail or tell of themselves.
#include "seeds.hpp"

#include "frond/graph/graph_builder.hpp"
#include "frond/run/run.hpp"
#include "frond/run/this_task.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "../catch.hpp"

namespace frond::simulation {

using namespace std::chrono_literals;

namespace {

enum class kind : std::uint8_t { good, failing, telling, telling_and_failing };

/// Plain functions, of which some fail and some tell of themselves, collected as results. Where it is `timed` each takes the time
/// that is known beforehand, and the expander and the collector wait and compute beside.
class straight_run final : public run_completion {
public:
    straight_run(simulator& world, bool timed, std::uint64_t most) : world_(world), timed_(timed) {
        if (timed) world.only_waits_take_time();
        auto& random = world.random();
        unsigned const odd = random.percent(30) ? 0 : static_cast<unsigned>(random.between(1, 60));
        for (std::uint64_t left = random.between(0, most); left != 0; --left) {
            kinds_.push_back(random.percent(odd) ? static_cast<kind>(random.between(1, 3)) : kind::good);
            takes_.push_back(timed && random.percent(50) ? std::chrono::microseconds(random.between(1, 30)) : 0us);
        }
    }

    run_report report;
    std::vector<kind> const& kinds() const noexcept { return kinds_; }
    bool timed() const noexcept { return timed_; }
    duration takes(std::size_t child) const noexcept { return takes_[child]; }

    void play(any_hook const& hook) {
        handle_ = prepare_run(planned(), {}).value();
        run_start start;
        start.on = &world_.on();
        start.time = &world_;
        start.hooks = std::span(&hook, 1);
        start.completion = this;
        start.report = &report;
        begin(handle_, std::move(start));
        world_.run_until([this] { return good_.has_value(); });
        world_.run_out();
        std::uint64_t good = 0;
        for (kind const each : kinds_) good += each == kind::good || each == kind::telling;
        world_.expect(good_ == good, "the results are those of the children");
    }

private:
    std::shared_ptr<plan const> planned() {
        graph_builder builder;
        builder
            .add("number",
                 [this]() -> expander<std::uint64_t> {
                     for (std::uint64_t i = 0; i < kinds_.size(); ++i) {
                         if (now_and_then()) co_await take_time(5ms);
                         co_yield i;
                     }
                 })
            .add("same",
                 [this](value<std::uint64_t> number) -> result<std::uint64_t> {
                     kind const what = kinds_[*number];
                     world_.compute(takes_[*number]);
                     if (what == kind::telling || what == kind::telling_and_failing) this_task::progress(1, 2);
                     if (what == kind::failing || what == kind::telling_and_failing) return error(errc::node_failed);
                     return *number;
                 },
                 {"number"})
            .add("good",
                 [this](stream<result<std::uint64_t>> numbers) -> async<std::uint64_t> {
                     std::uint64_t count = 0;
                     while (auto next = co_await numbers.next()) {
                         count += next->has_value();
                         if (now_and_then()) co_await take_time(20ms);
                     }
                     co_return count;
                 },
                 {"same"});
        plan_options options;
        options.wanted = {"good"};
        options.grace = std::chrono::hours(24);
        return plan::make(std::move(builder).build().value(), std::move(options)).value();
    }
    bool now_and_then() { return timed_ && world_.random().percent(10); }
    async<void> take_time(duration how_long) {
        if (world_.random().percent(50)) {
            world_.compute(how_long);
        } else {
            co_await world_.sleep(how_long);
        }
    }
    void complete(run_outcome& outcome) noexcept override {
        good_ = outcome.failure ? kinds_.size() + 1 : *static_cast<std::uint64_t*>(outcome.outputs[0]);
        handle_ = run_handle();
    }

    simulator& world_;
    bool const timed_;
    std::vector<kind> kinds_;
    std::vector<duration> takes_;  // by child
    run_handle handle_;
    std::optional<std::uint64_t> good_;
};

/// Writes down, for each child, what it is told: S B p A R, in the order of a task's life. Throws now and then.
class notes {
public:
    notes(simulator& world, straight_run const& run)
        : world_(world),
          coarse_(world.random().percent(50)),
          one_lane_(world.on().concurrency() == 1),
          throws_(world.random().percent(50) ? 0 : 10),
          told_(run.kinds().size()) {}

    observer_policy policy() const noexcept { return coarse_ ? every().coarse_time() : every(); }
    void before_submission(task_event const& event) { task('S', event); }
    void before_task(task_event const& event) { task('B', event); }
    void on_progress(progress_event const& event) { add('p', event.task, event.time); }
    void after_task(task_event const& event) {
        check_state(event.id, event.state, event.failure.has_value());
        task('A', event);
    }
    void after_return(task_event const& event) {
        check_state(event.id, event.state, event.failure.has_value());
        task('R', event);
    }

    void check(straight_run const& run) const {
        for (std::size_t i = 0; i < told_.size(); ++i) {
            std::string const& letters = told_[i].letters;
            bool const tells = run.kinds()[i] == kind::telling || run.kinds()[i] == kind::telling_and_failing;
            world_.expect(letters == (nodes_  ? tells ? "SBnpNAR" : "SBnNAR"
                                      : tells ? "SBpAR"
                                              : "SBAR"),
                          "each child's events come once, in order");
            bool const fails = run.kinds()[i] == kind::failing || run.kinds()[i] == kind::telling_and_failing;
            world_.expect(told_[i].failed == fails, "a child's end says how it ended");
        }
        for (std::size_t i = 0; !coarse_ && run.timed() && i < told_.size(); ++i) {
            world_.expect(told_[i].took == run.takes(i), "a child takes the time that its function takes");
        }
        world_.expect(run.report.hooks.at(0).errors == thrown_, "each error of the hook is counted");
        world_.expect(run.report.hooks.at(0).events_dropped == 0, "what it throws loses no event");
    }

protected:
    void add(char letter, task_id const& id, time_point at) {
        if (!id.index) return;
        child& of = told_.at(*id.index);
        of.letters += letter;
        if (coarse_ && letter == 'p') return;  // what a body tells always has its own time
        world_.expect(at >= of.latest, "a child's times never go back");
        of.latest = at;
        if (one_lane_) {
            world_.expect(at >= latest_, "a child begins when the one before has ended");
            latest_ = at;
        }
        if (letter == 'B') of.begun = at;
        if (letter == 'A') of.took = at - of.begun;
        if (world_.random().percent(throws_)) {
            ++thrown_;
            throw std::runtime_error("no");
        }
    }
    void check_state(task_id const& id, task_state state, bool has_failure) {
        if (!id.index) return;
        world_.expect((state == task_state::failed) == has_failure, "what failed says why");
        told_.at(*id.index).failed = state == task_state::failed;
    }

    bool nodes_ = false;

private:
    struct child {
        std::string letters;
        time_point begun{};
        time_point latest{};
        duration took{};
        bool failed = false;
    };

    void task(char letter, task_event const& event) {
        bool const ended = letter == 'A' || letter == 'R';
        world_.expect(ended == (event.state != task_state::running), "a task runs until its end");
        add(letter, event.id, event.time);
    }

    simulator& world_;
    bool const coarse_;
    bool const one_lane_;
    unsigned const throws_;
    std::uint64_t thrown_ = 0;
    time_point latest_{};
    std::vector<child> told_;
};

/// The same, and n N for the node: what is told of nodes is told one by one.
class notes_of_nodes : public notes {
public:
    notes_of_nodes(simulator& world, straight_run const& run) : notes(world, run) { nodes_ = true; }

    void before_node(node_event const& event) { add('n', event.task, event.time); }
    void after_node(node_event const& event) {
        check_state(event.task, event.state, event.failure.has_value());
        add('N', event.task, event.time);
    }
};

template <class Notes>
void play(simulator& world, bool timed, std::uint64_t most) {
    straight_run run(world, timed, most);
    Notes hook(world, run);
    run.play(any_hook(hook));
    hook.check(run);
}
void play_any(simulator& world, bool timed, std::uint64_t most) {
    if (world.random().percent(50)) {
        play<notes>(world, timed, most);
    } else {
        play<notes_of_nodes>(world, timed, most);
    }
}

}  // namespace

TEST_CASE("children that are noted many at a time are told one by one") {
    for_each_seed(10'000, [](simulator& world) { play_any(world, false, 300); });
}

TEST_CASE("a child takes the time that its function takes, whatever its expander and its collector do") {
    for_each_seed(10'000, [](simulator& world) { play_any(world, true, 300); });
}

// More children than the collector's stream has room for.
TEST_CASE("a child does not take the time for which its lane waits for room") {
    for_each_seed(300, [](simulator& world) { play_any(world, true, 9'000); });
}

}  // namespace frond::simulation
