// Whole runs in which nodes fail, collectors leave, and that are cancelled.
#include "shapes.hpp"

#include "../catch.hpp"

using namespace frond;
using namespace frond::simulation;

TEST_CASE("bodies that fail") {
    play_shapes([](shape& what, dice& random) { one_expansion(what, random, 20, 0, 10); });
}

TEST_CASE("expanders that fail") {
    play_shapes([](shape& what, dice& random) { one_expansion(what, random, 20, 50, 2); });
}

TEST_CASE("collectors that fail") {
    play_shapes([](shape& what, dice& random) { one_expansion(what, random, 20, 0, 0, 50); });
}

TEST_CASE("bodies that fail, for collectors that take failures as values") {
    play_shapes([](shape& what, dice& random) {
        auto const root = what.input("root");
        auto const file = what.expander(random, "file", {value_of_node(root)}, 20, 10);
        auto const words = what.node(random, "words", {value_of_node(file)}, 20);
        auto const lines = what.node(random, "lines", {value_of_node(file)}, 10);
        auto const a = what.node(random, "a", {some_results_of(random, words)});
        auto const b = what.node(random, "b", {some_results_of(random, lines)}, 10);
        what.wanted = {a, b};
    });
}

TEST_CASE("bodies that fail, for collectors of which only some take failures as values") {
    play_shapes([](shape& what, dice& random) {
        auto const root = what.input("root");
        auto const file = what.expander(random, "file", {value_of_node(root)}, 10);
        auto const words = what.node(random, "words", {value_of_node(file)}, 5);
        auto const a = what.node(random, "a", {some_results_of(random, words)});
        auto const b = what.node(random, "b", {some_list_of(random, words)});
        what.wanted = {a, b};
    });
}

TEST_CASE("failures anywhere in nested expansions") {
    play_shapes([](shape& what, dice& random) { nested(what, random, 3, 4, 4); });
}

TEST_CASE("failures anywhere in nested expansions whose collectors take them as values") {
    play_shapes([](shape& what, dice& random) { nested(what, random, 3, 4, 10, true); });
}

TEST_CASE("failures inside, taken as values outside only") {
    play_shapes([](shape& what, dice& random) {
        auto const root = what.input("root");
        auto const e = what.expander(random, "e", {value_of_node(root)}, 6);
        auto const f = what.expander(random, "f", {value_of_node(e)}, 5, 5);
        auto const x = what.node(random, "x", {value_of_node(f)}, 10);
        auto const sum = what.node(random, "sum", {some_list_of(random, x)}, 5);
        what.wanted = {what.node(random, "total", {some_results_of(random, sum)})};
    });
}

TEST_CASE("a run cancelled at any moment") {
    play_shapes([](shape& what, dice& random) {
        what.cancelled_percent = 90;
        one_expansion(what, random, 30);
    });
}

TEST_CASE("a nested run cancelled at any moment") {
    play_shapes([](shape& what, dice& random) {
        what.cancelled_percent = 90;
        nested(what, random, 3, 4, 2, random.percent(50));
    });
}

TEST_CASE("collectors that leave before the end") {
    play_shapes([](shape& what, dice& random) {
        what.leaves_early = true;
        nested(what, random, 2, 8);
        for (auto& node : what.nodes) {
            if (!node.parameters.empty() && streams(node.parameters.front().how)) node.leaves_after = random.below(5);
        }
    });
}

TEST_CASE("an expander that awaits when its last collector has left is interrupted") {
    play_shapes([](shape& what, dice& random) {
        what.suspending_percent = 100;
        what.leaves_early = what.over_when_left = true;
        one_expansion(what, random, 20);
        what.nodes.back().parameters.front().how = need::stream;
        what.nodes.back().leaves_after = random.below(5);
    });
}
