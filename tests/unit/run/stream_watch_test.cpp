// A run whose two readers read two expansions in opposite order, so that each of the four waits for the next.
#include "run/stream_watch.hpp"
#include "catch.hpp"
#include "fake_run.hpp"

#include "frond/frond.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

using by_hand::fake_run;
using frond::async;
using frond::each;
using frond::expander;

namespace stream_watch_test {

// More than a stream holds in the beginning.
constexpr int many = 3 * 64 * 64;

expander<int> left() {
    for (int i = 0; i < many; ++i) co_yield i;
}
expander<int> right() {
    for (int i = 0; i < many; ++i) co_yield i;
}
template <class Stream>
async<int> count(Stream& of) {
    int seen = 0;
    while (co_await of.next()) ++seen;
    co_return seen;
}
async<int> left_first(each<left> one, each<right> other) {
    auto first = count(one);
    int const seen = co_await first;
    auto second = count(other);
    co_return seen + co_await second;
}
async<int> right_first(each<right> one, each<left> other) {
    auto first = count(one);
    int const seen = co_await first;
    auto second = count(other);
    co_return seen + co_await second;
}
// In step, in which nothing ever stands still.
async<int> in_step(each<left> one, each<right> other) {
    int seen = 0;
    while (co_await one.next()) ++seen += co_await other.next() ? 1 : 0;
    co_return seen;
}
async<int> in_step_too(each<right> one, each<left> other) {
    int seen = 0;
    while (co_await one.next()) ++seen += co_await other.next() ? 1 : 0;
    co_return seen;
}

struct noting {
    std::uint64_t chunks = 0;
    std::string reader{};
    void on_stream_growth(frond::stream_growth_event const& event) {
        chunks = event.chunks;
        reader = event.collector.of().name;
    }
};

}  // namespace stream_watch_test

using namespace stream_watch_test;

TEST_CASE("where each waits for the next a stream grows, as often as it takes, and all end") {
    noting hook;
    auto const run = fake_run::of(frond::plan_for<left_first, right_first>().get(), {.hooks = {frond::any_hook(hook)}});
    REQUIRE(run->root->watch != nullptr);
    run->begin();
    run->home.run();
    CHECK(run->times_over == 1);
    CHECK_FALSE(run->cancelled());
    CHECK(run->growth.times() > 0);
    CHECK(hook.chunks == run->growth.most_chunks());
    CHECK((hook.reader == "collect-left_first" || hook.reader == "collect-right_first"));
    run->end_news();
}

TEST_CASE("readers that go on let no stream grow, though they could stand still") {
    auto const run = fake_run::of(frond::plan_for<in_step, in_step_too>().get());
    REQUIRE(run->root->watch != nullptr);
    run->begin();
    run->home.run();
    CHECK(run->times_over == 1);
    CHECK_FALSE(run->cancelled());
    CHECK(run->growth.times() == 0);
}

TEST_CASE("a run whose streams must not grow fails where it stands still, and says who waits for whom") {
    auto const plan = frond::plan_for<left_first, right_first>(frond::options().stream_memory(0));
    auto const run = fake_run::of(plan.get());
    run->begin();
    run->home.run();
    CHECK(run->times_over == 1);
    auto const why = run->domain.outcome();
    CHECK(why.code() == frond::errc::stream_memory);
    CHECK(why.message().find("a standstill: ") == 0);
    for (auto const* const name :
         {"left waits for ", "right waits for ", "left_first waits for ", "right_first waits for "})
        CHECK(why.message().find(name) != std::string_view::npos);
}

TEST_CASE("what streams have grown by is given back with the instance") {
    auto const run =
        fake_run::of(frond::plan_for<left_first, right_first>(frond::options().stream_memory(1 << 20)).get());
    run->begin();
    run->home.run();
    CHECK(run->growth.times() > 0);
    CHECK_FALSE(run->growth.take(1 << 20));
    run->root->clear();
    CHECK(run->growth.take(1 << 20));
}
