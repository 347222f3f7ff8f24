// Which children a trace shows.
#include "../../catch.hpp"

#include "frond/run/typed_plan.hpp"

#include "patience.hpp"
#include "trace/trace_sampling.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>

using frond::hooks::detail::trace_sampling;

namespace sampled {

frond::expander<int> file() { co_yield 1; }
frond::expander<int> line(frond::in<file> f) { co_yield *f; }
int word(frond::in<line> n) { return *n; }
int words(frond::all<word> of) { return static_cast<int>(of.size()); }
int total(frond::all<words> of) { return static_cast<int>(of.size()); }

frond::expander<int> item() { co_yield 1; }
int square(frond::in<item> n) { return *n * *n; }
int sum(frond::all<square> of) { return static_cast<int>(of.size()); }

}  // namespace sampled

namespace {

std::size_t spec_named(frond::plan const& of, std::string const& name) {
    for (std::size_t i = 0; i < of.specs.size(); ++i) {
        if (of.specs[i].name == name) return i;
    }
    throw std::out_of_range(name);
}

frond::task_id child_of(std::shared_ptr<frond::plan const> const& plan, std::size_t spec, std::uint64_t index) {
    frond::task_id made;
    made.plan = plan;
    made.spec = spec;
    made.index = index;
    return made;
}

}  // namespace

TEST_CASE("the first children are all shown, then as many of each doubling, however many there are") {
    auto const plan = patient_plan<sampled::sum>().get();
    trace_sampling const sampling(*plan, 200'000, false);
    auto const square = spec_named(*plan, "block-item");
    std::uint64_t const n = sampling.all_below(plan->specs[square].scope);
    CHECK(n == 32'768);
    std::uint64_t shown = 0;
    auto id = child_of(plan, square, 0);
    auto const shown_until = [&](std::uint64_t end) {
        std::uint64_t const before = shown;
        for (; *id.index < end; ++*id.index) shown += sampling.shows(id);
        return shown - before;
    };
    CHECK(shown_until(n) == n);
    for (std::uint64_t end = 2 * n; end < 10'000'000; end *= 2) CHECK(shown_until(end) == n / 16);
    CHECK(3 * shown < 200'000);
}

TEST_CASE("children of children are shown only inside children that are, and fewer the more there are") {
    auto const plan = patient_plan<sampled::total>().get();
    trace_sampling const sampling(*plan, 20'000, false);
    auto const outer = spec_named(*plan, "expand-line");
    auto const inner = spec_named(*plan, "block-line");
    std::uint64_t shown = 0;
    std::uint64_t orphans = 0;
    std::uint64_t of_first = 0;
    for (std::uint64_t i = 0; i < 2000; ++i) {
        bool const around = sampling.shows(child_of(plan, outer, i));
        shown += around;
        auto id = child_of(plan, inner, 0);
        id.enclosing = std::make_shared<frond::child_path const>(frond::child_path{nullptr, i, nullptr});
        for (std::uint64_t j = 0; j < 500; ++j) {
            id.index = j;
            bool const here = sampling.shows(id);
            shown += here;
            orphans += here && !around;
            of_first += here && i == 0;
        }
    }
    CHECK(orphans == 0);
    CHECK(of_first == 256 + 16);
    CHECK(shown > 2000);
    CHECK(shown < 20'000);
}

TEST_CASE("a rank that no number can hold is a large one") {
    auto const plan = patient_plan<sampled::total>().get();
    trace_sampling const sampling(*plan, 200'000, false);
    auto id = child_of(plan, spec_named(*plan, "block-line"), (std::uint64_t{1} << 62) + 1);
    id.enclosing = std::make_shared<frond::child_path const>(frond::child_path{nullptr, 3, nullptr});
    CHECK_FALSE(sampling.shows(id));
    id.index = 0;
    CHECK(sampling.shows(id));
}

TEST_CASE("what is outside every expansion is shown whatever the bound") {
    auto const plan = patient_plan<sampled::sum>().get();
    trace_sampling const sampling(*plan, 0, true);
    frond::task_id id;
    id.plan = plan;
    id.spec = spec_named(*plan, "collect-sum");
    CHECK(sampling.shows(id));
    CHECK(sampling.shows(child_of(plan, spec_named(*plan, "block-item"), 0)));
    CHECK_FALSE(sampling.shows(child_of(plan, spec_named(*plan, "block-item"), 1)));
}
