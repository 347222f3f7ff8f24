// What a hook is told of the parameters that an expander yields.
#include "catch.hpp"
#include "frond/run/run_blocking.hpp"

#include <memory>
#include <string>
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
    CHECK(*asking.seen[1].key == "second");
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
