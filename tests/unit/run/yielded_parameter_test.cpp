// What a hook is told of the parameters that an expander yields.
#include "catch.hpp"
#include "frond/run/run_blocking.hpp"
#include "mortal.hpp"
#include "picky.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using frond::all;
using frond::expander;
using frond::in;

namespace yielding {

expander<std::string> word() {
    co_yield std::string("one");
    co_yield frond::child<std::string>("second", "two, which is too long to be a short string");
}
std::size_t length(in<word> text) { return std::string(std::move(*text)).size(); }
std::size_t letters(all<length> of) {
    std::size_t sum = 0;
    for (std::size_t const each : of) sum += each;
    return sum;
}

using owned = std::unique_ptr<int>;
expander<owned> pointer() { co_yield std::make_unique<int>(7); }
int pointed(in<pointer> to) { return **to; }
int sum(all<pointed> of) { return of[0]; }

/// A view, which outlives what it shows.
expander<std::string_view> line(in<word> of) { co_yield std::string_view(*of); }
std::size_t width(in<line> of) { return of->size(); }
std::size_t widths(all<width> of) { return of.size(); }
std::size_t all_widths(all<widths> of) { return of.size(); }

frond::expand<std::vector<picky>> pick(frond::input<"count", int> count) {
    std::vector<picky> made;
    for (int i = 0; i < *count; ++i) made.emplace_back(i);
    return frond::expand(std::move(made));
}
int number(in<pick> of) { return of->number; }
int last(all<number> of) { return of[of.size() - 1]; }

expander<mortal> being() {
    mortal next(1);
    co_yield std::move(next);
}
int lived(in<being> of) { return of->number(); }
int all_lived(all<lived> of) { return of[0]; }

struct parameters {
    bool asks = true;
    std::vector<frond::yield_event> seen;

    frond::observer_policy policy() const { return asks ? frond::every().with_parameters() : frond::every(); }
    void on_yield(frond::yield_event const& event) { seen.push_back(event); }
};

}  // namespace yielding

TEST_CASE("a hook that asks for parameters gets copies, which outlive the run") {
    yielding::parameters asking;
    yielding::parameters other{false, {}};
    auto const sum = frond::run_blocking(frond::plan_for<yielding::letters>(), asking, other).value();
    REQUIRE(asking.seen.size() == 2);
    std::string const* const first = asking.seen[0].parameter.as<std::string>();
    std::string const* const second = asking.seen[1].parameter.as<std::string>();
    REQUIRE(first != nullptr);
    REQUIRE(second != nullptr);
    CHECK(*first == "one");
    CHECK(*second == "two, which is too long to be a short string");
    CHECK(first->size() + second->size() == sum);
    CHECK(asking.seen[1].key.raw() == "second");
    CHECK(asking.seen[0].parameter.type()->name == frond::value_type_of<std::string>.name);
    CHECK(asking.seen[0].parameter.as<int>() == nullptr);
    REQUIRE(other.seen.size() == 2);
    CHECK_FALSE(other.seen[0].parameter);
    CHECK_FALSE(other.seen[1].parameter);
}

TEST_CASE("a parameter that cannot be copied is not told") {
    yielding::parameters asking;
    CHECK(frond::run_blocking(frond::plan_for<yielding::sum>(), asking).value() == 7);
    REQUIRE(asking.seen.size() == 1);
    CHECK_FALSE(asking.seen[0].parameter);
    CHECK(asking.seen[0].parameter.type() == nullptr);
}

TEST_CASE("a parameter that is a view is not told, since what it shows may be gone") {
    yielding::parameters asking;
    CHECK(frond::run_blocking(frond::plan_for<yielding::all_widths>(), asking).value() == 2);
    REQUIRE(asking.seen.size() == 4);
    std::size_t told = 0;
    for (auto const& each : asking.seen) {
        told += static_cast<bool>(each.parameter);
        CHECK(each.parameter.as<std::string_view>() == nullptr);
    }
    CHECK(told == 2);
}

TEST_CASE("a parameter whose copying throws is not told, and its child runs") {
    yielding::parameters asking;
    CHECK(frond::run_blocking(frond::plan_for<yielding::last>(), frond::arg<"count">(200), asking).value() == 199);
    REQUIRE(asking.seen.size() == 200);
    for (auto const& each : asking.seen) {
        auto const* const copy = each.parameter.as<picky>();
        CHECK((copy != nullptr) == (each.index != 2));
        if (copy != nullptr) CHECK(copy->number == static_cast<int>(each.index));
    }
}

TEST_CASE("a copy of a parameter is destroyed with the last event that has it") {
    {
        yielding::parameters asking;
        mortal::count_anew();
        CHECK(frond::run_blocking(frond::plan_for<yielding::all_lived>(), asking).value() == 1);
        CHECK(mortal::copies() == 1);
        CHECK(mortal::alive() == 1);
        auto const another = asking.seen;
        asking.seen.clear();
        CHECK(mortal::alive() == 1);
        CHECK(another.at(0).parameter.as<mortal>()->number() == 1);
    }
    CHECK(mortal::alive() == 0);
    CHECK(mortal::destroyed_twice() == 0);
}
