// How a lane takes children, what it waits for with what in its hands, and how other lanes come.
#include "run/lane.hpp"
#include "catch.hpp"
#include "fake_run.hpp"

#include "../base/two_threads.hpp"

#include "frond/frond.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

using by_hand::fake_expansion;
using by_hand::fake_run;
using frond::async;
using frond::each;
using frond::expander;
using frond::in;

namespace lane_test {

int most = 0;                           // how many there are
std::vector<int> ran;                   // in that order
std::function<void(int)> inside;        // in the body of each child
std::vector<by_hand::event*> to_await;  // by child; the others do not wait

expander<int> thing() {
    for (int i = 0; i < most; ++i) co_yield i;
}
int plain(in<thing> of) {
    ran.push_back(*of);
    if (inside) inside(*of);
    return *of;
}
async<int> waiting(in<thing> of) {
    ran.push_back(*of);
    auto const number = static_cast<std::size_t>(*of);
    if (number < to_await.size() && to_await[number] != nullptr) co_await to_await[number]->wait();
    co_return *of;
}
async<int> read_plain(each<plain>) { co_return 0; }
async<int> read_waiting(each<waiting>) { co_return 0; }

// An expansion whose first lane begins when the test says so.
struct lane_at_work {
    struct setting {
        int children = 1;
        unsigned threads = 1;
    };
    explicit lane_at_work(std::shared_ptr<frond::plan const> const& plan, setting how)
        : run(fake_run::of(plan, {.threads = how.threads})) {
        most = how.children;
        ran.clear();
        inside = nullptr;
        to_await.clear();
    }
    ~lane_at_work() {
        of.abandon(of.scope.sinks[0].target);
        run->home.run();
    }

    // What the lane posts stays with the executor. `other` waits behind it on its thread.
    void begin(frond::work* other = nullptr) {
        expansion.leave_to_lane();
        run->in_pump([&] {
            frond::lane::begin(of);
            if (other != nullptr) frond::pump::current()->push_back(*other);
        });
    }
    std::size_t read() {
        std::size_t seen = 0;
        while (of.channels[0]->advance() && of.channels[0]->front() != nullptr) {
            of.channels[0]->pop();
            ++seen;
        }
        return seen;
    }
    bool slot_is_free() {
        if (!run->limits.slots.try_take()) return false;
        run->limits.slots.give();
        return true;
    }
    unsigned free_helpers() {
        unsigned free = 0;
        while (run->threads.take_helper()) ++free;
        for (unsigned i = 0; i < free; ++i) run->threads.give_helper();
        return free;
    }
    std::uint64_t succeeded() const { return run->counts.children().succeeded; }
    // The expansion is over.
    bool is_over() const { return of.pending.count() == 0; }

    std::shared_ptr<fake_run> run;
    fake_expansion expansion{*run, "thing"};
    frond::expansion& of = expansion.of;
};

auto const plan_of_plain = [](auto const& options) { return frond::plan_for<read_plain>(options).get(); };
auto const plan_of_waiting = [](auto const& options) { return frond::plan_for<read_waiting>(options).get(); };
auto const options = frond::options();

void on_other_thread(std::function<void()> const& act) { std::thread(act).join(); }

std::vector<int> first(int count) {
    std::vector<int> made;
    for (int i = 0; i < count; ++i) made.push_back(i);
    return made;
}

}  // namespace lane_test

using namespace lane_test;
using setting = lane_at_work::setting;

TEST_CASE("an expansion's first lane runs all children in order, hands the results over, and ends the expansion") {
    for (auto const& plan : {plan_of_plain(options), plan_of_waiting(options)}) {
        lane_at_work at(plan, {.children = 100});
        at.begin();
        CHECK(ran == first(100));
        CHECK(at.succeeded() == 100);
        CHECK(at.read() == 100);
        CHECK(at.is_over());
        CHECK(at.slot_is_free());
    }
}

TEST_CASE("what else waits on a lane's thread comes before its children") {
    lane_at_work at(plan_of_plain(options), {.children = 1});
    two_threads::job before([&] { CHECK(ran.empty()); });
    at.begin(&before);
    CHECK(ran == first(1));
}

TEST_CASE("a lane that has used up the run's time on its thread goes on later, with its results handed over") {
    lane_at_work at(plan_of_plain(frond::options().budget(std::chrono::microseconds(500))), {.children = 3});
    inside = [&](int) { at.run->hours.pass(std::chrono::milliseconds(1)); };
    at.begin();
    CHECK(ran == first(1));
    CHECK(at.run->home.posted == 1);
    CHECK(at.read() == 1);
    CHECK(at.slot_is_free());
    at.run->home.run();
    CHECK(ran == first(3));
}

TEST_CASE("a lane that finds a stream full waits without a slot, and goes on when the collector has read") {
    lane_at_work at(plan_of_plain(frond::options().limit(1)), {.children = 10'000});
    at.begin();
    std::size_t const room = at.of.channels[0]->bound() * at.of.channels[0]->capacity();
    CHECK(ran.size() == room);
    CHECK_FALSE(at.is_over());
    CHECK(at.slot_is_free());
    while (!at.is_over()) {
        REQUIRE(at.read() > 0);
        at.run->home.run();
    }
    CHECK(ran == first(10'000));
}

TEST_CASE("a lane without a slot of the run waits for one, and gives it back when it leaves") {
    lane_at_work at(plan_of_plain(frond::options().limit(1)), {.children = 2});
    REQUIRE(at.run->limits.slots.try_take());
    at.begin();
    CHECK(ran.empty());
    at.run->limits.slots.give();
    at.run->home.run();
    CHECK(ran == first(2));
    CHECK(at.slot_is_free());
}

TEST_CASE("children that run straight through hold a slot of their expansion's limit") {
    lane_at_work at(plan_of_plain(frond::options().limit_each<thing>(1)), {.children = 3});
    inside = [&](int) { CHECK_FALSE(at.of.own_limit()->try_take()); };
    at.begin();
    CHECK(ran == first(3));
    CHECK(at.of.own_limit()->try_take());
    at.of.own_limit()->give();
}

TEST_CASE("a lane needs a slot of the expansion and one that it shares with others, and gives both back") {
    for (bool const own_first : {true, false}) {
        by_hand::event events[2];
        lane_at_work at(plan_of_waiting(frond::options().limit<thing>(1).limit_each<thing>(1)), {.children = 2});
        for (auto& each : events) to_await.push_back(&each);
        auto& first_slot = *(own_first ? at.of.own_limit() : at.of.shared_limit());
        auto& second_slot = *(own_first ? at.of.shared_limit() : at.of.own_limit());
        REQUIRE((first_slot.try_take() && second_slot.try_take()));
        at.begin();
        CHECK(ran.empty());
        first_slot.give();
        at.run->home.run();
        CHECK(ran.empty());
        second_slot.give();
        at.run->home.run();
        CHECK(ran == first(1));
        events[0].fire();
        at.run->home.run();
        CHECK(ran == first(2));
        events[1].fire();
        at.run->home.run();
        CHECK(at.is_over());
        CHECK((first_slot.try_take() && second_slot.try_take()));
        first_slot.give();
        second_slot.give();
    }
}

TEST_CASE("no more children are open than the expander's limit, and each that ends lets the next one begin") {
    by_hand::event events[3];
    lane_at_work at(plan_of_waiting(frond::options().limit<thing>(2)), {.children = 3});
    for (auto& each : events) to_await.push_back(&each);
    at.begin();
    CHECK(ran == first(2));
    events[1].fire();
    at.run->home.run();
    CHECK(ran == first(3));
    events[0].fire();
    events[2].fire();
    at.run->home.run();
    CHECK(at.is_over());
    CHECK(at.succeeded() == 3);
}

TEST_CASE("children that wait hold the run's slots, and no more begin than there are") {
    by_hand::event events[2];
    lane_at_work at(plan_of_waiting(frond::options().limit(1)), {.children = 2});
    for (auto& each : events) to_await.push_back(&each);
    at.begin();
    CHECK(ran == first(1));
    events[0].fire();
    at.run->home.run();
    CHECK(ran == first(2));
    events[1].fire();
    at.run->home.run();
    CHECK(at.is_over());
}

TEST_CASE("a lane of a cancelled run takes no more children, and its expander is not asked") {
    lane_at_work at(plan_of_plain(options), {.children = 1'000'000});
    inside = [&](int n) {
        if (n == 0) at.run->domain.cancel(at.run->room);
    };
    at.begin();
    CHECK(ran == first(1));
    CHECK(at.is_over());
    CHECK(at.run->tasks_of("thing").cancelled == 1);
}

TEST_CASE("a lane that nobody reads takes no more children") {
    lane_at_work at(plan_of_plain(options), {.children = 1'000'000});
    inside = [&](int n) {
        if (n == 0) at.of.abandon(at.of.scope.sinks[0].target);
    };
    at.begin();
    CHECK(ran == first(1));
    CHECK(at.is_over());
    CHECK(at.run->tasks_of("thing").succeeded == 1);
}

TEST_CASE("on one thread no other lane is made") {
    lane_at_work at(plan_of_plain(options), {.children = 10});
    inside = [&](int) { at.run->hours.pass(std::chrono::microseconds(30)); };
    at.begin();
    CHECK(at.run->home.posted == 0);
}

TEST_CASE("before a child that may take long a lane is invited to the executor, one at a time") {
    lane_at_work at(plan_of_plain(options), {.children = 5, .threads = 4});
    std::vector<int> posted;
    inside = [&](int) {
        posted.push_back(at.run->home.posted);
        at.run->hours.pass(std::chrono::microseconds(30));
    };
    at.begin();
    CHECK(posted == std::vector<int>{1, 1, 1, 1, 1});
    CHECK_FALSE(at.is_over());  // the invited lane is to come yet
    at.run->home.run();
    CHECK(at.is_over());
    CHECK(ran == first(5));
}

TEST_CASE("a lane that is invited leaves where it would only take turns with the one that invited it") {
    lane_at_work at(plan_of_plain(options), {.children = 5, .threads = 4});
    inside = [&](int n) {
        if (n == 0) at.run->home.run_one();
        if (n == 0) CHECK(ran == first(1));
    };
    at.begin();
    at.run->home.run();
    CHECK(ran == first(5));
    CHECK(at.is_over());
}

TEST_CASE("a lane that is invited takes children on a thread of its own, while the first one is busy") {
    lane_at_work at(plan_of_plain(options), {.children = 4, .threads = 4});
    inside = [&](int n) {
        if (n != 0) return;
        inside = nullptr;
        on_other_thread([&] { at.run->home.run(); });
        CHECK(ran == first(4));  // the other one has run the rest
    };
    at.begin();
    at.run->home.run();
    CHECK(ran == first(4));
    CHECK(at.is_over());
    CHECK(at.succeeded() == 4);
}

TEST_CASE("for children that are neither long nor trivial helpers are called, whose credits come back") {
    lane_at_work at(plan_of_plain(options), {.children = 300, .threads = 4});
    at.of.cost().learn(std::chrono::microseconds(2));
    inside = [&](int) { at.run->hours.pass(std::chrono::microseconds(2)); };
    CHECK(at.free_helpers() == 3);
    at.begin();
    CHECK(at.run->home.posted > 0);
    CHECK(at.free_helpers() < 3);
    on_other_thread([&] { at.run->home.run(); });
    CHECK(ran == first(300));
    CHECK(at.is_over());
    CHECK(at.free_helpers() == 3);
}

TEST_CASE("a helper leaves when the children turn out to be trivial") {
    lane_at_work at(plan_of_plain(options), {.children = 300, .threads = 4});
    at.of.cost().learn(std::chrono::microseconds(2));
    inside = [&](int) { at.run->hours.pass(std::chrono::microseconds(2)); };
    at.begin();
    CHECK(at.free_helpers() < 3);
    at.of.cost().forget();
    at.of.cost().learn(std::chrono::nanoseconds(100));
    auto const before = ran.size();
    REQUIRE(before < 300);
    // The helpers alone: the first lane, which has given the thread back, is behind them.
    unsigned const helpers = 3 - at.free_helpers();
    on_other_thread([&] {
        for (unsigned i = 0; i < helpers; ++i) at.run->home.run_one();
    });
    CHECK(at.free_helpers() == 3);
    CHECK(ran.size() == before);
    at.run->home.run();
    CHECK(ran == first(300));
}

TEST_CASE(
    "when a child that was taken for short is long, the rest of its batch goes to a lane that other threads find") {
    lane_at_work at(plan_of_plain(options), {.children = 8, .threads = 4});
    at.of.cost().learn(std::chrono::nanoseconds(100));
    inside = [&](int n) {
        if (n == 7) CHECK(at.of.cost().is_unknown());  // like a first one
        if (n != 3) return;
        // Inside the same child at two looks.
        on_other_thread([] {
            frond::working_thread::relieve_all();
            frond::working_thread::relieve_all();
        });
        CHECK(at.run->home.posted == 1);  // a lane is invited for those that no lane has taken
    };
    at.begin();
    CHECK(ran == std::vector{0, 1, 2, 3, 7});  // 3 to 6 were one batch
    at.run->home.run();
    CHECK(ran == std::vector{0, 1, 2, 3, 7, 4, 5, 6});
    CHECK(at.is_over());
    CHECK(at.succeeded() == 8);
}

TEST_CASE("trivial children have one lane") {
    lane_at_work at(plan_of_plain(options), {.children = 300, .threads = 4});
    at.of.cost().learn(std::chrono::nanoseconds(100));
    inside = [&](int) { at.run->hours.pass(std::chrono::nanoseconds(100)); };
    at.begin();
    CHECK(at.run->home.posted == 0);
    CHECK(ran == first(300));
}
