// The body of an expander: the values that it makes in the buffers that it is given, and how it ends.
#include "run/expander_body.hpp"
#include "catch.hpp"
#include "fake_run.hpp"

#include "frond/frond.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

using by_hand::fake_run;
using frond::all;
using frond::expander;

namespace expander_body_test {

frond::expand<std::vector<int>> range() { return frond::expand(std::vector{10, 11, 12}); }
int ranges(all<range> of) { return static_cast<int>(of.size()); }

frond::expand<std::vector<int>> refusing() { throw std::runtime_error("there is no range"); }
int refusals(all<refusing> of) { return static_cast<int>(of.size()); }

by_hand::event* wanted = nullptr;
int alive = 0;
expander<int> coroutine() {
    struct local {
        local() { ++alive; }
        ~local() { --alive; }
    } const of_frame;
    co_yield frond::expect(4);
    co_yield frond::child("ten", 10);
    co_yield 11;
    co_await wanted->wait();
    co_yield frond::child("twelve", 12);
    throw std::runtime_error("no more of them");
}
int coroutines(all<coroutine> of) { return static_cast<int>(of.size()); }

/// The body of a run's first expander, on a fiber that the test drives.
struct body_at_work {
    explicit body_at_work(std::shared_ptr<frond::plan const> const& plan, char const* expander)
        : run(fake_run::of(plan, {.flow = flow})), body(run->spec(expander), *run->root) {
        body.prepare(fiber);
    }

    /// Goes on with room for so many values: "10 11", "awaits".
    std::string advance(unsigned want) {
        bool stopped = false;
        run->in_pump(
            [&] { stopped = body.advance(reinterpret_cast<std::byte*>(buffer.data()), want) || fiber.settle(); });
        return stopped ? values() : "awaits";
    }
    std::string take_range(unsigned want) {
        unsigned const count = body.take_range(reinterpret_cast<std::byte*>(buffer.data()), want);
        return text_of(count, {});
    }
    std::string values() {
        std::vector<frond::detail::keyed_position> keys;
        unsigned const count = body.take_values(keys);
        return text_of(count, keys);
    }
    std::string text_of(unsigned count, std::vector<frond::detail::keyed_position> const& keys) const {
        std::string text;
        for (unsigned i = 0; i < count; ++i) text += (i == 0 ? "" : " ") + std::to_string(buffer[i]);
        for (auto const& each : keys) text += " " + each.key.to_string() + "@" + std::to_string(each.position);
        return text;
    }
    std::string failure() {
        auto const why = body.take_failure();
        return why ? std::string(why->message()) : "none";
    }

    by_hand::noted_flow flow;
    std::shared_ptr<fake_run> run;
    frond::expander_body body;
    int stops = 0;
    struct counting : frond::fiber {
        explicit counting(body_at_work& owner)
            : fiber(owner.run->home, [](frond::fiber& self) noexcept { ++static_cast<counting&>(self).of.stops; }),
              of(owner) {}
        body_at_work& of;
    } fiber{*this};
    std::array<int, 8> buffer{};
};

}  // namespace expander_body_test

using namespace expander_body_test;

TEST_CASE("a range gives as many values as are wanted, and has ended when it gives fewer") {
    body_at_work of(frond::plan_for<ranges>().get(), "range");
    CHECK_FALSE(of.body.expected());
    REQUIRE(of.body.open());
    CHECK_FALSE(of.body.is_coroutine());
    CHECK(of.body.expected() == 3U);
    CHECK(of.take_range(2) == "10 11");
    CHECK_FALSE(of.body.ended());
    CHECK(of.take_range(2) == "12");
    CHECK(of.body.ended());
    CHECK(of.failure() == "none");
}

TEST_CASE("an expander that throws before it gives a range has ended, and says why once") {
    body_at_work of(frond::plan_for<refusals>().get(), "refusing");
    CHECK_FALSE(of.body.open());
    CHECK(of.body.ended());
    CHECK(of.failure() == "there is no range");
    CHECK(of.failure() == "none");
    of.body.close();  // there is nothing to destroy
}

TEST_CASE("a coroutine stops before it awaits, and its later values go into the buffer that is set then") {
    by_hand::event event;
    wanted = &event;
    {
        body_at_work of(frond::plan_for<coroutines>().get(), "coroutine");
        REQUIRE(of.body.open());
        REQUIRE(of.body.is_coroutine());
        CHECK(of.advance(1) == "10 ten@0");
        CHECK(of.body.expected() == 4U);
        CHECK_FALSE(of.body.has_postponed_await());
        CHECK(of.advance(8) == "11");
        CHECK(of.body.has_postponed_await());
        CHECK_FALSE(event.has_waiter());
        CHECK(of.advance(8) == "awaits");
        CHECK(event.has_waiter());

        std::array<int, 4> other{};
        of.body.set_buffer(reinterpret_cast<std::byte*>(other.data()), 4);
        event.fire();
        of.run->home.run();
        REQUIRE(of.stops == 1);
        of.body.stopped();
        std::vector<frond::detail::keyed_position> keys;
        CHECK(of.body.take_values(keys) == 1);
        CHECK(other[0] == 12);
        REQUIRE(keys.size() == 1);
        CHECK(keys[0].key.raw() == "twelve");
        CHECK(of.body.ended());
        CHECK(of.failure() == "no more of them");
    }
    CHECK(alive == 0);
}

TEST_CASE("a coroutine that is not wanted any more is destroyed with its locals, once") {
    alive = 0;
    body_at_work of(frond::plan_for<coroutines>().get(), "coroutine");
    REQUIRE(of.body.open());
    CHECK(of.advance(1) == "10 ten@0");
    CHECK(alive == 1);
    of.body.close();
    CHECK(alive == 0);
    of.body.close();
    CHECK(alive == 0);
}
