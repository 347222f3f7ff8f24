// Slots, and the order in which what waits for one gets it.
#include "run/slot_limiter.hpp"
#include "../base/by_hand.hpp"
#include "catch.hpp"

#include <string>

using frond::slot_limiter;

namespace {

/// Writes its name down when it is woken.
struct waiting : frond::wakeable {
    waiting(char its_name, std::string& all, frond::executor& home) noexcept
        : wakeable([](work& self) noexcept {
              auto& me = static_cast<waiting&>(self);
              me.woken += me.name;
          }),
          name(its_name),
          woken(all) {
        on = &home;
    }
    char const name;
    std::string& woken;
};

struct limited {
    std::string const& now_woken() {
        here.run();
        return woken;
    }
    by_hand::executor here;
    std::string woken;
    waiting a{'a', woken, here}, b{'b', woken, here}, c{'c', woken, here};
};

}  // namespace

TEST_CASE("as many slots as the limit can be taken, and no more") {
    slot_limiter slots(2);
    CHECK(slots.try_take());
    CHECK(slots.try_take());
    CHECK_FALSE(slots.try_take());
    slots.give();
    CHECK(slots.try_take());
    slots.give();
    slots.give();
}

TEST_CASE("a slot that is given back goes to the first that waits, and nobody else can take it meanwhile") {
    limited of;
    slot_limiter slots(1);
    REQUIRE(slots.try_take());
    CHECK_FALSE(slots.take(of.a));
    CHECK_FALSE(slots.take(of.b));
    slots.give();
    CHECK_FALSE(slots.try_take());
    CHECK(of.now_woken() == "a");
    slots.give();
    CHECK(of.now_woken() == "ab");
    slots.give();
    CHECK(slots.try_take());
    slots.give();
}

TEST_CASE("what asks to be first gets the next slot, before all that wait already") {
    limited of;
    slot_limiter slots(1);
    REQUIRE(slots.try_take());
    CHECK_FALSE(slots.take(of.a));
    CHECK_FALSE(slots.take(of.b, true));
    CHECK_FALSE(slots.take(of.c));
    for (int i = 0; i < 4; ++i) slots.give();
    CHECK(of.now_woken() == "bac");
}

TEST_CASE("a slot beyond the limit is not passed on when it is given back: the limit holds again") {
    limited of;
    slot_limiter slots(1);
    REQUIRE(slots.try_take());
    slots.take_anyway();
    CHECK_FALSE(slots.take(of.a));
    slots.give();
    CHECK(of.now_woken().empty());
    slots.give();
    CHECK(of.now_woken() == "a");
    slots.give();
}
