// What the source of an expansion gives to those that pull, and in what order.
#include "run/expander_source.hpp"
#include "catch.hpp"
#include "fake_run.hpp"

#include "frond/frond.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

using by_hand::fake_expansion;
using by_hand::fake_run;
using by_hand::puller;
using frond::all;
using frond::each;
using frond::expander;
using frond::pull_result;

namespace expander_source_test {

expander<int> five() {
    for (int i = 0; i < 5; ++i) co_yield 10 + i;
}
int fives(all<five> of) { return static_cast<int>(of.size()); }

frond::expand<std::vector<int>> range() { return frond::expand(std::vector{10, 11, 12}); }
int ranges(all<range> of) { return static_cast<int>(of.size()); }

by_hand::event* wanted = nullptr;
std::function<void()> before_await;
expander<int> waiting() {
    co_yield 10;
    co_yield 11;
    if (before_await) std::exchange(before_await, nullptr)();
    co_await wanted->wait();
    co_yield 12;
    co_yield 13;
}
int waitings(all<waiting> of) { return static_cast<int>(of.size()); }
frond::async<int> read_all(each<waiting> of) {
    while (co_await of.next()) {
    }
    co_return 0;
}

int said = 0;
expander<int> saying() {
    co_yield frond::expect(static_cast<std::uint64_t>(said));
    for (int i = 0; i < 3; ++i) co_yield i;
}
int sayings(all<saying> of) { return static_cast<int>(of.size()); }

expander<int> failing() {
    co_yield 10;
    co_yield 11;
    throw std::runtime_error("no more of them");
}
int failings(all<failing> of) { return static_cast<int>(of.size()); }

// Can be moved but for the one of that number.
struct heavy {
    static inline int alive = 0;
    static inline int refused = -1;
    explicit heavy(int n) : number(n) { ++alive; }
    heavy(heavy&& other) : number(other.number) {
        if (number == refused) throw std::runtime_error("is not to be moved");
        ++alive;
    }
    ~heavy() { --alive; }
    int number;
};
expander<heavy> heavies() {
    co_await wanted->wait();
    for (int i = 0; i < 6; ++i) co_yield heavy(i);
}
int weighed(frond::in<heavies> of) { return of->number; }
int weights(all<weighed> of) { return static_cast<int>(of.size()); }

struct noting {
    std::string seen{};
    void total_known(frond::expansion_event const& event) { note("total " + std::to_string(event.total)); }
    void after_expansion(frond::expansion_event const& event) {
        note(std::string(to_string(event.state)) + " after " + std::to_string(event.total));
    }
    void note(std::string const& what) { seen.append(seen.empty() ? "" : ", ").append(what); }
};

// A source of a run that starts nothing.
struct source_at_work {
    explicit source_at_work(std::shared_ptr<frond::plan const> const& plan, char const* expander)
        : run(fake_run::of(plan, {.flow = flow, .hooks = {frond::any_hook(hook)}})), expansion(*run, expander) {}
    ~source_at_work() {
        expansion.finish();
        run->end_news();
    }

    /// "10 11 from 0", or why there are none.
    std::string pull(puller& by, unsigned want, bool guest = false) {
        pull_result how{};
        run->in_pump([&] { how = expansion.of.pull(by, want, guest); });
        switch (how) {
            case pull_result::some: return taken(by);
            case pull_result::parked: return "parked";
            case pull_result::busy: return "busy";
            case pull_result::over: break;
        }
        return "over";
    }
    static std::string taken(puller& by) {
        std::string text;
        for (unsigned i = by.batch.position; i < by.batch.count; ++i) {
            text += std::to_string(*reinterpret_cast<int const*>(by.batch.parameter(i))) + " ";
        }
        text += "from " + std::to_string(by.batch.index());
        by.batch.destroy_rest();
        by.batch.clear();
        return text;
    }
    bool ended() const { return !expansion.of.has_more() && expansion.of.total().has_value(); }
    std::string told() {
        run->home.run();
        return hook.seen;
    }

    noting hook;
    by_hand::noted_flow flow;
    std::shared_ptr<fake_run> run;
    fake_expansion expansion;
};

}  // namespace expander_source_test

using namespace expander_source_test;

TEST_CASE("values come in the order in which they are yielded, with indices without a gap") {
    source_at_work of(frond::plan_for<fives>().get(), "five");
    puller lane(of.expansion.of), other(of.expansion.of);
    CHECK(of.pull(lane, 2) == "10 11 from 0");
    CHECK(of.pull(other, 1) == "12 from 2");
    CHECK(of.pull(lane, 8) == "13 14 from 3");
    CHECK(of.pull(lane, 8) == "over");
    CHECK(of.run->counts.children().yielded == 5);
}

TEST_CASE("the end is told once, after the events of those who took the last values, and the next one finds it over") {
    source_at_work of(frond::plan_for<fives>().get(), "five");
    puller lane(of.expansion.of), other(of.expansion.of);
    CHECK(of.pull(lane, 4) == "10 11 12 13 from 0");
    CHECK_FALSE(of.ended());
    CHECK(lane.tells == 0);
    CHECK(of.pull(other, 4) == "14 from 4");
    CHECK(of.ended());
    CHECK(other.tells == 1);
    CHECK(of.pull(lane, 4) == "over");
    CHECK(of.told() == "succeeded after 5");
    CHECK(of.run->tasks_of("five").succeeded == 1);
}

TEST_CASE("a range tells how many it has before the first of them starts") {
    source_at_work of(frond::plan_for<ranges>().get(), "range");
    puller lane(of.expansion.of);
    CHECK(of.pull(lane, 1) == "10 from 0");
    CHECK(of.expansion.of.total() == 3U);
    CHECK(of.pull(lane, 8) == "11 12 from 1");
    CHECK(of.told() == "total 3, succeeded after 3");
}

TEST_CASE("an expander that says how many there will be is believed until it yields more") {
    said = 2;
    source_at_work of(frond::plan_for<sayings>().get(), "saying");
    puller lane(of.expansion.of);
    CHECK(of.pull(lane, 1) == "0 from 0");
    CHECK(of.expansion.of.total() == 2U);
    CHECK(of.pull(lane, 1) == "1 from 1");
    CHECK(of.expansion.of.total() == 2U);
    CHECK(of.pull(lane, 1) == "2 from 2");
    CHECK_FALSE(of.expansion.of.total());
    CHECK(of.pull(lane, 1) == "over");
    CHECK(of.expansion.of.total() == 3U);
    CHECK(of.told() == "total 2, succeeded after 3");
}

TEST_CASE("an expander that has ended is not believed any more, if it had said too many") {
    said = 5;
    source_at_work of(frond::plan_for<sayings>().get(), "saying");
    puller lane(of.expansion.of);
    CHECK(of.pull(lane, 2) == "0 1 from 0");
    CHECK(of.expansion.of.total() == 5U);
    CHECK(of.pull(lane, 8) == "2 from 2");
    CHECK(of.expansion.of.total() == 3U);
    CHECK(of.pull(lane, 8) == "over");
    CHECK(of.expansion.of.total() == 3U);
    CHECK(of.told() == "total 5, succeeded after 3");
}

TEST_CASE("what an expander has yielded is handed out before it awaits, and what it yields afterwards comes in order") {
    by_hand::event event;
    wanted = &event;
    source_at_work of(frond::plan_for<waitings>().get(), "waiting");
    puller lane(of.expansion.of);
    CHECK(of.pull(lane, 8) == "10 11 from 0");
    CHECK(event.has_waiter());
    CHECK(of.expansion.of.pending.count() == 2);
    CHECK(of.pull(lane, 8) == "parked");
    CHECK(lane.let_gos == 1);
    CHECK(lane.woken == 0);
    event.fire();
    of.run->home.run();
    CHECK(lane.woken == 1);
    CHECK(of.expansion.of.pending.count() == 1);
    CHECK(of.pull(lane, 8) == "12 13 from 2");
    CHECK(of.ended());
}

TEST_CASE("an expander that awaits keeps the first lane waiting, and sends a guest away") {
    by_hand::event event;
    wanted = &event;
    source_at_work of(frond::plan_for<waitings>().get(), "waiting");
    puller lane(of.expansion.of), guest(of.expansion.of);
    CHECK(of.pull(lane, 2) == "10 11 from 0");
    CHECK(of.pull(lane, 1) == "parked");
    CHECK_FALSE(of.expansion.of.has_more());
    CHECK(of.pull(guest, 1, true) == "busy");
    event.fire();
    of.run->home.run();
    CHECK(of.expansion.of.has_more());
    CHECK(guest.woken == 0);
    CHECK(of.pull(guest, 1, true) == "12 from 2");
    CHECK(of.pull(lane, 1) == "13 from 3");
}

TEST_CASE("an expander on an executor of its own runs there alone, and each time comes back with its values") {
    auto const elsewhere = std::make_shared<by_hand::executor>();
    auto const plan = frond::plan_for<fives>(frond::options().on<five>(elsewhere));
    source_at_work of(plan.get(), "five");
    puller lane(of.expansion.of), guest(of.expansion.of);
    CHECK(of.pull(lane, 8) == "parked");
    CHECK(of.expansion.of.pending.count() == 2);
    CHECK(of.pull(guest, 8, true) == "busy");
    of.run->home.run();
    CHECK(lane.woken == 0);
    elsewhere->run();
    CHECK(lane.woken == 0);
    of.run->home.run();
    CHECK(lane.woken == 1);
    CHECK(of.expansion.of.pending.count() == 1);
    CHECK(of.pull(lane, 8) == "10 from 0");
    // It was quick: twice as many the next time.
    CHECK(of.pull(lane, 8) == "parked");
    elsewhere->run();
    of.run->home.run();
    CHECK(of.pull(lane, 8) == "11 12 from 1");
    CHECK_FALSE(of.ended());
}

TEST_CASE("an expander that awaits on an executor of its own is woken there") {
    by_hand::event event;
    wanted = &event;
    auto const elsewhere = std::make_shared<by_hand::executor>();
    auto const plan = frond::plan_for<weights>(frond::options().on<heavies>(elsewhere));
    heavy::refused = -1;
    source_at_work of(plan.get(), "heavies");
    puller lane(of.expansion.of);
    CHECK(of.pull(lane, 8) == "parked");
    elsewhere->run();
    CHECK(event.has_waiter());
    event.fire();
    of.run->home.run();
    CHECK(lane.woken == 0);
    elsewhere->run();
    CHECK(of.expansion.of.pending.count() == 2);  // it is on its way back
    of.run->home.run();
    CHECK(lane.woken == 1);
    CHECK(of.expansion.of.pending.count() == 1);
    CHECK(of.pull(lane, 8) == "0 from 0");
}

TEST_CASE(
    "an expander that fails is asked no more: its error is its parent's, and what it yielded before is handed out") {
    source_at_work of(frond::plan_for<failings>().get(), "failing");
    puller lane(of.expansion.of);
    CHECK(of.pull(lane, 8) == "10 11 from 0");
    CHECK(of.run->domain.cancelled());
    CHECK(of.run->domain.outcome().message() == "no more of them");
    CHECK(of.run->domain.outcome().node() == "failing");
    CHECK(of.pull(lane, 8) == "over");
    CHECK(of.told() == "failed after 2");
    CHECK(of.run->tasks_of("failing").failed == 1);
    of.expansion.finish();
    CHECK(of.flow.seen == "expand-failing over failed");
}

TEST_CASE("an expander that was not asked to the end is cancelled with its run") {
    source_at_work of(frond::plan_for<fives>().get(), "five");
    puller lane(of.expansion.of);
    CHECK(of.pull(lane, 2) == "10 11 from 0");
    of.run->domain.cancel(of.run->room);
    CHECK(of.pull(lane, 2) == "over");
    of.expansion.finish();
    CHECK(of.told() == "cancelled after 2");
    CHECK(of.flow.seen == "expand-five over cancelled");
}

TEST_CASE("what an expander awaits is interrupted when its last collector leaves, be it just before it waits") {
    for (bool const before : {false, true}) {
        by_hand::event event;
        event.wakes_when_interrupted = true;
        wanted = &event;
        source_at_work of(frond::plan_for<read_all>().get(), "waiting");
        auto const leave = [&] { of.expansion.of.abandon(of.expansion.of.scope.sinks[0].target); };
        puller lane(of.expansion.of);
        if (before) before_await = leave;
        CHECK(of.pull(lane, 8) == "10 11 from 0");
        if (!before) {
            CHECK(event.has_waiter());
            leave();
        }
        of.run->home.run();
        CHECK(event.interrupted == 1);
        CHECK_FALSE(event.has_waiter());
        CHECK(of.expansion.of.pending.count() == 1);
    }
}

TEST_CASE("of values that cannot all be taken from the stash, those before the failing one come, and each ends once") {
    by_hand::event event;
    wanted = &event;
    heavy::alive = 0;
    heavy::refused = -1;
    {
        source_at_work of(frond::plan_for<weights>().get(), "heavies");
        puller lane(of.expansion.of);
        CHECK(of.pull(lane, 4) == "parked");
        event.fire();
        of.run->home.run();
        heavy::refused = 2;
        CHECK(of.pull(lane, 4) == "0 1 from 0");
        CHECK(of.run->domain.outcome().message() == "is not to be moved");
        CHECK(of.run->domain.outcome().node() == "heavies");
        CHECK(of.pull(lane, 4) == "over");
        CHECK(of.run->counts.children().yielded == 2);
    }
    CHECK(heavy::alive == 0);
}
