// The fiber of a body: other work of its thread while the body goes on, the times of its waits, and their interruption.
#include "run/body_fiber.hpp"
#include "catch.hpp"
#include "fake_run.hpp"

#include "../base/two_threads.hpp"

#include "frond/frond.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

using by_hand::fake_run;
using namespace std::chrono_literals;

namespace body_fiber_test {

int body() { return 1; }

/// A body that waits for something outside, then takes time, and waits again.
class waiting_body {
public:
    /// `at_once`: the first thing that it waits for comes before its driver has left the frames.
    explicit waiting_body(unsigned threads = 4, bool at_once = false)
        : run(fake_run::of(frond::plan_for<body>().get(), {.threads = threads})) {
        context_.in = run->root.get();
        context_.spec = &spec();
        fiber_.emplace(*this);
        run->in_pump([&] {
            REQUIRE_FALSE(fiber_->begin(frames_.start_on(*fiber_)));
            fiber_->enter_room();
            if (at_once) {
                run->hours.pass(1ms);
                first.fire();
            }
            REQUIRE_FALSE(fiber_->settle());
        });
    }
    ~waiting_body() {
        if (first.has_waiter()) first.fire();
        run->home.run();
        if (second.has_waiter()) second.fire();
        run->home.run();
        CHECK(stopped);
    }

    frond::task_spec const& spec() const { return run->spec("body"); }

    /// The body is woken on a thread on which something else waits. Gives true if other threads could take that while the body
    /// went on.
    bool others_get_what_waits(frond::duration body_takes) {
        takes_ = body_takes;
        two_threads::errand other;
        run->in_pump([&] {
            frond::pump::current()->push_back(other);
            first.fire();
        });
        run->home.run();
        CHECK(other.runs == 1);
        return others_got_it_;
    }

    /// For each body in the room, since when it has been waiting for something outside; zero: it has not.
    std::vector<frond::time_point> waits() const {
        std::vector<frond::time_point> since;
        run->room.look_at_oldest(10, [&](auto const& wait) { since.push_back(wait.since.load()); });
        return since;
    }

    /// The same, when the body had gone on.
    std::vector<frond::time_point> const& waits_inside() const { return waits_inside_; }

    std::shared_ptr<fake_run> const run;
    by_hand::event first;
    by_hand::event second;
    bool stopped = false;
    bool relieved = false;  // the watch finds the body at two looks

private:
    struct fiber : frond::body_fiber {
        explicit fiber(waiting_body& owner)
            : body_fiber(owner.context_, *owner.run->root->domain, owner.run->home, &fiber::stop), of(owner) {}
        static void stop(frond::fiber& self) noexcept {
            auto& me = static_cast<fiber&>(self);
            me.leave_room();
            me.of.stopped = true;
        }
        waiting_body& of;
    };

    frond::async<void> frames() {
        co_await first.wait();
        others_got_it_ = !run->home.idle();
        waits_inside_ = waits();
        run->hours.pass(takes_);
        if (relieved)
            std::thread([] { frond::working_thread::relieve_all() && frond::working_thread::relieve_all(); }).join();
        co_await second.wait();
    }

    frond::task_context context_;
    frond::duration takes_{};
    bool others_got_it_ = false;
    std::vector<frond::time_point> waits_inside_;
    frond::async<void> frames_ = frames();
    std::optional<fiber> fiber_;
};

}  // namespace body_fiber_test

using namespace body_fiber_test;

TEST_CASE(
    "before a woken body that may be long the other work of its thread is posted, and the body's cost is learnt") {
    waiting_body unknown;
    CHECK(unknown.others_get_what_waits(1ms));
    CHECK(unknown.spec().woken_cost.is_dear());
    CHECK(unknown.spec().cost.is_unknown());  // that is of the part before the wait

    waiting_body dear;
    dear.spec().woken_cost.learn(1ms);
    CHECK(dear.others_get_what_waits(1us));
    CHECK_FALSE(dear.spec().woken_cost.may_be_long());
}

TEST_CASE("before a woken body that is short all stays where it is") {
    waiting_body of;
    of.spec().woken_cost.learn(1us);
    CHECK_FALSE(of.others_get_what_waits(1us));
}

TEST_CASE("a woken body that was short so far and takes long is unknown again") {
    waiting_body of;
    of.spec().woken_cost.learn(1us);
    of.relieved = true;
    of.others_get_what_waits(1ms);
    CHECK(of.spec().woken_cost.is_unknown());
}

TEST_CASE("a body that is woken before it has parked does not wait from then on until it is suspended again") {
    waiting_body of(4, true);
    CHECK(of.waits_inside() == std::vector{frond::time_point()});
    CHECK(of.waits() == std::vector{of.run->hours.now()});
}

TEST_CASE("on an executor of one thread all stays where it is, and nothing is learnt") {
    waiting_body of(1);
    CHECK_FALSE(of.others_get_what_waits(1ms));
    CHECK(of.spec().woken_cost.is_unknown());
}

TEST_CASE("each wait of a body counts from its own beginning, on executors of one thread and of many") {
    for (unsigned const threads : {1U, 4U}) {
        waiting_body of(threads);
        auto const began = of.run->hours.now();
        CHECK(of.waits() == std::vector{began});
        of.run->hours.pass(5ms);
        CHECK(of.waits() == std::vector{began});
        of.others_get_what_waits(2ms);
        CHECK(of.waits_inside() == std::vector{frond::time_point()});  // it does not wait
        CHECK(of.waits() == std::vector{began + 7ms});
        of.second.fire();
        of.run->home.run();
        CHECK(of.waits().empty());
    }
}

TEST_CASE("a body's wait is interrupted by a cancellation of its domain") {
    waiting_body cancelled;
    cancelled.first.wakes_when_interrupted = cancelled.second.wakes_when_interrupted = true;
    cancelled.run->root->domain->cancel(cancelled.run->room);
    cancelled.run->home.run();
    CHECK(cancelled.first.interrupted == 1);
    CHECK(cancelled.stopped);
}
