// One rule for both forms: the same shapes, as a run-time graph and as the table that a typed graph is checked by.
#include "catch.hpp"
#include "erased.hpp"
#include "frond/graph/detail/wiring_check.hpp"

#include <random>
#include <string>
#include <vector>

using namespace erased;
using frond::detail::rule;

namespace {

constexpr std::size_t most_nodes = 16;
constexpr std::size_t most_edges = 48;
using table = frond::detail::graph_table<most_nodes, most_edges>;

/// The nodes, each after those it depends on, as the compiler would see them. What is left of the table is filled by nodes that
/// have nothing to do with them.
table typed_form(std::vector<frond::node> const& shape) {
    table made;
    std::size_t end = 0;
    for (std::size_t i = 0; i < most_nodes; ++i) {
        static std::vector<std::string> const fillers = [] {
            std::vector<std::string> names;
            for (std::size_t j = 0; j < most_nodes; ++j) names.push_back("filler " + std::to_string(j));
            return names;
        }();
        made.names[i] = i < shape.size() ? std::string_view(shape[i].name) : std::string_view(fillers[i]);
        made.kinds[i] = i < shape.size() ? shape[i].kind : frond::node_kind::plain;
        if (i >= shape.size()) continue;
        for (std::size_t p = 0; p < shape[i].parameters.size(); ++p) {
            for (auto const to : shape[i].parameters[p].nodes) {
                made.edges[end++] = {i, p, to, shape[i].parameters[p].how};
            }
        }
    }
    for (std::size_t p = 0; end < most_edges; ++p) {
        made.edges[end++] = {most_nodes - 1, p, most_nodes - 2, frond::need::value};
    }
    return made;
}

rule broken_in_typed_form(nodes const& shape) {
    auto const made = shape.build();
    auto const form = typed_form(made);
    return frond::detail::wiring_check<most_nodes, most_edges>(form).find().broken;
}

bool contains(std::string const& text, char const* part) { return text.find(part) != std::string::npos; }

/// Two expansions, f inside x, g inside y.
nodes two_expansions() {
    return nodes().expander("x", {}).expander("y", {}).plain("f", {in("x")}).plain("g", {in("y")});
}
/// x expands, y streams what becomes of x's children and expands again.
nodes chained() {
    return nodes().expander("x", {}).plain("f", {in("x")}).expander("y", {each({"f"})}).plain("g", {in("y")});
}

struct shape {
    char const* what;
    nodes of;
    bool refused;
};

std::vector<shape> shapes() {
    return {
        {"one stream", chained().plain("out", {each({"g"})}), false},
        {"two readers of one expansion", two_expansions().plain("a", {each({"f"})}).plain("b", {each({"f"})}), false},
        {"two separate streams of one expansion",
         two_expansions().plain("h", {in("x")}).plain("a", {each({"f"}), each({"h"})}), true},
        {"a joint stream", two_expansions().plain("h", {in("x")}).plain("a", {each({"f", "h"})}), false},
        {"a stream beside a list of the same expansion", two_expansions().plain("a", {each({"f"}), all("f")}), true},
        {"a stream beside a list of results", two_expansions().plain("a", {each_result({"f"}), all_results("f")}),
         true},
        {"a stream beside another collector's value",
         two_expansions().plain("t", {each({"f"})}).plain("a", {each({"f"}), in("t")}), true},
        {"a stream beside a value that depends on another collector",
         two_expansions().plain("t", {each({"f"})}).plain("m", {in("t")}).plain("a", {each({"f"}), in("m")}), true},
        {"lists beside a value", two_expansions().plain("t", {each({"f"})}).plain("a", {all("f"), in("t")}), false},
        {"streams of two expansions", two_expansions().plain("a", {each({"f"}), each({"g"})}), false},
        {"two readers of two expansions",
         two_expansions().plain("a", {each({"f"}), each({"g"})}).plain("b", {each({"g"}), each({"f"})}), false},
        {"a list beside a stream of another expansion",
         two_expansions().plain("a", {each({"f"}), each({"g"})}).plain("b", {each({"f"}), all("g")}), false},
        {"lists crosswise beside streams",
         two_expansions().plain("a", {each({"f"}), all("g")}).plain("b", {each({"g"}), all("f")}), true},
        {"values crosswise beside streams",
         two_expansions()
             .plain("fs", {each({"f"})})
             .plain("gs", {each({"g"})})
             .plain("a", {each({"f"}), in("gs")})
             .plain("b", {each({"g"}), in("fs")}),
         true},
        {"a value of the other expansion beside a stream",
         two_expansions().plain("gs", {each({"g"})}).plain("a", {each({"f"}), in("gs")}), false},
        {"what is expanded again beside what it is made of", chained().plain("out", {each({"g"}), each({"f"})}), false},
        {"what is expanded again beside a list of what it is made of", chained().plain("out", {each({"g"}), all("f")}),
         true},
        {"what is expanded again beside a value of what it is made of",
         chained().plain("t", {each({"f"})}).plain("out", {each({"g"}), in("t")}), true},
        {"a list of what is expanded again beside a value of what it is made of",
         chained().plain("t", {each({"f"})}).plain("out", {all("g"), in("t")}), false},
        {"a stream of what is expanded again beside a list of what it is made of, in another node",
         chained().plain("t", {all("f")}).plain("out", {each({"g"})}), false},
        {"the same two expansions further down",
         chained()
             .plain("t", {each({"f"})})
             .expander("z", {each({"g"})})
             .plain("h", {in("z")})
             .plain("out", {each({"h"}), in("t")}),
         true},
        {"an expander that lists between them",
         chained()
             .plain("t", {each({"f"})})
             .expander("z", {all("g")})
             .plain("h", {in("z")})
             .plain("out", {each({"h"}), in("t")}),
         false},
        {"children that need a collector of what their expander streams",
         chained().plain("t", {each({"f"})}).plain("h", {in("g"), in("t")}).plain("out", {each({"h"})}), true},
        {"the same inside a child of another expansion",
         nodes()
             .expander("outer", {})
             .expander("x", {in("outer")})
             .plain("f", {in("x")})
             .plain("t", {each({"f"})})
             .expander("y", {each({"f"})})
             .plain("g", {in("y")})
             .plain("out", {each({"g"}), in("t")})
             .plain("all", {all("out")}),
         true},
    };
}

/// A shape of up to ten nodes, of which most are wired as they may be.
nodes random_shape(std::mt19937& dice) {
    auto const upto = [&](std::size_t most) { return dice() % (most + 1); };
    nodes made;
    std::vector<bool> expands;
    std::vector<bool> inside;
    std::size_t const size = 4 + upto(6);
    for (std::size_t i = 0; i < size; ++i) {
        std::vector<needs> of;
        bool within = false;
        for (std::size_t p = i == 0 ? 0 : upto(3); p-- > 0;) {
            std::size_t const from = upto(i - 1);
            std::string const name = "n" + std::to_string(from);
            bool const collected = (expands[from] || inside[from]) && upto(3) != 0;
            if (!collected) {
                of.push_back(in(name));
                within = within || expands[from] || inside[from];
            } else if (upto(2) == 0) {
                of.push_back(all(name));
            } else {
                of.push_back(each({name}));
            }
        }
        std::string const name = "n" + std::to_string(i);
        bool const expander = i == 0 || upto(2) == 0;
        expands.push_back(expander);
        inside.push_back(within);
        expander ? made.expander(name, of) : made.plain(name, of);
    }
    return made;
}

}  // namespace

TEST_CASE(
    "what no order of reading runs in bounded memory is refused, in both forms, and what some order runs is not") {
    for (auto const& each : shapes()) {
        CAPTURE(each.what, each.of.refusal());
        CHECK((each.of.refusal() != "") == each.refused);
        CHECK((broken_in_typed_form(each.of) != rule::none) == each.refused);
    }
}

TEST_CASE("what is refused names the nodes that wait for each other, and the remedy") {
    auto const message = chained().plain("t", {each({"f"})}).plain("out", {each({"g"}), in("t")}).refusal();
    CHECK(message ==
          "out streams the children of y and waits for what cannot end before it has read them (out waits for t waits "
          "for x "
          "waits for y waits for out): neither would ever go on; take one joint stream, each<a, b>, or a list, all<f>, "
          "which "
          "holds what any order of reading would have to hold");
}

TEST_CASE("the typed form refuses and accepts exactly what the run-time form does") {
    std::mt19937 dice(7);
    int accepted = 0;
    int stand_still = 0;
    for (int i = 0; i < 20'000; ++i) {
        auto const shape = random_shape(dice);
        auto const broken = broken_in_typed_form(shape);
        auto const message = shape.refusal();
        // A typed graph has only nodes that something wanted needs, so nothing in it is left uncollected.
        if (contains(message, "is collected by no node")) continue;
        CAPTURE(i, message, static_cast<int>(broken));
        REQUIRE((message == "") == (broken == rule::none));
        if (broken == rule::standstill) REQUIRE(contains(message, "neither would ever go on"));
        accepted += broken == rule::none;
        stand_still += broken == rule::standstill;
    }
    CHECK(accepted > 1000);
    CHECK(stand_still > 100);
}
