// What the tests of `news` stand on: observers of a run that is made by hand, and hooks for them.
#pragma once

#include "run/news.hpp"
#include "run/stalled_hooks.hpp"

#include "by_hand_run.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace by_hand {

/// Waits inside its first call until the test lets it go on.
struct hanging {
    frond::observer_policy how = frond::every();
    event go{};
    int told = 0;
    std::optional<std::uint64_t> dropped{};
    // A hook of the next test may lie at the same address.
    ~hanging() { frond::stalled_hooks::all().remove(this); }
    frond::observer_policy policy() const { return how; }
    frond::async<void> before_task(frond::task_event const&) {
        if (++told == 1) co_await go.wait();
    }
    void after_run(frond::run_event const& event) { dropped = event.events_dropped; }
};

/// A run and its news; `begin` once all hooks have been added.
struct desk {
    observed_run run;
    frond::news news{run};

    void begin() {
        news.start();
        run.home.run();
    }
    /// One moment of a task.
    void tell(frond::task_place place, frond::hook_moment moment,
              frond::task_state state = frond::task_state::running) {
        frond::event_record record;
        record.moment = moment;
        record.state = state;
        news.tell_task(std::move(place), record, frond::event_detail());
    }
    void tell_root(frond::hook_moment moment) { tell(frond::task_place(), moment); }
    /// Begins with one hook, which is inside its first call then.
    void begin_inside_first_call_of(hanging& hook) {
        news.add(frond::any_hook(hook), true);
        begin();
        tell_root(frond::hook_moment::before_task);
        run.home.run();
    }
    /// The end of a run, after which the observers end.
    void end() {
        news.tell_run(frond::hook_moment::after_run);
        news.close();
        run.home.run();
    }
    frond::hook_report report() const {
        frond::run_report made;
        news.fill(made);
        return made.hooks.at(0);
    }
};

inline frond::task_place child_of_file(std::uint64_t index, char const* key = nullptr) {
    frond::task_place made;
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

struct lane : frond::wakeable {
    explicit lane(observed_run& of) : wakeable([](frond::work& self) noexcept { ++static_cast<lane&>(self).woken; }) {
        on = &of.home;
    }
    int woken = 0;
};

}  // namespace by_hand
