// Whole runs of graphs of many shapes, with random sizes, values, hooks and waits.
#include "shapes.hpp"

#include "../catch.hpp"

using namespace frond;
using namespace frond::simulation;

TEST_CASE("a static graph") {
    play_shapes([](shape& what, dice& random) {
        auto const a = what.input("a");
        auto const b = what.input("b");
        auto const c = what.node(random, "c", {value_of_node(a), value_of_node(b)});
        auto const d = what.node(random, "d", {value_of_node(a)});
        auto const e = what.node(random, "e", {value_of_node(c), value_of_node(d)});
        auto const f = what.node(random, "f", {value_of_node(d)});
        what.wanted = {e, f};
    });
}

TEST_CASE("one expansion with one collector") {
    play_shapes([](shape& what, dice& random) { one_expansion(what, random, 40); });
}

TEST_CASE("an expansion of nothing still runs its collectors") {
    play_shapes([](shape& what, dice& random) { one_expansion(what, random, 0); });
}

TEST_CASE("several collectors of one expansion") {
    play_shapes([](shape& what, dice& random) {
        auto const root = what.input("root");
        auto const file = what.expander(random, "file", {value_of_node(root)}, 20);
        auto const words = what.node(random, "words", {value_of_node(file)});
        auto const lines = what.node(random, "lines", {value_of_node(file)});
        auto const a = what.node(random, "a", {list_of(words)});
        auto const b = what.node(random, "b", {stream_of(words)});
        auto const c = what.node(random, "c", {stream_of(lines)});
        auto const d = what.node(random, "d", {result_stream_of(lines)});
        what.wanted = {a, b, c, d};
    });
}

TEST_CASE("several collected parameters in one node") {
    play_shapes([](shape& what, dice& random) {
        auto const root = what.input("root");
        auto const file = what.expander(random, "file", {value_of_node(root)}, 15);
        auto const words = what.node(random, "words", {value_of_node(file)});
        auto const lines = what.node(random, "lines", {value_of_node(file), value_of_node(words)});
        auto const both = what.node(random, "both", {list_of(words), list_of(lines), results_of(words)});
        auto const joint = what.node(random, "joint", {joint_stream_of(words, lines)});
        what.wanted = {both, joint};
    });
}

TEST_CASE("a node that collects and expands") {
    play_shapes([](shape& what, dice& random) {
        auto const root = what.input("root");
        auto const file = what.expander(random, "file", {value_of_node(root)}, 12);
        auto const words = what.node(random, "words", {value_of_node(file)});
        auto const regroup = what.expander(random, "regroup", {list_of(words)}, 12);
        auto const group = what.node(random, "group", {value_of_node(regroup)});
        auto const total = what.node(random, "total", {some_list_of(random, group)});
        what.wanted = {total};
    });
}

TEST_CASE("an expander that reads the stream of another expansion") {
    play_shapes([](shape& what, dice& random) {
        what.suspending_percent = 100;
        auto const root = what.input("root");
        auto const file = what.expander(random, "file", {value_of_node(root)}, 12);
        auto const words = what.node(random, "words", {value_of_node(file)});
        auto const regroup = what.expander(random, "regroup", {stream_of(words)}, 12);
        auto const group = what.node(random, "group", {value_of_node(regroup)});
        auto const total = what.node(random, "total", {some_list_of(random, group)});
        what.wanted = {total};
    });
}

TEST_CASE("an expansion that is collected directly") {
    play_shapes([](shape& what, dice& random) {
        auto const root = what.input("root");
        auto const file = what.expander(random, "file", {value_of_node(root)}, 40);
        auto const files = what.node(random, "files", {some_list_of(random, file)});
        what.wanted = random.percent(50) ? std::vector<std::size_t>{files} : std::vector<std::size_t>{files, file};
    });
}

TEST_CASE("an expander that is wanted itself") {
    play_shapes([](shape& what, dice& random) {
        auto const root = what.input("root");
        what.wanted = {what.expander(random, "file", {value_of_node(root)}, 40)};
    });
}

TEST_CASE("chained expansions") {
    play_shapes([](shape& what, dice& random) {
        auto const root = what.input("root");
        auto above = root;
        for (int stage = 0; stage < 3; ++stage) {
            std::string const name = std::to_string(stage);
            auto const e = what.expander(random, "e" + name, {value_of_node(above)}, 8);
            auto const block = what.node(random, "block" + name, {value_of_node(e)});
            above = what.node(random, "sum" + name, {some_list_of(random, block)});
        }
        what.wanted = {above};
    });
}

TEST_CASE("independent expansions, joined at the end") {
    play_shapes([](shape& what, dice& random) {
        auto const root = what.input("root");
        std::vector<parameter> parts;
        for (int side = 0; side < 3; ++side) {
            std::string const name = std::to_string(side);
            auto const e = what.expander(random, "e" + name, {value_of_node(root)}, 8);
            auto const block = what.node(random, "block" + name, {value_of_node(e)});
            parts.push_back(value_of_node(what.node(random, "sum" + name, {some_list_of(random, block)})));
        }
        what.wanted = {what.node(random, "all", std::move(parts))};
    });
}

TEST_CASE("one node that reads the streams of independent expansions") {
    play_shapes([](shape& what, dice& random) {
        auto const root = what.input("root");
        auto const e = what.expander(random, "e", {value_of_node(root)}, 12);
        auto const f = what.expander(random, "f", {value_of_node(root)}, 12);
        auto const x = what.node(random, "x", {value_of_node(e)});
        auto const y = what.node(random, "y", {value_of_node(f)});
        what.wanted = {what.node(random, "both", {stream_of(x), stream_of(y), value_of_node(root)})};
    });
}

TEST_CASE("values from outside in blocks and in collectors") {
    play_shapes([](shape& what, dice& random) {
        auto const root = what.input("root");
        auto const config = what.input("config");
        auto const prepared = what.node(random, "prepared", {value_of_node(config)});
        auto const file = what.expander(random, "file", {value_of_node(root)}, 15);
        auto const words =
            what.node(random, "words", {value_of_node(file), value_of_node(prepared), value_of_node(config)});
        auto const total = what.node(random, "total", {some_list_of(random, words), value_of_node(prepared)});
        what.wanted = {total, prepared};
    });
}

TEST_CASE("an outside node that feeds both an expander and its block") {
    play_shapes([](shape& what, dice& random) {
        auto const root = what.input("root");
        auto const shared = what.node(random, "shared", {value_of_node(root)});
        auto const late = what.node(random, "late", {value_of_node(root)});
        auto const file = what.expander(random, "file", {value_of_node(shared)}, 15);
        auto const words =
            what.node(random, "words", {value_of_node(file), value_of_node(shared), value_of_node(late)});
        what.wanted = {what.node(random, "total", {some_list_of(random, words)})};
    });
}

TEST_CASE("a collector's value feeds a later block") {
    play_shapes([](shape& what, dice& random) {
        auto const root = what.input("root");
        auto const e = what.expander(random, "e", {value_of_node(root)}, 8);
        auto const x = what.node(random, "x", {value_of_node(e)});
        auto const sum = what.node(random, "sum", {some_list_of(random, x)});
        auto const f = what.expander(random, "f", {value_of_node(root)}, 8);
        auto const y = what.node(random, "y", {value_of_node(f), value_of_node(sum)});
        what.wanted = {what.node(random, "total", {list_of(y)})};
    });
}

TEST_CASE("a value that is taken out of the graph") {
    play_shapes([](shape& what, dice& random) {
        auto const root = what.input("root");
        auto const a = what.node(random, "a", {value_of_node(root)});
        auto const b = what.node(random, "b", {take_of(a)});
        auto const file = what.expander(random, "file", {value_of_node(b)}, 10);
        auto const words = what.node(random, "words", {value_of_node(file)});
        auto const better = what.node(random, "better", {take_of(words)});
        what.wanted = {what.node(random, "total", {some_list_of(random, better)})};
    });
}

TEST_CASE("expansions nested two deep") {
    play_shapes([](shape& what, dice& random) { nested(what, random, 2, 7); });
}

TEST_CASE("expansions nested three deep") {
    play_shapes([](shape& what, dice& random) { nested(what, random, 3, 4); });
}

TEST_CASE("expansions nested four deep") {
    play_shapes([](shape& what, dice& random) { nested(what, random, 4, 3); });
}

TEST_CASE("two expansions inside one child") {
    play_shapes([](shape& what, dice& random) {
        auto const root = what.input("root");
        auto const e = what.expander(random, "e", {value_of_node(root)}, 5);
        auto const head = what.node(random, "head", {value_of_node(e)});
        auto const f = what.expander(random, "f", {value_of_node(head)}, 4);
        auto const g = what.expander(random, "g", {value_of_node(e)}, 4);
        auto const x = what.node(random, "x", {value_of_node(f), value_of_node(head), value_of_node(root)});
        auto const y = what.node(random, "y", {value_of_node(g)});
        auto const sum = what.node(random, "sum", {some_list_of(random, x), some_list_of(random, y)});
        auto const tail = what.node(random, "tail", {value_of_node(sum), value_of_node(head)});
        what.wanted = {what.node(random, "total", {some_list_of(random, tail)})};
    });
}
