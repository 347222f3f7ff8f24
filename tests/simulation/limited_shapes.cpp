// Whole runs under limits, groupings and with several executors.
#include "shapes.hpp"

#include "../catch.hpp"

using namespace frond;
using namespace frond::simulation;

TEST_CASE("nested expansions with limit 1 finish") {
    play_shapes([](shape& what, dice& random) {
        what.options.limit = 1;
        nested(what, random, 3, 4);
    });
}

TEST_CASE("nested expansions with limits of their own") {
    play_shapes([](shape& what, dice& random) {
        nested(what, random, 2, 6);
        what.options.expander_limits["e0"] = static_cast<std::uint32_t>(random.between(1, 3));
        what.options.expander_limits["e1"] = static_cast<std::uint32_t>(random.between(1, 3));
    });
}

TEST_CASE("one expansion with a limit of its own") {
    play_shapes([](shape& what, dice& random) {
        one_expansion(what, random, 25);
        what.options.expander_limits["file"] = static_cast<std::uint32_t>(random.between(1, 3));
    });
}

TEST_CASE("bodies and expanders that all suspend") {
    play_shapes([](shape& what, dice& random) {
        what.suspending_percent = 100;
        what.rests_percent = 90;
        nested(what, random, 2, 6);
    });
}

TEST_CASE("every grouping") {
    play_shapes([](shape& what, dice& random) {
        what.options.grouping = static_cast<grouping>(random.below(4));
        auto const root = what.input("root");
        auto const before = what.node(random, "before", {value_of_node(root)});
        auto const e = what.expander(random, "e", {value_of_node(before)}, 6);
        auto const a = what.node(random, "a", {value_of_node(e)});
        auto const b = what.node(random, "b", {value_of_node(e)});
        auto const c = what.node(random, "c", {value_of_node(a), value_of_node(b)});
        auto const f = what.expander(random, "f", {value_of_node(c)}, 4);
        auto const x = what.node(random, "x", {value_of_node(f), value_of_node(b)});
        auto const y = what.node(random, "y", {value_of_node(x)});
        auto const sum = what.node(random, "sum", {some_list_of(random, y)});
        auto const tail = what.node(random, "tail", {value_of_node(sum), value_of_node(a)});
        auto const total = what.node(random, "total", {some_list_of(random, tail), value_of_node(before)});
        auto const after = what.node(random, "after", {value_of_node(total), value_of_node(before)});
        what.wanted = {after};
    });
}

TEST_CASE("a grouping of one's own") {
    play_shapes([](shape& what, dice& random) {
        what.options.grouping = grouping::custom;
        what.options.group_of = [](node const& each) { return each.name.substr(0, 1); };
        auto const root = what.input("root");
        auto const e = what.expander(random, "e", {value_of_node(root)}, 8);
        auto const a1 = what.node(random, "a1", {value_of_node(e)});
        auto const a2 = what.node(random, "a2", {value_of_node(e), value_of_node(a1)});
        auto const b1 = what.node(random, "b1", {value_of_node(e)});
        auto const b2 = what.node(random, "b2", {value_of_node(b1), value_of_node(a2)});
        what.wanted = {what.node(random, "total", {list_of(b2), list_of(a1)})};
    });
}

TEST_CASE("nodes on executors of their own, and nodes that block") {
    play_shapes([](shape& what, dice& random) {
        nested(what, random, 2, 6, random.percent(30) ? 5 : 0);
        for (std::size_t i = 0; i < what.nodes.size(); ++i) {
            if (what.nodes[i].kind != node_kind::plain) continue;
            if (random.percent(30)) {
                what.elsewhere.push_back(i);
            } else if (random.percent(30)) {
                what.blocking.push_back(i);
            }
        }
        if (random.percent(30)) what.cancelled_percent = 50;
    });
}

TEST_CASE("children that wait for room at a collector that reads slowly") {
    play_shapes(
        [](shape& what, dice& random) {
            what.suspending_percent = 100;
            what.options.limit = 256;
            one_expansion(what, random, 0);
            what.nodes[1].most_children = 250;
            what.nodes[3].parameters.front().how = need::stream;
            if (random.percent(30)) what.cancelled_percent = 100;
        },
        2'000);
}

TEST_CASE("lanes that wait for room at collectors that read slowly") {
    play_shapes(
        [](shape& what, dice& random) {
            what.suspending_percent = 0;
            auto const root = what.input("root");
            auto const file = what.expander(random, "file", {value_of_node(root)}, 0);
            what.nodes[file].most_children = 9'000;
            auto const words = what.node(random, "words", {value_of_node(file)});
            what.wanted = {what.node(random, "a", {stream_of(words)})};
            if (random.percent(50)) what.wanted.push_back(what.node(random, "b", {result_stream_of(words)}));
            what.rests_percent = 2;
            if (random.percent(30)) what.cancelled_percent = 100;
        },
        300);
}
