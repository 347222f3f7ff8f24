// The observers of a run, and how what happens reaches them: with an executor, a clock and a run made by hand.
#include "run/news.hpp"

#include "by_hand_run.hpp"
#include "catch.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

using frond::any_hook;
using frond::async;
using frond::event_detail;
using frond::event_record;
using frond::every;
using frond::hook_moment;
using frond::latest;
using frond::lossless;
using frond::news;
using frond::observer_policy;
using frond::task_place;
using frond::task_state;

using namespace std::chrono_literals;

namespace {

/// A run and its news; `begin` once all hooks have been added.
struct desk {
    by_hand::observed_run run;
    frond::news news{run};

    void begin() {
        news.start();
        run.home.run();
    }
    /// One moment of a task.
    void tell(task_place place, hook_moment moment, task_state state = task_state::running) {
        event_record record;
        record.moment = moment;
        record.state = state;
        news.tell_task(std::move(place), record, event_detail());
    }
    void tell_root(hook_moment moment) { tell(task_place(), moment); }
    /// The end of a run, after which the observers end.
    void end() {
        news.tell_run(hook_moment::after_run);
        news.close();
        run.home.run();
    }
    frond::hook_report report() const {
        frond::run_report made;
        news.fill(made);
        return made.hooks.at(0);
    }
};

task_place child_of_file(std::uint64_t index, char const* key = nullptr) {
    task_place made;
    made.spec = 2;
    made.inside = true;
    made.index = index;
    made.total = 9;
    if (key != nullptr) made.key = std::make_shared<std::string const>(key);
    return made;
}

/// Notes the tasks that it is told of.
struct noting {
    std::string seen{};
    void before_task(frond::task_event const& event) { note('b', event); }
    void after_task(frond::task_event const& event) { note('a', event); }
    void note(char what, frond::task_event const& event) {
        seen.append(seen.empty() ? "" : " ").append(1, what).append(":").append(event.id.to_string());
    }
};

/// Waits inside its first call until the test lets it go on.
struct hanging {
    observer_policy how = every();
    by_hand::event go{};
    int told = 0;
    std::optional<std::uint64_t> dropped{};
    observer_policy policy() const { return how; }
    async<void> before_task(frond::task_event const&) {
        if (++told == 1) co_await go.wait();
    }
    void after_run(frond::run_event const& event) { dropped = event.events_dropped; }
};

struct lane : frond::wakeable {
    explicit lane(by_hand::observed_run& of)
        : wakeable([](frond::work& self) noexcept { ++static_cast<lane&>(self).woken; }) {
        on = &of.home;
    }
    int woken = 0;
};

}  // namespace

// ---- what is listened to

TEST_CASE("without observers nothing is listened to") {
    desk of;
    CHECK_FALSE(of.news.tells_tasks());
    CHECK_FALSE(of.news.tells(hook_moment::after_run));
    CHECK_FALSE(of.news.exact_time());
    CHECK_FALSE(of.news.copies_parameters());
    CHECK_FALSE(of.news.has_lossless_hooks());
    lane one(of.run);
    CHECK(of.news.admits(one));
}

TEST_CASE("what at least one hook listens to is listened to, and no more") {
    struct yields {
        void on_yield(frond::yield_event const&) {}
    } first;
    noting second;
    desk of;
    of.news.add(any_hook(first), true);
    of.news.add(any_hook(second), false);
    CHECK(of.news.tells(hook_moment::on_yield));
    CHECK(of.news.tells(hook_moment::before_task));
    CHECK_FALSE(of.news.tells(hook_moment::before_node));
    CHECK(of.news.tells_tasks());
    CHECK(of.news.observers() == 2);
    CHECK(of.news.awaited() == 1);
}

TEST_CASE("a hook that samples is told of no task, even if it has a method for tasks") {
    struct sampling {
        int samples = 0;
        int tasks = 0;
        observer_policy policy() const { return latest(2ms); }
        void on_sample(frond::progress const&) { ++samples; }
        void before_task(frond::task_event const&) { ++tasks; }
    } hook;
    noting other;
    desk of;
    of.news.add(any_hook(hook), true);
    CHECK_FALSE(of.news.tells_tasks());
    CHECK_FALSE(of.news.exact_time());
    of.news.add(any_hook(other), true);
    of.begin();
    of.tell_root(hook_moment::before_task);
    of.end();
    CHECK(hook.tasks == 0);
    CHECK(other.seen == "b:root");
}

TEST_CASE("exact times are wanted if one hook does not do with coarse ones") {
    struct coarse : noting {
        observer_policy policy() const { return every().coarse_time(); }
    } first;
    noting second;
    desk of;
    of.news.add(any_hook(first), true);
    CHECK_FALSE(of.news.exact_time());
    of.news.add(any_hook(second), true);
    CHECK(of.news.exact_time());
}

TEST_CASE("parameters are copied if a hook of yields asks for them") {
    struct asking {
        observer_policy policy() const { return every().with_parameters(); }
    };
    struct of_tasks : asking, noting {
    } first;
    struct of_yields : asking {
        void on_yield(frond::yield_event const&) {}
    } second;
    desk of;
    of.news.add(any_hook(first), true);
    CHECK_FALSE(of.news.copies_parameters());
    of.news.add(any_hook(second), true);
    CHECK(of.news.copies_parameters());
}

// ---- telling

TEST_CASE("each hook is told in order of what it listens to") {
    struct ends {
        std::string seen{};
        void after_task(frond::task_event const& event) { seen += event.id.to_string() + ' '; }
    } last;
    noting all;
    desk of;
    of.news.add(any_hook(last), true);
    of.news.add(any_hook(all), true);
    of.begin();
    of.tell_root(hook_moment::before_task);
    of.tell(child_of_file(3), hook_moment::before_task);
    of.tell(child_of_file(3), hook_moment::after_task, task_state::succeeded);
    of.tell_root(hook_moment::after_task);
    of.end();
    CHECK(all.seen == "b:root b:expand-file.3.block-file a:expand-file.3.block-file a:root");
    CHECK(last.seen == "expand-file.3.block-file root ");
}

TEST_CASE("a hook is told nothing inside the call that tells, but by the run's executor") {
    noting hook;
    desk of;
    of.news.add(any_hook(hook), true);
    of.begin();
    of.tell_root(hook_moment::before_task);
    CHECK(hook.seen.empty());
    of.run.home.run();
    CHECK(hook.seen == "b:root");
}

TEST_CASE("a hook is not woken for what it does not listen to") {
    struct begins {
        void before_run(frond::run_event const&) {}
        void before_task(frond::task_event const&) {}
    } first;
    struct ends {
        void after_run(frond::run_event const&) {}
        void after_task(frond::task_event const&) {}
    } second;
    desk of;
    of.news.add(any_hook(first), true);
    of.news.add(any_hook(second), true);
    of.begin();
    int const before = of.run.home.posted;
    of.tell_root(hook_moment::before_task);
    CHECK(of.run.home.posted == before + 1);
    of.run.home.run();
    of.news.tell_run(hook_moment::before_run);
    CHECK(of.run.home.posted == before + 2);
    of.end();
}

TEST_CASE("a task's event has the place of its child, the counters of its spec and the time of the clock") {
    struct keeping {
        std::vector<frond::task_event> seen{};
        void after_task(frond::task_event const& event) { seen.push_back(event); }
    } hook;
    desk of;
    of.news.add(any_hook(hook), true);
    of.begin();
    of.run.hours.pass(5s);
    of.tell(child_of_file(3, "README.md"), hook_moment::after_task, task_state::succeeded);
    of.end();
    REQUIRE(hook.seen.size() == 1);
    auto const& event = hook.seen[0];
    CHECK(event.run_id == of.run.id);
    CHECK(event.id.to_string() == "expand-file.3[README.md].block-file");
    CHECK(event.key() == "README.md");
    CHECK(event.total == 9U);
    CHECK(event.depth == 1);
    CHECK(event.state == task_state::succeeded);
    CHECK(event.so_far.yielded == 102);
    CHECK(event.time == of.run.hours.now());
}

TEST_CASE("children that went well are one record, of which each hook is told one by one") {
    noting hook;
    desk of;
    of.news.add(any_hook(hook), true);
    of.begin();
    frond::event_batch batch;
    batch.inside = true;
    event_record record;
    record.spec = 2;
    record.index = 4;
    record.children = 2;
    batch.records.push_back(record);
    of.news.tell(std::move(batch));
    of.end();
    CHECK(
        hook.seen ==
        "b:expand-file.4.block-file a:expand-file.4.block-file b:expand-file.5.block-file a:expand-file.5.block-file");
    CHECK(of.report().most_queued == 4);
}

TEST_CASE("an event of an expansion names its expander, and why it failed") {
    struct keeping {
        std::vector<frond::expansion_event> seen{};
        void after_expansion(frond::expansion_event const& event) { seen.push_back(event); }
    } hook;
    desk of;
    of.news.add(any_hook(hook), true);
    of.begin();
    event_record record;
    record.moment = hook_moment::after_expansion;
    record.state = task_state::failed;
    record.total = 3;
    frond::error const failure = frond::error::out_of_memory();
    of.news.tell_expansion(nullptr, 1, record, &failure);
    of.end();
    REQUIRE(hook.seen.size() == 1);
    CHECK(hook.seen[0].expander.to_string() == "expand-file");
    CHECK(hook.seen[0].total == 3);
    CHECK(hook.seen[0].state == task_state::failed);
    REQUIRE(hook.seen[0].failure);
    CHECK(hook.seen[0].failure->message() == failure.message());
}

TEST_CASE("the end says why the run failed, the last counters, and how many events this hook was not told") {
    struct late : hanging {
        std::vector<frond::run_event> seen{};
        void after_run(frond::run_event const& event) { seen.push_back(event); }
    } hook;
    hook.how = every(1);
    desk of;
    of.news.add(any_hook(hook), true);
    of.begin();
    for (int i = 0; i < 4; ++i) {
        of.tell_root(hook_moment::before_task);
        of.run.home.run();
    }
    of.news.tell_run(hook_moment::after_run, frond::error::canceled());
    of.news.close();
    hook.go.fire();
    of.run.home.run();
    REQUIRE(hook.seen.size() == 1);
    CHECK(hook.told == 2);
    CHECK(hook.seen[0].events_dropped == 2);
    REQUIRE(hook.seen[0].failure);
    CHECK(hook.seen[0].failure->is_canceled());
    REQUIRE(hook.seen[0].progress);
    CHECK(hook.seen[0].progress->run_id == of.run.id);
    CHECK(hook.seen[0].plan == of.run.plan);
}

// ---- hooks that throw

TEST_CASE("what a hook throws is counted and kept, and neither it nor another hook is told less") {
    struct throwing : noting {
        void after_task(frond::task_event const& event) {
            noting::after_task(event);
            throw std::runtime_error("no");
        }
    } first;
    noting second;
    desk of;
    of.news.add(any_hook(first), true);
    of.news.add(any_hook(second), true);
    of.begin();
    for (int i = 0; i < 20; ++i) of.tell_root(hook_moment::after_task);
    of.tell_root(hook_moment::before_task);
    of.end();
    frond::run_report report;
    of.news.fill(report);
    CHECK(first.seen == second.seen);
    CHECK(report.hooks.at(0).errors == 20);
    CHECK(report.hooks.at(1).errors == 0);
    CHECK(report.hook_errors_total == 20);
    REQUIRE(report.hook_errors.size() == 16);
    CHECK(report.hook_errors[0].message() == "no");
}

// ---- the end

TEST_CASE("each observer ends once, when it has been told all, and nothing keeps the run after that") {
    noting first, second;
    desk of;
    of.news.add(any_hook(first), true);
    of.news.add(any_hook(second), false);
    of.begin();
    CHECK(of.run.kept());
    of.tell_root(hook_moment::before_task);
    of.news.close();
    CHECK(of.run.ended_awaited + of.run.ended_others == 0);
    of.run.home.run();
    CHECK(first.seen == "b:root");
    CHECK(of.run.ended_awaited == 1);
    CHECK(of.run.ended_others == 1);
    CHECK_FALSE(of.run.kept());
}

TEST_CASE("when the grace is over what a hook awaits is interrupted, and of what waits it is told the end alone") {
    hanging hook;
    hook.go.wakes_when_interrupted = true;
    desk of;
    of.news.add(any_hook(hook), true);
    of.begin();
    for (int i = 0; i < 3; ++i) of.tell_root(hook_moment::before_task);
    of.news.tell_run(hook_moment::after_run);
    of.news.close();
    of.run.home.run();
    REQUIRE(hook.go.has_waiter());
    of.news.cancel();
    of.run.home.run();
    CHECK(hook.go.interrupted == 1);
    CHECK(hook.told == 1);
    CHECK(hook.dropped == 2U);
    CHECK(of.run.ended_awaited == 1);
    CHECK(of.report().interrupted);
    CHECK_FALSE(of.run.kept());
}

TEST_CASE("a hook that is interrupted in the midst of a batch is told no more of it, and the rest is counted") {
    hanging hook;
    hook.go.wakes_when_interrupted = true;
    desk of;
    of.news.add(any_hook(hook), true);
    of.begin();
    event_record record;
    record.moment = hook_moment::before_task;
    frond::event_batch batch;
    batch.records.assign(5, record);
    of.news.tell(std::move(batch));
    of.run.home.run();
    REQUIRE(hook.told == 1);
    of.end();
    of.news.cancel();
    of.run.home.run();
    CHECK(hook.told == 1);
    CHECK(hook.dropped == 4U);
    CHECK(of.report().events_dropped == 4);
}

TEST_CASE("a hook that goes on in spite of its interruption keeps the run until it ends") {
    hanging hook;
    desk of;
    of.news.add(any_hook(hook), true);
    of.begin();
    of.tell_root(hook_moment::before_task);
    of.run.home.run();
    of.news.close();
    of.news.cancel();
    of.run.home.run();
    CHECK(hook.go.interrupted == 1);
    CHECK(of.run.ended_awaited == 0);
    CHECK(of.run.kept());
    hook.go.fire();
    of.run.home.run();
    CHECK(of.run.ended_awaited == 1);
    CHECK_FALSE(of.run.kept());
}

TEST_CASE("runs that share a hook tell it one after the other") {
    hanging hook;
    desk first, second;
    first.news.add(any_hook(hook), true);
    second.news.add(any_hook(hook), true);
    first.begin();
    second.begin();
    first.tell_root(hook_moment::before_task);
    first.run.home.run();
    second.tell_root(hook_moment::before_task);
    second.run.home.run();
    CHECK(hook.told == 1);
    hook.go.fire();
    first.run.home.run();
    second.run.home.run();
    CHECK(hook.told == 2);
    first.end();
    second.end();
    CHECK(first.run.ended_awaited + second.run.ended_awaited == 2);
}

// ---- samples

namespace {

struct sampling {
    std::vector<frond::time_point> at{};
    observer_policy policy() const { return latest(2ms); }
    void on_sample(frond::progress const& sample) { at.push_back(sample.taken); }
    void before_run(frond::run_event const&) {}
};

}  // namespace

TEST_CASE("a hook is given samples at its interval") {
    sampling hook;
    desk of;
    auto const begin = of.run.hours.now();
    of.news.add(any_hook(hook), true);
    of.begin();
    for (int i = 0; i < 4; ++i) {
        of.run.hours.pass(1ms);
        of.run.home.run();
    }
    CHECK(hook.at == std::vector{begin + 2ms, begin + 4ms});
    of.end();
}

TEST_CASE("a run that is shorter than the interval has no sample, and leaves no alarm") {
    sampling hook;
    desk of;
    of.news.add(any_hook(hook), true);
    of.begin();
    CHECK(of.run.hours.waiting() == 1);
    of.run.hours.pass(1ms);
    of.end();
    CHECK(hook.at.empty());
    CHECK(of.run.hours.waiting() == 0);
    CHECK(of.run.ended_awaited == 1);
    CHECK_FALSE(of.run.kept());
}

TEST_CASE("an alarm that is on its way when an observer ends keeps the run, and changes nothing") {
    sampling hook;
    desk of;
    of.news.add(any_hook(hook), true);
    of.begin();
    of.news.close();  // the coroutine is on its way first
    of.run.hours.pass(2ms);
    REQUIRE(of.run.home.run_one());
    CHECK(of.run.ended_awaited == 1);
    CHECK(of.run.kept());
    of.run.home.run();
    CHECK(hook.at.empty());
    CHECK_FALSE(of.run.kept());
}

TEST_CASE("a run that only an alarm on its way keeps goes when that has come") {
    sampling hook;
    auto of = std::make_shared<desk>();
    std::weak_ptr<desk> const alive = of;
    auto const place = of->run.place;
    of->run.owned_by = of;
    of->news.add(any_hook(hook), true);
    of->begin();
    of->news.close();
    of->run.hours.pass(2ms);
    of.reset();
    REQUIRE(place->run_one());
    CHECK_FALSE(alive.expired());
    place->run();
    CHECK(alive.expired());
}

// ---- lanes that wait for lossless hooks

TEST_CASE(
    "while a lossless hook has more than its bound in its queue lanes wait, and they go on when half of it is told") {
    hanging hook;
    hook.how = lossless(2);
    desk of;
    lane one(of.run), other(of.run);
    of.news.add(any_hook(hook), true);
    CHECK(of.news.has_lossless_hooks());
    of.begin();
    of.tell_root(hook_moment::before_task);
    of.run.home.run();  // the hook is inside its first call
    for (int i = 0; i < 2; ++i) of.tell_root(hook_moment::before_task);
    CHECK(of.news.admits(one));
    of.tell_root(hook_moment::before_task);
    CHECK_FALSE(of.news.admits(one));
    CHECK_FALSE(of.news.admits(other));
    of.run.home.run();
    CHECK(one.woken == 0);
    hook.go.fire();
    of.run.home.run();
    CHECK(one.woken == 1);
    CHECK(other.woken == 1);
    CHECK(hook.told == 4);
    CHECK(of.run.hours.waiting() == 0);
    CHECK(of.news.admits(one));
    of.end();
    CHECK(hook.dropped == 0U);
    CHECK_FALSE(of.report().downgraded);
}

TEST_CASE("a lane waits for one lossless hook at a time, until all of them admit it") {
    hanging first, second;
    first.how = second.how = lossless(0);
    desk of;
    lane one(of.run);
    of.news.add(any_hook(first), true);
    of.news.add(any_hook(second), true);
    of.begin();
    of.tell_root(hook_moment::before_task);
    of.run.home.run();
    of.tell_root(hook_moment::before_task);
    CHECK_FALSE(of.news.admits(one));
    first.go.fire();
    of.run.home.run();
    CHECK(one.woken == 1);
    CHECK_FALSE(of.news.admits(one));
    second.go.fire();
    of.run.home.run();
    CHECK(one.woken == 2);
    CHECK(of.news.admits(one));
    of.end();
}

TEST_CASE("a lossless hook that holds lanes back for its stall limit holds back none any more, and it is reported") {
    hanging hook;
    hook.how = lossless(1, 10s);
    desk of;
    lane one(of.run);
    of.news.add(any_hook(hook), true);
    of.begin();
    of.tell_root(hook_moment::before_task);
    of.run.home.run();
    for (int i = 0; i < 3; ++i) of.tell_root(hook_moment::before_task);
    CHECK_FALSE(of.news.admits(one));
    of.run.hours.pass(10s - 1ns);
    of.run.home.run();
    CHECK(one.woken == 0);
    of.run.hours.pass(1ns);
    of.run.home.run();
    CHECK(one.woken == 1);
    CHECK(of.news.admits(one));
    CHECK(of.report().downgraded);
    CHECK(of.report().events_dropped == 2);
    hook.go.fire();
    of.end();
    CHECK(hook.told == 2);
}

TEST_CASE("a stall alarm that was on its way when its lanes went on waits on for those that came after") {
    hanging hook;
    hook.how = lossless(0, 10s);
    desk of;
    lane one(of.run), other(of.run);
    of.news.add(any_hook(hook), true);
    of.begin();
    of.tell_root(hook_moment::before_task);
    of.run.home.run();
    of.tell_root(hook_moment::before_task);
    CHECK_FALSE(of.news.admits(one));
    of.run.hours.pass(10s);  // the alarm is on its way
    of.news.release_lanes();
    CHECK_FALSE(of.news.admits(other));
    of.run.home.run();
    CHECK(one.woken == 1);
    CHECK(other.woken == 0);
    CHECK_FALSE(of.report().downgraded);
    of.run.hours.pass(10s);
    of.run.home.run();
    CHECK(other.woken == 1);
    CHECK(of.report().downgraded);
    hook.go.fire();
    of.end();
}

TEST_CASE("a run that is cancelled does not wait for a lossless hook, and leaves no alarm") {
    hanging hook;
    hook.how = lossless(0, 24h);
    desk of;
    lane one(of.run);
    of.news.add(any_hook(hook), true);
    of.begin();
    of.tell_root(hook_moment::before_task);
    of.run.home.run();
    of.tell_root(hook_moment::before_task);
    CHECK_FALSE(of.news.admits(one));
    CHECK(of.run.hours.waiting() == 1);
    of.run.is_cancelled = true;
    of.news.release_lanes();
    of.run.home.run();
    CHECK(one.woken == 1);
    CHECK(of.run.hours.waiting() == 0);
    CHECK(of.news.admits(one));
    hook.go.fire();
    of.end();
    CHECK_FALSE(of.run.kept());
}
