#include "run/source_gate.hpp"
#include "catch.hpp"

#include "../base/by_hand.hpp"

#include <algorithm>
#include <vector>

namespace {

struct waiting_lane : frond::wakeable {
    waiting_lane(frond::executor& home, std::vector<int>& came, int number) noexcept
        : wakeable([](work& self) noexcept {
              auto& me = static_cast<waiting_lane&>(self);
              me.came_.push_back(me.number_);
          }),
          came_(came),
          number_(number) {
        on = &home;
    }

private:
    std::vector<int>& came_;
    int number_;
};

}  // namespace

TEST_CASE("one lane at a time is at the source") {
    by_hand::executor home;
    std::vector<int> came;
    waiting_lane lane(home, came, 1);
    frond::source_gate gate;
    CHECK(gate.try_enter());
    CHECK_FALSE(gate.try_enter());
    CHECK_FALSE(gate.enter(lane));
    gate.leave();
    home.run();
    CHECK(came == std::vector{1});
    CHECK(gate.enter(lane));
}

TEST_CASE("all lanes that wait at the gate are woken when the source is free, each once") {
    by_hand::executor home;
    std::vector<int> came;
    waiting_lane first(home, came, 1), second(home, came, 2), third(home, came, 3);
    frond::source_gate gate;
    REQUIRE(gate.try_enter());
    for (auto* const each : {&first, &second, &third}) CHECK_FALSE(gate.enter(*each));
    gate.leave();
    home.run();
    std::sort(came.begin(), came.end());
    CHECK(came == std::vector{1, 2, 3});
    CHECK(gate.try_enter());
    gate.leave();
    home.run();
    CHECK(came.size() == 3);
}
