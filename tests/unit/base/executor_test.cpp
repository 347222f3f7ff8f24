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

namespace {

class of_real_threads final : public frond::executor {
public:
    of_real_threads(unsigned how_many, watch when) : how_many_(how_many) { watch_threads(when); }
    void post(frond::work&) noexcept override {}
    void dispatch(frond::work&) noexcept override {}
    unsigned concurrency() const noexcept override { return how_many_; }

    static of_real_threads several() { return {2, watch::always}; }
    static of_real_threads perhaps_one() { return {0, watch::if_several}; }

private:
    unsigned how_many_;
};

}  // namespace

TEST_CASE("an executor that does not say how many threads it has is watched once a second one has worked") {
    auto on = of_real_threads::perhaps_one();
    CHECK_FALSE(on.is_watched());
    CHECK_FALSE(on.is_watched());
    bool there = false;
    std::thread([&] { there = on.is_watched(); }).join();
    CHECK(there);
    CHECK(on.is_watched());
}

TEST_CASE("an executor of several threads is watched from the beginning, and one of simulated threads is not") {
    auto several = of_real_threads::several();
    CHECK(several.is_watched());
    by_hand::executor one;
    CHECK_FALSE(one.is_watched());
}
