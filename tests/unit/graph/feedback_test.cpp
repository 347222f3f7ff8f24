// Graphs whose expanders are fed by nodes of their own children.
#include "catch.hpp"
#include "erased.hpp"
#include "frond/graph/graph_builder.hpp"
#include "frond/graph/typed_graph.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

using namespace erased;

namespace {

nodes web() {
    return nodes()
        .expander("page", {in("root"), back("links")})
        .body(yields)
        .plain("links", {in("text"), in("depth")})
        .plain("text", {in("page")})
        .plain("size", {all("text")})
        .input("depth")
        .input("root");
}

std::vector<std::string> names(frond::graph const& g, std::vector<std::size_t> const& places) {
    std::vector<std::string> made;
    for (auto const place : places) made.push_back(g[place].name);
    return made;
}
bool has(std::vector<std::string> const& all, std::string const& one) {
    return std::find(all.begin(), all.end(), one) != all.end();
}

bool says(std::string const& message, std::string_view part) { return message.find(part) != std::string::npos; }

namespace typed {

frond::expander<int> page(frond::input<"root", int> root, frond::back<"links", std::vector<int>> found) {
    static_cast<void>(found);
    co_yield *root;
}
frond::expander<int> results(frond::input<"root", int> root, frond::back_result<"deep", long> found) {
    static_cast<void>(found);
    co_yield *root;
}
int text(frond::in<page> of) { return *of; }
std::vector<int> links(frond::in<text> of, frond::input<"depth", int> depth) { return {*of, *depth}; }
int size(frond::all<text> of) { return static_cast<int>(of.size()); }

// Its feeder collects an expansion, in which another expander is fed by what nobody else needs.
frond::expander<int> inner(frond::in<results> of, frond::back<"leaf", int> found) {
    static_cast<void>(found);
    co_yield *of;
}
int leaf(frond::in<inner> of) { return *of; }
long deep(frond::all<inner> of) { return static_cast<long>(of.size()); }
int count(frond::all<results> of) { return static_cast<int>(of.size()); }

}  // namespace typed

}  // namespace

TEST_CASE("an expander comes before what feeds it, and needs it") {
    auto const g = web().graph().value();
    std::size_t const page = *g.find("page");
    std::size_t const links = *g.find("links");
    CHECK(page < *g.find("text"));
    CHECK(*g.find("text") < links);
    CHECK(g[page].is_fed_back());
    CHECK_FALSE(g[page].is_collector());
    CHECK_FALSE(g[links].is_fed_back());
    CHECK(g[page].parameters[1].nodes == std::vector<std::size_t>{links});

    auto const above = names(g, g.upstream(*g.find("size")));
    CHECK(above.size() == 5);
    CHECK(has(above, "links"));
    CHECK(has(above, "depth"));
    auto const below = names(g, g.downstream(*g.find("depth")));
    CHECK(below.size() == 4);
    CHECK(has(below, "page"));
    CHECK(has(below, "size"));
    CHECK(names(g, g.downstream(*g.find("size"))).empty());
}

TEST_CASE("what feeds an expander is drawn as a broken line back to it") {
    auto const g = web().graph().value();
    std::string const page = 'n' + std::to_string(*g.find("page"));
    std::string const links = 'n' + std::to_string(*g.find("links"));
    CHECK(says(frond::to_dot(g), links + " -> " + page + " [label=\"back\", style=dashed];"));
    CHECK(says(frond::to_mermaid(g), links + " -.->|back| " + page));
    CHECK(says(frond::to_json(g), "\"how\": \"back\""));
}

TEST_CASE("what feeds an expander is made once for each of its own children") {
    auto const outside = nodes()
                             .expander("page", {back("other")})
                             .body(yields)
                             .plain("other", {in("root")})
                             .plain("all", {all("page")})
                             .input("root")
                             .refusal();
    CHECK(outside ==
          "other feeds page, but is not made once for each of its children; take what feeds an expander from the "
          "expander, or from "
          "another node that does");
    auto const itself = nodes().expander("page", {back("page")}).body(yields).plain("all", {all("page")}).refusal();
    CHECK(says(itself, "page feeds page, but is not made once for each of its children"));
    auto const further_in = nodes()
                                .expander("page", {back("word")})
                                .body(yields)
                                .expander("line", {in("page")})
                                .plain("word", {in("line")})
                                .plain("words", {all("word")})
                                .plain("all", {all("words")})
                                .refusal();
    CHECK(says(further_in, "word feeds page, but is not made once for each of its children"));
    auto const collector = nodes().expander("page", {back("all")}).body(yields).plain("all", {all("page")}).refusal();
    CHECK(says(collector, "all feeds page, but is not made once for each of its children"));
}

TEST_CASE("only an expander that is a coroutine can be fed") {
    auto const range =
        nodes().expander("page", {back("links")}).plain("links", {in("page")}).plain("all", {all("links")});
    CHECK(says(range.refusal(), "page is fed back, but is no coroutine that yields, expander<T>"));
    auto const plain = nodes()
                           .expander("page", {})
                           .plain("links", {in("page"), back("text")})
                           .plain("text", {in("page")})
                           .plain("all", {all("links")});
    CHECK(says(plain.refusal(), "links is fed back, but is no coroutine that yields, expander<T>"));
}

TEST_CASE("what feeds an expander owns what it holds, and has no consumer that takes it") {
    auto const view = nodes()
                          .expander("page", {back("links")})
                          .body(yields)
                          .plain("links", {in("page")})
                          .type(frond::value_type_of<std::string_view>)
                          .plain("all", {all("page")})
                          .refusal();
    CHECK(says(view, "page collects links, whose type is"));
    auto const taken = nodes()
                           .expander("page", {back("links")})
                           .body(yields)
                           .plain("links", {in("page")})
                           .plain("taker", {take("links")})
                           .plain("all", {all("taker")})
                           .refusal();
    CHECK(says(taken, "taker takes links, which has another consumer: page"));
}

TEST_CASE("a typed graph finds what feeds an expander among the modules and what is needed anyway") {
    auto const g = frond::graph_of<frond::modules<typed::links>, typed::size>().value();
    CHECK(g.size() == 6);
    CHECK(g[*g.find("page")].parameters[1].how == frond::need::feedback);
    CHECK(g[*g.find("page")].parameters[1].nodes == std::vector<std::size_t>{*g.find("links")});

    auto const deep = frond::graph_of<frond::modules<typed::deep, typed::leaf>, typed::count>().value();
    CHECK(deep.size() == 6);
    CHECK(deep[*deep.find("results")].parameters[1].how == frond::need::feedback_results);
    CHECK(deep.find("leaf"));
}

TEST_CASE("a run-time graph tells what an expander takes that is of another type") {
    frond::graph_builder made;
    made.add("page", [](frond::feedback<std::string>) -> frond::expander<int> { co_yield 1; }, {"links"});
    made.add("links", [](frond::value<int> of) { return *of; }, {"page"});
    made.add("all", [](frond::list<int> of) { return of.size(); }, {"links"});
    auto const g = std::move(made).build();
    REQUIRE(!g);
    CHECK(says(std::string(g.error().message()), "page takes links as feedback<std::"));
}
