#include "catch.hpp"
#include "erased.hpp"

#include <algorithm>

using namespace erased;

namespace {

frond::graph nested() {
    return nodes()
        .input("root")
        .expander("file", {in("root")})
        .expander("chunk", {in("file")})
        .plain("count", {in("chunk")})
        .plain("size", {each({"count"}), in("file")})
        .plain("total", {all("size"), all_results("size")})
        .graph()
        .value();
}

bool has(std::string const& text, std::string const& part) { return text.find(part) != std::string::npos; }

std::string line_with(std::string const& text, std::string const& part) {
    auto const at = text.find(part);
    REQUIRE(at != std::string::npos);
    auto const begin = text.rfind('\n', at) + 1;
    return text.substr(begin, text.find('\n', at) - begin);
}

std::string id_in(std::string const& line) {
    auto const begin = line.find('n');
    return line.substr(begin, line.find_first_of("[(", begin) - begin);
}

std::ptrdiff_t count(std::string const& text, char of) { return std::count(text.begin(), text.end(), of); }

}  // namespace

TEST_CASE("DOT draws an expansion as a box inside the box that encloses it") {
    auto const text = to_dot(nested());
    auto const outer = text.find("label=\"for each file\"");
    auto const inner = text.find("label=\"for each chunk\"");
    auto const count_node = text.find("label=\"count\"");
    auto const total = text.find("label=\"total\"");
    CHECK(outer < inner);
    CHECK(inner < count_node);
    CHECK(count(text.substr(0, outer), '{') - count(text.substr(0, outer), '}') == 2);
    CHECK(count(text.substr(0, count_node), '{') - count(text.substr(0, count_node), '}') == 3);
    CHECK(count(text.substr(0, total), '{') - count(text.substr(0, total), '}') == 1);
    CHECK(count(text, '{') == count(text, '}'));
}

TEST_CASE("DOT tells how a node takes what it depends on") {
    auto const g = nested();
    auto const text = to_dot(g);
    auto const id = [&](char const* name) { return 'n' + std::to_string(g.find(name).value()); };
    CHECK(has(text, id("root") + " -> " + id("file") + ";"));
    CHECK(has(text, id("count") + " -> " + id("size") + " [label=\"each\", style=dashed];"));
    CHECK(has(text, id("size") + " -> " + id("total") + " [label=\"all\"];"));
    CHECK(has(text, id("size") + " -> " + id("total") + " [label=\"all results\"];"));
}

TEST_CASE("DOT escapes names") {
    auto const g = nodes().plain("a\"b\\N\n<b>c", {}).graph().value();
    CHECK(has(to_dot(g), "label=\"a\\\"b\\\\N\\n<b>c\""));
}

TEST_CASE("Mermaid draws an expansion as a subgraph inside the one that encloses it") {
    auto const g = nested();
    auto const text = to_mermaid(g);
    CHECK(text.rfind("flowchart LR\n", 0) == 0);
    CHECK(line_with(text, "for each chunk").rfind("        subgraph ", 0) == 0);
    CHECK(line_with(text, "\"count\"").rfind("            n", 0) == 0);
    CHECK(line_with(text, "\"total\"").rfind("    n", 0) == 0);
    auto const id = [&](char const* name) { return 'n' + std::to_string(g.find(name).value()); };
    CHECK(id_in(line_with(text, "\"count\"")) == id("count"));
    CHECK(has(text, id("count") + " -.->|each| " + id("size")));
    CHECK(has(text, id("size") + " -->|all| " + id("total")));
    CHECK(has(text, id("chunk") + " --> " + id("count")));
}

TEST_CASE("Mermaid escapes names") {
    auto const g = nodes().plain("a\"b\\c\n<i>&#`", {}).graph().value();
    CHECK(has(to_mermaid(g), "[\"a#34;b#92;c<br/>#60;i#62;#38;#35;#96;\"]"));
}

TEST_CASE("JSON tells of every node its kind, what encloses it and what it takes") {
    auto text = to_json(nested());
    text.erase(std::remove_if(text.begin(), text.end(), [](char c) { return c == ' ' || c == '\n'; }), text.end());
    CHECK(has(text, R"({"name":"size","qualified":"m::size","kind":"collector","type":"int","inside":["file"],)"
                    R"("parameters":[{"how":"each","of":["count"]},{"how":"value","of":["file"]}]})"));
    CHECK(has(text, R"("name":"count","qualified":"m::count","kind":"plain","type":"int","inside":["file","chunk"])"));
    CHECK(has(text, R"("name":"root","qualified":"m::root","kind":"input")"));
    CHECK(has(text, R"("name":"chunk","qualified":"m::chunk","kind":"expander")"));
}

TEST_CASE("JSON escapes names, and replaces what is no UTF-8") {
    auto const g = nodes().plain("a\"b\\c\n\xff", {}).graph().value();
    CHECK(has(to_json(g), R"("name": "a\"b\\c\n\ufffd")"));
}

TEST_CASE("drawings of a graph without nodes are well formed") {
    auto const g = frond::graph::make({}).value();
    CHECK(to_dot(g) == "digraph frond {\n    rankdir=LR;\n}\n");
    CHECK(to_mermaid(g) == "flowchart LR\n");
    CHECK(has(to_json(g), "\"nodes\": []"));
}
