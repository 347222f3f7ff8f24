#include "by_hand.hpp"

#include "../../catch.hpp"

#include <thread>

TEST_CASE("an executor tells the threads apart that ask it, and says the same on one thread every time") {
    by_hand::executor const one;
    by_hand::executor const other;
    void const* const here = one.this_thread();
    CHECK(here != nullptr);
    CHECK(one.this_thread() == here);
    CHECK(other.this_thread() == here);
    void const* there = nullptr;
    std::thread([&] { there = one.this_thread(); }).join();
    CHECK(there != here);
}
