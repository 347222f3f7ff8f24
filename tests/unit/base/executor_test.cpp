#include "by_hand.hpp"

#include "../../catch.hpp"

#include <memory>
#include <thread>
#include <utility>

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
    explicit of_real_threads(frond::known_threads::number known,
                             std::shared_ptr<frond::known_threads> of_context = nullptr)
        : executor(known, std::move(of_context)) {}
    void post(frond::work&) noexcept override {}
    void dispatch(frond::work&) noexcept override {}
    unsigned concurrency() const noexcept override { return 0; }

    // Whether a thread that begins to work is looked after.
    bool watches_new_thread() {
        bool watched = false;
        std::thread([&] { watched = comes_to_work(); }).join();
        return watched;
    }
};

constexpr auto perhaps_one = frond::known_threads::number::perhaps_one;

}  // namespace

TEST_CASE("an executor that does not say how many threads it has is watched once a second one has worked") {
    of_real_threads on(perhaps_one);
    CHECK_FALSE(on.comes_to_work());
    CHECK_FALSE(on.comes_to_work());
    CHECK(on.may_have_one_thread());
    CHECK(on.watches_new_thread());
    CHECK_FALSE(on.may_have_one_thread());
    CHECK(on.comes_to_work());
}

TEST_CASE("an executor knows from its beginning the threads of its context that earlier executors have seen") {
    auto const context = std::make_shared<frond::known_threads>(perhaps_one);
    {
        of_real_threads before(perhaps_one, context);
        CHECK_FALSE(before.comes_to_work());
        CHECK(before.watches_new_thread());
    }
    of_real_threads after(perhaps_one, context);
    CHECK_FALSE(after.may_have_one_thread());
    CHECK(after.comes_to_work());
    of_real_threads elsewhere(perhaps_one, std::make_shared<frond::known_threads>(perhaps_one));
    CHECK_FALSE(elsewhere.comes_to_work());
}

TEST_CASE("an executor of several threads is watched from the beginning, and one of simulated threads is not") {
    of_real_threads several(frond::known_threads::number::several);
    CHECK(several.comes_to_work());
    by_hand::executor simulated;
    CHECK_FALSE(simulated.comes_to_work());
    bool there = false;
    std::thread([&] { there = simulated.comes_to_work(); }).join();
    CHECK_FALSE(there);
}
