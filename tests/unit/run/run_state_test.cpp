// The life of a run: from its beginning to the end of its hooks' grace.
#include "run/run_state.hpp"
#include "catch.hpp"

#include "by_hand_run.hpp"

#include "frond/frond.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <vector>

using by_hand::event;
using frond::run_state;

namespace run_state_test {

event* wanted = nullptr;
int bodies = 0;
int plain() { return ++bodies; }
frond::async<int> waiting() {
    co_await wanted->wait();
    co_return 1;
}

// Notes how the run ended.
struct ended final : frond::run_completion {
    void complete(frond::run_outcome& outcome) noexcept override {
        ++times;
        text = outcome.failure ? outcome.failure->is_canceled() ? "cancelled" : "failed" : "succeeded";
    }
    void released() noexcept override { values_gone = true; }
    int times = 0;
    std::string text;
    bool values_gone = false;
};

// Waits when the run is over, until the test lets it go on.
struct lingering {
    event go{};
    int told = 0;
    frond::async<void> after_run(frond::run_event const&) {
        ++told;
        co_await go.wait();
    }
};

struct quick {
    int told = 0;
    void after_run(frond::run_event const&) { ++told; }
};

constexpr auto grace = std::chrono::seconds(2);

struct living_run {
    explicit living_run(std::shared_ptr<frond::plan const> const& plan) : run(std::make_shared<run_state>(plan)) {}

    void begin(std::vector<frond::any_hook> const& hooks = {}, bool awaits_all = true) {
        frond::run_start start;
        start.on = &home;
        start.time = &hours;
        start.hooks = hooks;
        start.completion = &end;
        start.awaits_all_hooks = awaits_all;
        run->begin(std::move(start));
    }
    void pass_grace() {
        hours.pass(grace);
        home.run();
    }

    by_hand::executor home;
    by_hand::clock hours;
    ended end;
    std::shared_ptr<run_state> run;
};

std::shared_ptr<frond::plan const> plain_plan() { return frond::plan_for<plain>(frond::options().grace(grace)).get(); }
std::shared_ptr<frond::plan const> waiting_plan() { return frond::plan_for<waiting>().get(); }

}  // namespace run_state_test

using namespace run_state_test;

TEST_CASE("a run begins on its executor, not where it is begun, and keeps itself alive until it has completed") {
    bodies = 0;
    living_run of(plain_plan());
    of.begin();
    CHECK(bodies == 0);
    std::weak_ptr<run_state> const watched = std::exchange(of.run, nullptr);
    CHECK_FALSE(watched.expired());
    of.home.run();
    CHECK(bodies == 1);
    CHECK(of.end.text == "succeeded");
    CHECK(of.end.values_gone);
    CHECK(watched.expired());
}

TEST_CASE("a run that is cancelled while a task waits completes when that has stopped") {
    event body;
    body.wakes_when_interrupted = true;
    wanted = &body;
    living_run of(waiting_plan());
    of.begin();
    of.home.run();
    CHECK(of.end.times == 0);
    of.run->cancel();
    of.home.run();
    CHECK(body.interrupted == 1);
    CHECK(of.end.times == 1);
    CHECK(of.end.text == "cancelled");
}

TEST_CASE("a run that is cancelled before its first task begins runs none") {
    bodies = 0;
    living_run of(plain_plan());
    of.begin();
    of.run->cancel();
    of.home.run();
    CHECK(bodies == 0);
    CHECK(of.end.text == "cancelled");
}

TEST_CASE("a cancellation that comes after the last task changes nothing, though the hooks still have their time") {
    lingering hook;
    living_run of(plain_plan());
    of.begin({frond::any_hook(hook)});
    of.home.run();
    CHECK(of.end.times == 0);
    of.run->cancel();
    of.home.run();
    CHECK(hook.go.interrupted == 0);
    hook.go.fire();
    of.home.run();
    CHECK(of.end.text == "succeeded");
    of.run->cancel();
    CHECK(of.end.times == 1);
}

TEST_CASE("a run completes as soon as its hooks have ended, and forgets the end of their grace") {
    lingering hook;
    living_run of(plain_plan());
    of.begin({frond::any_hook(hook)});
    of.home.run();
    CHECK(of.hours.waiting() == 1);
    hook.go.fire();
    of.home.run();
    CHECK(of.end.times == 1);
    CHECK(of.hours.waiting() == 0);
}

TEST_CASE("hooks that have not ended after a grace are cancelled, and have as long again to end") {
    lingering hook;
    hook.go.wakes_when_interrupted = true;
    living_run of(plain_plan());
    of.begin({frond::any_hook(hook)});
    of.home.run();
    of.hours.pass(grace - std::chrono::nanoseconds(1));
    of.home.run();
    CHECK(hook.go.interrupted == 0);
    of.hours.pass(std::chrono::nanoseconds(1));
    of.home.run();
    CHECK(hook.go.interrupted == 1);
    CHECK(of.end.text == "succeeded");
    CHECK(of.hours.waiting() == 0);
}

TEST_CASE("a grace that is for ever is for ever") {
    lingering hook;
    living_run of(frond::plan_for<plain>(frond::options().grace(std::chrono::hours::max())).get());
    of.begin({frond::any_hook(hook)});
    of.home.run();
    of.hours.pass(std::chrono::hours(24 * 365 * 100));
    of.home.run();
    CHECK(hook.go.interrupted == 0);
    CHECK(of.end.times == 0);
    hook.go.fire();
    of.home.run();
    CHECK(of.end.text == "succeeded");
    CHECK(of.hours.waiting() == 0);
}

TEST_CASE("a hook that does not even end when it is cancelled is left behind after a second grace") {
    lingering hook;
    living_run of(plain_plan());
    of.begin({frond::any_hook(hook)});
    of.home.run();
    of.pass_grace();
    CHECK(hook.go.interrupted == 1);
    CHECK(of.end.times == 0);
    of.pass_grace();
    CHECK(of.end.times == 1);
    CHECK(of.end.values_gone);
    // It may still end, and finds the run alive.
    hook.go.fire();
    of.home.run();
    CHECK(of.end.times == 1);
    CHECK(of.hours.waiting() == 0);
}

TEST_CASE("a run does not wait for a hook of its own if it is told so, but still cancels it after the grace") {
    auto const hook = std::make_shared<lingering>();
    living_run of(plain_plan());
    of.begin({frond::any_hook(hook)}, false);
    of.home.run();
    CHECK(of.end.times == 1);
    CHECK(hook->told == 1);
    of.pass_grace();
    CHECK(hook->go.interrupted == 1);
    hook->go.fire();
    of.home.run();
    CHECK(of.end.times == 1);
}

TEST_CASE("a run waits for a hook that it does not own, though hooks of its own have ended") {
    lingering hook;
    auto const own = std::make_shared<quick>();
    living_run of(plain_plan());
    of.begin({frond::any_hook(own), frond::any_hook(hook)}, false);
    of.home.run();
    CHECK(own->told == 1);
    CHECK(hook.told == 1);
    CHECK(of.end.times == 0);
    hook.go.fire();
    of.home.run();
    CHECK(of.end.times == 1);
}
