// What the tests of the run layer's classes stand on: a run that is made by hand, of a plan of the test's, on an
// executor and a clock that the test drives. It begins nothing by itself.
#pragma once

#include "run/expansion.hpp"
#include "run/instance.hpp"
#include "run/puller.hpp"
#include "run/run_core.hpp"
#include "run/starter.hpp"
#include "run/task_flow.hpp"

#include "by_hand_run.hpp"
#include "catch.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace by_hand {

/// Starts nothing: notes what it is asked for, and says that this was not an instance's last task.
class noted_flow final : public frond::task_flow {
public:
    bool begin(frond::instance&, frond::slot_credit&) const noexcept override { return note("begin"); }
    bool task_ended(frond::instance&, frond::task_spec const& spec, frond::task_end const& end,
                    frond::slot_credit& credit, bool) const noexcept override {
        return note(spec.name + " " + std::string(to_string(end.state())) + (credit.held ? " with slot" : ""));
    }
    bool got_slot(frond::instance&, frond::task_spec const& spec, frond::slot_credit& credit) const noexcept override {
        return note(spec.name + " got " + (credit.held ? "slot" : "no slot"));
    }
    bool expansion_over(frond::instance&, frond::task_spec const& spec, frond::task_state state,
                        frond::slot_credit&) const noexcept override {
        return note(spec.name + " over " + std::string(to_string(state)));
    }

    mutable std::string seen;

private:
    bool note(std::string const& what) const {
        seen.append(seen.empty() ? "" : ", ").append(what);
        return false;
    }
};

struct destroyed {
    void operator()(frond::instance* what) const noexcept { what->destroy(); }
};
using owned_instance = std::unique_ptr<frond::instance, destroyed>;

struct how_to_run {
    unsigned threads = 1;
    frond::task_flow const& flow = frond::starter::flow();
    std::vector<frond::any_hook> hooks{};
};

/// Must be made by `of`: a run is shared by what it waits for. Thread: the test's.
class fake_run final : public frond::run_core {
    struct stage {
        explicit stage(unsigned threads) : home(threads) {}
        executor home;
        by_hand::clock hours;
    };

public:
    static std::shared_ptr<fake_run> of(std::shared_ptr<frond::plan const> what, how_to_run how = {}) {
        auto made = std::make_shared<fake_run>(std::move(what), how, std::make_shared<stage>(how.threads));
        made->counts.begin();
        made->news.start();
        made->home.run();
        made->home.posted = 0;
        return made;
    }
    fake_run(std::shared_ptr<frond::plan const> what, how_to_run const& how, std::shared_ptr<stage> on)
        : run_core(std::move(what), 7, how.flow), home(on->home), hours(on->hours) {
        set_up(home, hours, how.hooks, true, on);
        root.reset(frond::instance::make(*this, plan->scopes[0], nullptr));
    }

    frond::progress progress() const override {
        frond::progress made;
        counts.fill(made, false);
        return made;
    }
    void tasks_ended() noexcept override { ++times_over; }
    void observer_ended(bool) noexcept override { ++observers_over; }

    /// The task that begins with that node.
    frond::task_spec const& spec(std::string_view node) const {
        for (auto const& each : plan->specs) {
            if (plan->graph[each.steps.front().node].name == node) return each;
        }
        FAIL("no task begins with the node " << node);
        return plan->specs.front();
    }
    frond::counters tasks_of(std::string_view node) const { return counts.of_spec(index_of(spec(node))); }

    /// Runs `act` in a pump, and then the work that `act` leaves in that pump.
    template <class Act>
    void in_pump(Act act) {
        struct once : frond::work {
            explicit once(Act& what) noexcept
                : work([](frond::work& self) noexcept { static_cast<once&>(self).of(); }), of(what) {}
            Act& of;
        } now(act);
        frond::pump::drive(now, home);
    }
    /// The run's own tasks begin, in a pump. Work that they post stays with the executor.
    void begin() {
        in_pump([this] {
            frond::slot_credit credit;
            if (flow.begin(*root, credit)) tasks_ended();
        });
    }
    /// Nothing more is told; the observers end. Must be called where there are hooks, or they keep the run for ever.
    void end_news() {
        news.close();
        home.run();
    }

    executor& home;
    by_hand::clock& hours;
    owned_instance root;  // of the run itself
    int times_over = 0;
    int observers_over = 0;
};

/// An expansion of the run's own, opened as by a starter, with no lane but the test.
class fake_expansion {
public:
    fake_expansion(fake_run& run, std::string_view expander)
        : of(*new frond::expansion(*run.root, run.spec(expander))), run_(run) {
        run.root->opened(of);
        run.counts.task_began(of.spec);
        of.prepare();
    }
    fake_expansion(fake_expansion const&) = delete;
    fake_expansion& operator=(fake_expansion const&) = delete;
    ~fake_expansion() { finish(); }

    /// A lane that the test begins takes the test's place.
    void leave_to_lane() noexcept { finished_ = true; }
    /// The test takes no more part, and what is left of it runs.
    void finish() noexcept {
        if (std::exchange(finished_, true)) return;
        of.pending.drop();
        run_.home.run();
    }

    frond::expansion& of;

private:
    fake_run& run_;
    bool finished_ = false;
};

/// Takes children like a lane. Notes what the source asks of it.
class puller final : public frond::puller {
public:
    explicit puller(frond::open_expansion const& of, unsigned capacity = 8)
        : frond::puller([](frond::work& self) noexcept { ++static_cast<puller&>(self).woken; }, *of.scope.parameter,
                        capacity) {
        on = &of.run.on();
    }
    ~puller() { batch.destroy_rest(); }

    void let_go() noexcept override { ++let_gos; }
    void tell() noexcept override { ++tells; }
    void got(std::uint64_t first_index, unsigned count) noexcept override {
        batch.first_index = first_index;
        batch.position = 0;
        batch.count = count;
    }

    int woken = 0;
    int let_gos = 0;
    int tells = 0;
};

}  // namespace by_hand
