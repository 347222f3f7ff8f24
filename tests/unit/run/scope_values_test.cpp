// The values of one execution of a scope: where they lie, and which of them are destroyed.
#include "run/scope_values.hpp"
#include "catch.hpp"

#include "../base/by_hand.hpp"

#include "frond/frond.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

using by_hand::counted;
using frond::all;
using frond::expander;
using frond::in;

namespace scope_values_test {

expander<counted> thing() { co_yield counted(); }
counted seen(in<thing>) { return counted(); }
counted used(in<seen>) { return counted(); }
expander<int> part(in<used>) { co_yield 1; }
int piece(in<part> of, in<seen>, in<thing>) { return *of; }
int pieces(all<piece> of) { return static_cast<int>(of.size()); }
int things(all<pieces> of) { return static_cast<int>(of.size()); }

auto const plan = frond::plan_for<things>(frond::options().grouping(frond::grouping::each_node)).get();

/// Values in memory of their own, as an instance has them behind itself.
class own_values final : public frond::scope_values {
public:
    own_values(frond::plan_scope const& of, std::byte* const* outer)
        : scope_values(of), memory_(bytes(of) / sizeof(unit)) {
        lie_at(reinterpret_cast<std::byte*>(memory_.data()), outer);
    }
    using scope_values::destroy_values;

    std::byte* end() { return reinterpret_cast<std::byte*>(memory_.data() + memory_.size()); }

    frond::plan_step const& step(std::string_view node) const {
        for (std::uint32_t const id : scope.specs) {
            auto const& each = plan->specs[id].steps.front();
            if (plan->graph[each.node].name == node) return each;
        }
        FAIL("the scope has no node " << node);
        return plan->specs.front().steps.front();
    }
    std::byte* place(std::string_view node) const { return at(step(node).value); }
    void make(std::string_view node) {
        ::new (place(node)) counted();
        made(step(node).value_index);
    }
    void make_parameter() {
        ::new (parameter) counted();
        parameter_made = true;
    }

private:
    struct alignas(scope_values) unit {
        std::byte bytes[alignof(scope_values)];
    };
    std::vector<unit> memory_;
};

/// Of the scope of things, and of that of their parts.
struct nested {
    frond::plan_scope const& inner_scope = plan->scopes[1].depth == 2 ? plan->scopes[1] : plan->scopes[2];
    own_values outer{plan->scopes[inner_scope.parent], std::vector<std::byte*>(8).data()};
    own_values inner{inner_scope, outer.bases};
};

}  // namespace scope_values_test

using namespace scope_values_test;

TEST_CASE("a value that was made is destroyed once, a value that was not made never, and so is the parameter") {
    counted::alive = 0;
    nested of;
    of.outer.make_parameter();
    of.outer.make("used");
    CHECK(counted::alive == 2);
    of.outer.destroy_values();
    CHECK(counted::alive == 0);
    of.outer.destroy_values();
    CHECK(counted::alive == 0);
}

TEST_CASE("each value has a place of its own in the block, and the parameter has one outside") {
    nested of;
    CHECK(of.outer.place("seen") != of.outer.place("used"));
    for (auto const* const value : {of.outer.place("seen"), of.outer.place("used")}) {
        CHECK(value >= of.outer.block);
        CHECK(value + sizeof(counted) <= of.outer.block + of.outer.scope.block_size);
    }
    CHECK((of.outer.parameter < of.outer.block || of.outer.parameter >= of.outer.block + of.outer.scope.block_size));
    CHECK(of.outer.block + of.outer.scope.block_size <= of.outer.end());
}

TEST_CASE("block and parameter are aligned for any type, and so is the memory behind the values") {
    nested of;
    for (own_values const* const each : {&of.outer, &of.inner}) {
        CHECK(reinterpret_cast<std::uintptr_t>(each->block) % alignof(std::max_align_t) == 0);
        CHECK(reinterpret_cast<std::uintptr_t>(each->parameter) % alignof(std::max_align_t) == 0);
        CHECK(frond::scope_values::bytes(each->scope) % alignof(std::max_align_t) == 0);
    }
}

TEST_CASE("a body finds the values of the scopes around its own") {
    nested of;
    auto const& arguments = of.inner.step("piece").arguments;
    REQUIRE(arguments.size() == 3);
    CHECK(of.inner.at(arguments[0]) == of.inner.parameter);
    CHECK(of.inner.at(arguments[1]) == of.outer.place("seen"));
    CHECK(of.inner.at(arguments[2]) == of.outer.parameter);
}
