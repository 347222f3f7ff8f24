// The observers of a run, and how what happens in it reaches them.
#include "news_desk.hpp"

#include "catch.hpp"

#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

using by_hand::child_of_file;
using by_hand::desk;
using by_hand::hanging;
using by_hand::lane;
using by_hand::noting;
using frond::any_hook;
using frond::event_record;
using frond::every;
using frond::hook_moment;
using frond::latest;
using frond::observer_policy;
using frond::task_state;

using namespace std::chrono_literals;

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

TEST_CASE("neither a key nor a failure of one child is told of the next") {
    struct keeping {
        std::vector<frond::task_event> seen{};
        void after_task(frond::task_event const& event) { seen.push_back(event); }
    } hook;
    desk of;
    of.news.add(any_hook(hook), true);
    of.begin();
    frond::event_batch batch;
    batch.inside = true;
    event_record record;
    record.moment = hook_moment::after_task;
    record.spec = 2;
    record.state = task_state::failed;
    frond::event_detail detail;
    detail.key = std::make_shared<std::string const>("README.md");
    detail.failure = frond::error::out_of_memory();
    batch.add(record, std::move(detail));
    record.index = 1;
    record.state = task_state::succeeded;
    batch.records.push_back(record);
    of.news.tell(std::move(batch));
    of.end();
    REQUIRE(hook.seen.size() == 2);
    CHECK(hook.seen[0].id.to_string() == "expand-file.0[README.md].block-file");
    CHECK(hook.seen[0].failure);
    CHECK(hook.seen[1].id.to_string() == "expand-file.1.block-file");
    CHECK_FALSE(hook.seen[1].failure);
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
