#include "frond/graph/typed_graph.hpp"
#include "catch.hpp"

#include <string>
#include <vector>

using frond::all;
using frond::all_results;
using frond::async;
using frond::each;
using frond::each_result;
using frond::expander;
using frond::in;
using frond::input;
using frond::modules;
using frond::named;
using frond::need;
using frond::node_kind;
using frond::take;

namespace typed {

struct pool {};

expander<std::string> file(input<"root", std::string>) { co_return; }
expander<int> chunk(in<file>, input<"db", pool&>) { co_return; }
auto piece(in<chunk> of) { return frond::expand(std::vector<int>(3, *of)); }
int words(in<piece> of, in<file> path, input<"scale", int, 2> scale) {
    return *of * *scale + static_cast<int>(path->size());
}
long bytes(in<piece> of) { return *of; }
async<int> per_chunk(each<words, bytes> pairs) {
    static_cast<void>(pairs);
    co_return 0;
}
frond::result<int> per_file(all_results<per_chunk> of, in<file> path) {
    return static_cast<int>(of.size() + path->size());
}
void note(take<per_file>) {}
async<frond::result<long>> total(each_result<note> of) {
    static_cast<void>(of);
    co_return 0L;
}
std::size_t files(all<file> of) { return of.size(); }
double report(in<total> sum, in<files> count, named<"far::count", int> other) {
    return static_cast<double>(*sum) + static_cast<double>(*count) + *other;
}

namespace far {
int count(input<"db", pool&>) { return 1; }
int words(in<count> of) { return *of; }
}  // namespace far

int clash(in<far::words> outside, all<words> of) { return *outside + static_cast<int>(of.size()); }
int per_outer(all<clash> of) { return static_cast<int>(of.size()); }
int per_all(all<per_outer> of) { return static_cast<int>(of.size()); }

template <class T>
T converted(input<"root", std::string> text) {
    return static_cast<T>(text->size());
}
int both(in<converted<int>> one, in<converted<long>> two) { return *one + static_cast<int>(*two); }

int no_later_than(in<far::count> n) noexcept { return *n; }

}  // namespace typed

template <>
inline constexpr std::string_view frond::node_name<typed::far::count> = "far::count";
template <>
inline constexpr std::string_view frond::node_name<typed::converted<int>> = "int_of_root";
template <>
inline constexpr std::string_view frond::node_name<typed::converted<long>> = "long_of_root";

namespace {

frond::graph report_graph() { return frond::graph_of<modules<typed::far::count>, typed::report>().value(); }

frond::node const& at(frond::graph const& g, std::string_view name) {
    auto const place = g.find(name);
    INFO(name);
    REQUIRE(place.has_value());
    return g[*place];
}

std::vector<std::string> names_of(frond::graph const& g, frond::parameter const& p) {
    std::vector<std::string> names;
    for (auto const i : p.nodes) names.push_back(g[i].name);
    return names;
}

using strings = std::vector<std::string>;

}  // namespace

TEST_CASE("asking for a node brings in all that it needs, each once") {
    auto const g = report_graph();
    std::vector<std::string> const expected{"root",  "db",    "scale", "file",      "chunk",
                                            "piece", "words", "bytes", "per_chunk", "per_file",
                                            "note",  "total", "files", "report",    "far::count"};
    CHECK(g.size() == expected.size());
    for (auto const& name : expected) {
        INFO(name);
        CHECK(g.find(name).has_value());
    }
}

TEST_CASE("a parameter says how it takes what it depends on") {
    auto const g = report_graph();
    auto const how = [&](char const* name, std::size_t parameter) { return at(g, name).parameters.at(parameter).how; };
    CHECK(how("words", 0) == need::value);
    CHECK(how("note", 0) == need::take);
    CHECK(how("files", 0) == need::list);
    CHECK(how("per_file", 0) == need::list_results);
    CHECK(how("per_chunk", 0) == need::stream);
    CHECK(how("total", 0) == need::stream_results);
}

TEST_CASE("parameters keep their order, and a joint stream has several nodes") {
    auto const g = report_graph();
    auto const& words = at(g, "words");
    REQUIRE(words.parameters.size() == 3);
    CHECK(names_of(g, words.parameters[0]) == strings{"piece"});
    CHECK(names_of(g, words.parameters[1]) == strings{"file"});
    CHECK(names_of(g, words.parameters[2]) == strings{"scale"});
    CHECK(names_of(g, at(g, "per_chunk").parameters[0]) == strings{"words", "bytes"});
}

TEST_CASE("what a function returns says what its node's value is") {
    auto const g = report_graph();
    CHECK(*at(g, "file").type == frond::value_type_of<std::string>);
    CHECK(*at(g, "piece").type == frond::value_type_of<int>);
    CHECK(*at(g, "per_file").type == frond::value_type_of<int>);
    CHECK(*at(g, "total").type == frond::value_type_of<long>);
    CHECK(*at(g, "note").type == frond::value_type_of<frond::unit>);
    CHECK(*at(g, "db").type == frond::value_type_of<typed::pool&>);
    CHECK(at(g, "piece").kind == node_kind::expander);
    CHECK(at(g, "chunk").kind == node_kind::expander);
    CHECK(at(g, "root").kind == node_kind::input);
    CHECK(at(g, "files").kind == node_kind::plain);
}

TEST_CASE("expansions nest as the functions depend on each other") {
    auto const g = report_graph();
    auto const around = [&](char const* name) {
        strings names;
        for (auto const i : g.expansions(*g.find(name))) names.push_back(g[i].name);
        return names;
    };
    CHECK(around("words") == strings{"file", "chunk", "piece"});
    CHECK(around("per_chunk") == strings{"file", "chunk"});
    CHECK(around("per_file") == strings{"file"});
    CHECK(around("total").empty());
}

TEST_CASE("a dependency by name finds the node among the modules") {
    auto const g = report_graph();
    CHECK(names_of(g, at(g, "report").parameters[2]) == strings{"far::count"});
}

TEST_CASE("a node has its function's own name, and a qualified one only where two clash") {
    auto const g = frond::graph_of<typed::per_all>().value();
    CHECK(at(g, "typed::words").qualified == "typed::words");
    CHECK(at(g, "typed::far::words").qualified == "typed::far::words");
    CHECK(at(g, "per_all").qualified == "typed::per_all");
}

TEST_CASE("instances of a template have the names that they are given") {
    auto const g = frond::graph_of<typed::both>().value();
    CHECK(names_of(g, at(g, "both").parameters[0]) == strings{"int_of_root"});
    CHECK(names_of(g, at(g, "both").parameters[1]) == strings{"long_of_root"});
}

TEST_CASE("a function that is noexcept is a node like any other") {
    auto const g = frond::graph_of<typed::no_later_than>().value();
    CHECK(names_of(g, at(g, "no_later_than").parameters[0]) == strings{"far::count"});
}
