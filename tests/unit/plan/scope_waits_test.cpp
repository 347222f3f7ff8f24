#include "planned.hpp"

using namespace erased;
using namespace planned;

namespace {

nodes two_expansions() {
    return nodes().expander("x", {}).expander("y", {}).plain("f", {in("x")}).plain("g", {in("y")});
}
nodes chained() {
    return nodes().expander("x", {}).plain("f", {in("x")}).expander("y", {each({"f"})}).plain("g", {in("y")});
}

/// The streams of a scope that may be full in a standstill: "x > a", sorted.
list may_fill(frond::plan const& p, std::size_t scope = 0) {
    list made;
    auto const& waits = p.scopes[scope].waits;
    if (!waits) return made;
    auto const name = [&](std::uint32_t task) {
        auto const& spec = p.specs[p.scopes[scope].specs[waits->tasks[task].position]];
        return p.graph[spec.steps.front().node].name;
    };
    for (auto const& each : waits->streams) {
        if (each.may_fill) made.push_back(name(each.expander) + " > " + name(each.reader));
    }
    std::sort(made.begin(), made.end());
    return made;
}

}  // namespace

TEST_CASE("streams that no order of reading lets stand still are not watched") {
    CHECK_FALSE(plan(chained().plain("a", {each({"g"})}), want({"a"}))->scopes[0].waits);
    CHECK_FALSE(plan(two_expansions().plain("a", {each({"f"}), each({"g"})}), want({"a"}))->scopes[0].waits);
    CHECK_FALSE(plan(nodes().expander("x", {}).plain("a", {each({"x"})}).plain("b", {each({"x"})}), want({"a", "b"}))
                    ->scopes[0]
                    .waits);
    CHECK_FALSE(plan(two_expansions().plain("t", {each({"g"})}).plain("a", {each({"f"}), in("t")}), want({"a"}))
                    ->scopes[0]
                    .waits);
}

TEST_CASE("all streams of two readers of the same two expansions may be full in a standstill") {
    auto const p = plan(two_expansions().plain("a", {each({"f"}), each({"g"})}).plain("b", {each({"g"}), each({"f"})}),
                        want({"a", "b"}));
    CHECK(may_fill(*p) == list{"x > a", "x > b", "y > a", "y > b"});
}

TEST_CASE("a stream of which a reader needs a list of another expansion may be full in a standstill") {
    auto const p = plan(two_expansions().plain("a", {each({"f"}), each({"g"})}).plain("b", {each({"f"}), all("g")}),
                        want({"a", "b"}));
    CHECK(may_fill(*p) == list{"x > b", "y > a"});
}

TEST_CASE("what an expander streams may be full in a standstill where its children are read beside it") {
    auto const p = plan(chained().plain("a", {each({"g"}), each({"f"})}), want({"a"}));
    CHECK(may_fill(*p) == list{"x > a", "x > y", "y > a"});
}

TEST_CASE("only the tasks that a standstill can go through are watched") {
    auto const p = plan(two_expansions()
                            .plain("a", {each({"f"}), each({"g"})})
                            .plain("b", {each({"g"}), each({"f"})})
                            .plain("c", {each({"f"})})
                            .plain("d", {in("c")})
                            .plain("e", {in("a"), in("b"), in("d")}),
                        want({"e"}));
    auto const& waits = *p->scopes[0].waits;
    CHECK(waits.tasks.size() == 4);
    CHECK(waits.streams.size() == 4);
    for (auto const id : p->scopes[0].specs) {
        auto const& spec = p->specs[id];
        bool const watched = waits.task_at[spec.position] != frond::scope_waits::none;
        CHECK(watched == (spec.name == "expand-x" || spec.name == "expand-y" || spec.name == "collect-a" ||
                          spec.name == "collect-b"));
    }
}

TEST_CASE("a standstill inside a child is watched there") {
    auto const p = plan(nodes()
                            .expander("outer", {})
                            .expander("x", {in("outer")})
                            .expander("y", {in("outer")})
                            .plain("f", {in("x")})
                            .plain("g", {in("y")})
                            .plain("a", {each({"f"}), each({"g"})})
                            .plain("b", {each({"f"}), each({"g"})})
                            .plain("all", {all("a"), all("b")}),
                        want({"all"}));
    CHECK(may_fill(*p, 0).empty());
    CHECK(may_fill(*p, spec(*p, "expand-outer").opens.value()).size() == 4);
}

TEST_CASE("tasks are not grouped so that a stream is read only after what cannot end before") {
    auto wired = chained()
                     .plain("t", {each({"f"})})
                     .plain("after", {in("t")})
                     .plain("before", {})
                     .plain("out", {each({"g"}), in("before")})
                     .plain("end", {in("out"), in("after")});
    auto options = want({"end"});
    options.grouping = frond::grouping::custom;
    options.group_of = [](frond::node const&) { return std::string("one"); };
    auto const p = plan(wired, options);
    CHECK(nodes_of(*p, "one") == list{"before"});
}

TEST_CASE("a hundred thousand streams are looked through in no time") {
    constexpr std::size_t count = 100'000;
    nodes wired = two_expansions();
    auto made = wired.build();
    frond::node reader = nodes(wired).plain("a", {each({"f"}), each({"g"})}).build().back();
    list wanted;
    for (std::size_t i = 0; i < count / 2; ++i) {
        reader.name = reader.qualified = "a" + std::to_string(i);
        wanted.push_back(reader.name);
        made.push_back(reader);
    }
    auto const p = frond::plan::make(frond::graph::make(std::move(made)).value(), want(wanted)).value();
    CHECK(p->scopes[0].waits->streams.size() == count);
}
