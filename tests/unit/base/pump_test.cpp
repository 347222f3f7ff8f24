// The loop that runs work on a thread: what comes next in it, and which pump is the thread's.
#include "frond/base/work.hpp"

#include "by_hand.hpp"
#include "catch.hpp"

#include <functional>
#include <string>
#include <utility>

using frond::pump;

namespace {

struct step : frond::work {
    explicit step(std::function<void()> what)
        : work([](work& self) noexcept { static_cast<step&>(self).act(); }), act(std::move(what)) {}
    std::function<void()> act;
};

}  // namespace

TEST_CASE("what is put in front runs next, what is put behind runs in its order") {
    by_hand::executor on;
    std::string ran;
    step a([&] { ran += 'a'; });
    step b([&] { ran += 'b'; });
    step c([&] { ran += 'c'; });
    step d([&] { ran += 'd'; });
    step begin([&] {
        pump::current()->push_back(a);
        pump::current()->push_back(b);
        pump::current()->push_front(c);
        pump::current()->push_front(d);
        CHECK(ran.empty());
    });
    pump::drive(begin, on);
    CHECK(ran == "dcab");
    CHECK(on.posted == 0);
    CHECK(pump::current() == nullptr);
}

TEST_CASE("work that is put in front of nothing has other work put behind it") {
    by_hand::executor on;
    std::string ran;
    step a([&] { ran += 'a'; });
    step b([&] { ran += 'b'; });
    step begin([&] {
        pump::current()->push_front(a);
        pump::current()->push_back(b);
    });
    pump::drive(begin, on);
    CHECK(ran == "ab");
}

TEST_CASE("what is handed over is posted in its order, and the pump is idle then") {
    by_hand::executor on;
    std::string ran;
    step a([&] { ran += 'a'; });
    step b([&] { ran += 'b'; });
    step begin([&] {
        pump::current()->push_back(a);
        pump::current()->push_back(b);
        CHECK_FALSE(pump::current()->idle());
        pump::current()->hand_over();
        CHECK(pump::current()->idle());
    });
    pump::drive(begin, on);
    CHECK(ran.empty());
    CHECK(on.posted == 2);
    on.run();
    CHECK(ran == "ab");
}

TEST_CASE("what a thread leaves for later is deferred only where the thread comes back to its executor at once") {
    by_hand::executor on;
    std::string ran;
    step later([&] { ran += 'l'; });
    step begin([&] {
        pump::current()->post_for_later(later);
        ran += 'b';
    });
    pump::drive(begin, on);  // the caller of this pump may take long before it comes back to the executor
    CHECK(on.posted == 1);
    CHECK(on.deferred == 0);
    on.run();
    pump::drive_posted(begin, on);
    CHECK(on.posted == 1);
    CHECK(on.deferred == 1);
    on.run();
    CHECK(ran == "blbl");
}

TEST_CASE("a pump that runs inside another one leaves that as the thread's") {
    by_hand::executor outer;
    by_hand::executor inner;
    step within([&] { CHECK(&pump::current()->on() == &inner); });
    step begin([&] {
        CHECK(&pump::current()->on() == &outer);
        pump::drive(within, inner);
        REQUIRE(pump::current() != nullptr);
        CHECK(&pump::current()->on() == &outer);
    });
    pump::drive(begin, outer);
    CHECK(pump::current() == nullptr);
}
