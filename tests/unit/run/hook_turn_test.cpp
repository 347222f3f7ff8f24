#include "run/hook_turn.hpp"
#include "catch.hpp"

#include "../base/by_hand.hpp"

#include <memory>
#include <string>

namespace {

struct caller : frond::wakeable {
    caller(frond::executor& home, std::string& came, char which) noexcept
        : wakeable([](work& self) noexcept {
              auto& me = static_cast<caller&>(self);
              me.came_ += me.which_;
          }),
          came_(came),
          which_(which) {
        on = &home;
    }

private:
    std::string& came_;
    char which_;
};

}  // namespace

TEST_CASE("runs that tell one hook at once share its turn, and others have their own") {
    int hook = 0, other = 0;
    auto const one = frond::hook_turn::of(&hook);
    CHECK(frond::hook_turn::of(&hook) == one);
    CHECK(frond::hook_turn::of(&other) != one);
}

TEST_CASE("a hook is called by one run at a time, and those that wait come in the order in which they asked") {
    by_hand::executor home;
    std::string came;
    caller a(home, came, 'a'), b(home, came, 'b'), c(home, came, 'c');
    int hook = 0;
    auto const turn = frond::hook_turn::of(&hook);
    CHECK(turn->take(a));
    CHECK_FALSE(turn->take(b));
    CHECK_FALSE(turn->take(c));
    home.run();
    CHECK(came.empty());
    turn->give();
    home.run();
    CHECK(came == "b");
    turn->give();
    home.run();
    CHECK(came == "bc");
    turn->give();
    CHECK(turn->take(a));
    turn->give();
}

TEST_CASE("the turn of a hook at the same address as one that is gone is a new one") {
    by_hand::executor home;
    std::string came;
    caller a(home, came, 'a');
    int hook = 0;
    {
        auto const turn = frond::hook_turn::of(&hook);
        REQUIRE(turn->take(a));  // never given
    }
    auto const turn = frond::hook_turn::of(&hook);
    CHECK(turn->take(a));
    turn->give();
}
