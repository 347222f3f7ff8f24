#include "catch.hpp"
#include "erased.hpp"

#include <algorithm>
#include <set>

using namespace erased;

namespace {

std::vector<std::string> names(frond::graph const& g, std::span<std::size_t const> places) {
    std::vector<std::string> text;
    for (auto const place : places) text.push_back(g[place].name);
    return text;
}

bool says(std::string const& message, std::vector<std::string> const& parts) {
    return std::all_of(parts.begin(), parts.end(),
                       [&](std::string const& part) { return message.find(part) != std::string::npos; });
}

std::ptrdiff_t lines(std::string const& message) {
    return message.empty() ? 0 : std::count(message.begin(), message.end(), '\n') + 1;
}

nodes word_count() {
    return nodes()
        .plain("total", {each({"words"})})
        .plain("words", {in("file")})
        .expander("file", {in("root")})
        .input("root");
}

}  // namespace

TEST_CASE("nodes come after those they depend on, in whatever order they are given") {
    auto const g = word_count().graph().value();
    std::set<std::string> seen;
    for (auto const& each : g.nodes()) {
        for (auto const& p : each.parameters) {
            for (auto const from : p.nodes) CHECK(seen.count(g[from].name) == 1);
        }
        seen.insert(each.name);
    }
    CHECK(seen == std::set<std::string>{"root", "file", "words", "total"});
}

TEST_CASE("a node is found by its name and by its qualified name") {
    auto const g = word_count().graph().value();
    CHECK(g[g.find("words").value()].name == "words");
    CHECK(g[g.find("m::words").value()].name == "words");
    CHECK_FALSE(g.find("word"));
    CHECK_FALSE(g.find(""));
    auto const copy = g;
    CHECK(copy.find("words") == g.find("words"));
}

TEST_CASE("the expansions around a node are told from the outermost") {
    auto const g = nodes()
                       .input("root")
                       .expander("file", {in("root")})
                       .expander("chunk", {in("file")})
                       .plain("count", {in("chunk"), in("root")})
                       .plain("size", {all("count"), in("file")})
                       .plain("total", {each({"size"})})
                       .graph()
                       .value();
    auto const around = [&](char const* name) { return names(g, g.expansions(g.find(name).value())); };
    using list = std::vector<std::string>;
    CHECK(around("root") == list{});
    CHECK(around("file") == list{});
    CHECK(around("chunk") == list{"file"});
    CHECK(around("count") == list{"file", "chunk"});
    CHECK(around("size") == list{"file"});
    CHECK(around("total") == list{});
}

TEST_CASE("an expansion can feed a collector directly, and a collector can expand again") {
    auto const g = nodes()
                       .input("root")
                       .expander("file", {in("root")})
                       .expander("line", {each({"file"})})
                       .plain("length", {in("line"), in("root")})
                       .plain("total", {all("length"), all("file")})
                       .graph()
                       .value();
    CHECK(g.expansions(g.find("line").value()).empty());
    CHECK(names(g, g.expansions(g.find("length").value())) == std::vector<std::string>{"line"});
}

TEST_CASE("what a node needs and who needs it are told in order, without the node itself") {
    auto const g = word_count().graph().value();
    using list = std::vector<std::string>;
    CHECK(names(g, g.upstream(g.find("words").value())) == list{"root", "file"});
    CHECK(names(g, g.downstream(g.find("file").value())) == list{"words", "total"});
    CHECK(g.upstream(g.find("root").value()).empty());
    CHECK(g.downstream(g.find("total").value()).empty());
}

TEST_CASE("an expander comes after what its children need from outside") {
    auto const g = nodes()
                       .input("root")
                       .expander("file", {in("root")})
                       .plain("words", {in("file"), in("table")})
                       .plain("table", {in("root")})
                       .plain("total", {all("words")})
                       .graph()
                       .value();
    CHECK(g.find("table").value() < g.find("file").value());
}

TEST_CASE("a cycle is refused with the path that closes it") {
    auto const message =
        nodes().input("x").plain("a", {in("c"), in("x")}).plain("b", {in("a")}).plain("c", {in("b")}).refusal();
    CHECK(says(message, {"cycle", "a needs c needs b needs a"}));
    CHECK(lines(message) == 1);
    CHECK(says(nodes().plain("a", {in("a")}).refusal(), {"cycle", "a needs a"}));
}

TEST_CASE("all faults are told at once") {
    auto const message = nodes()
                             .input("unused")
                             .plain("a", {in("b")})
                             .plain("b", {in("a")})
                             .plain("twin", {})
                             .plain("twin", {})
                             .plain("lonely", {all("twin")})
                             .refusal();
    CHECK(says(message,
               {"cycle", "two nodes are called twin", "input \"unused\" is used by no node", "lonely collects twin"}));
    CHECK(lines(message) == 4);
}

TEST_CASE("faults that are known before are told together with the others") {
    auto const made = frond::graph::make(nodes().input("x").build(), {"a parameter of y is of another type"});
    REQUIRE_FALSE(made);
    CHECK(made.error().code() == make_error_code(frond::errc::invalid_graph));
    CHECK(says(std::string(made.error().message()), {"of another type", "input \"x\" is used by no node"}));
}

TEST_CASE("what hangs on a faulty node is not told of") {
    auto const message =
        nodes().plain("a", {in("b")}).plain("b", {in("a")}).plain("c", {all("a")}).plain("d", {in("c")}).refusal();
    CHECK(lines(message) == 1);
}

TEST_CASE("a node that is reached from two expansions of which neither encloses the other is refused") {
    auto const message = nodes()
                             .expander("file", {})
                             .expander("host", {})
                             .plain("pair", {in("file"), in("host")})
                             .plain("pairs", {all("pair")})
                             .refusal();
    CHECK(says(message, {"pair", "neither encloses the other", "file", "host", "collect one of them"}));
    CHECK(lines(message) == 1);
}

TEST_CASE("collecting what no expansion encloses is refused") {
    auto const message = nodes().plain("one", {}).plain("list", {all("one")}).refusal();
    CHECK(says(message, {"list collects one", "inside no expansion", "take it as a value"}));
}

TEST_CASE("a node inside an expansion that depends on a collector of it is refused") {
    auto wired = nodes()
                     .expander("file", {})
                     .plain("words", {in("file")})
                     .plain("total", {all("words")})
                     .plain("mean", {in("total")})
                     .plain("share", {in("words"), in("mean")})
                     .plain("shares", {all("share")});
    auto const message = wired.refusal();
    CHECK(says(message, {"share is inside the expansion of file", "needs mean", "expand again instead"}));
    CHECK(lines(message) == 1);
    auto const itself =
        nodes().expander("file", {}).plain("words", {in("file")}).plain("self", {in("file"), all("words")});
    CHECK(says(itself.refusal(), {"self is inside the expansion of file and collects words", "expand again instead"}));
}

TEST_CASE("two separate streams of one expansion in one node are refused") {
    auto const message = nodes()
                             .expander("file", {})
                             .plain("words", {in("file")})
                             .plain("lines", {in("file")})
                             .plain("both", {each({"words"}), each({"lines"})})
                             .refusal();
    CHECK(says(message, {"both has two separate streams of the expansion of file", "joint stream"}));
    CHECK(lines(message) == 1);
    CHECK(nodes()
              .expander("file", {})
              .plain("words", {in("file")})
              .plain("lines", {in("file")})
              .plain("both", {each({"words", "lines", "file"})})
              .refusal() == "");
}

TEST_CASE("a stream beside the value of another collector of the same expansion is refused") {
    auto wired = nodes().expander("file", {}).plain("words", {in("file")}).plain("total", {each({"words"})});
    auto const message =
        nodes(wired).plain("mean", {in("total")}).plain("share", {each({"words"}), in("mean")}).refusal();
    CHECK(says(message, {"share streams the children of file", "share waits for mean waits for total", "all<f>"}));
    CHECK(lines(message) == 1);
    CHECK(nodes(wired).plain("share", {all("words"), in("total")}).refusal() == "");
    CHECK(says(nodes(wired).plain("share", {each({"words"}), all("words")}).refusal(),
               {"share streams the children of file"}));
}

TEST_CASE("collectors of two expansions that wait for each other crosswise are refused") {
    auto const message = nodes()
                             .expander("file", {})
                             .expander("host", {})
                             .plain("a", {each({"host"})})
                             .plain("b", {each({"file"})})
                             .plain("files", {each({"file"}), in("a")})
                             .plain("hosts", {each({"host"}), in("b")})
                             .refusal();
    CHECK(says(message, {"streams the children of", "neither would ever go on"}));
}

TEST_CASE("a stream cannot be read by every child of another expansion, a list can") {
    auto const wired = nodes().expander("file", {}).expander("host", {});
    CHECK(says(nodes(wired).plain("a", {each({"file"}), in("host")}).plain("b", {all("a")}).refusal(),
               {"a streams file", "inside the expansion of host", "a stream is read once"}));
    CHECK(nodes(wired).plain("a", {all("file"), in("host")}).plain("b", {all("a")}).refusal() == "");
}

TEST_CASE("only values of one child can be joined in a stream") {
    auto const message =
        nodes().expander("file", {}).expander("host", {}).plain("both", {each({"file", "host"})}).refusal();
    CHECK(says(message, {"both collects file and host in one stream", "same child"}));
}

TEST_CASE("a value is taken by its only consumer, and not once for each child") {
    CHECK(nodes().input("x").plain("a", {take("x")}).refusal() == "");
    CHECK(says(nodes().input("x").plain("a", {take("x")}).plain("b", {in("x")}).refusal(),
               {"a takes x, which has another consumer: b"}));
    CHECK(says(nodes().input("x").expander("e", {}).plain("a", {take("x"), in("e")}).plain("b", {all("a")}).refusal(),
               {"a takes x from outside the expansion of e", "every child"}));
    CHECK(nodes().expander("e", {}).plain("a", {take("e")}).plain("b", {all("a")}).refusal() == "");
}

TEST_CASE("what is collected owns what it holds, however it is collected") {
    auto const wired = nodes()
                           .expander("file", {})
                           .plain("words", {in("file")})
                           .type(frond::value_type_of<std::string_view>)
                           .plain("size", {in("words")});
    CHECK(nodes(wired).plain("total", {all("size")}).refusal() == "");
    for (auto const& how :
         {all("words"), all_results("words"), each({"words"}), each_result({"words"}), each({"size", "words"})}) {
        auto const message = nodes(wired).plain("total", {how}).refusal();
        CHECK(says(message,
                   {"total collects words, whose type is ", "let words return a value that owns what it holds"}));
        CHECK(lines(message) == 1);
    }
    CHECK(
        says(nodes().expander("pointer", {}).type(frond::value_type_of<int*>).plain("list", {all("pointer")}).refusal(),
             {"list collects pointer, whose type is int"}));
}

TEST_CASE("a nested expansion that nobody collects is refused") {
    auto const message =
        nodes().expander("file", {}).expander("chunk", {in("file")}).plain("total", {all("file")}).refusal();
    CHECK(says(message, {"the expansion of chunk is collected by no node", "file"}));
    CHECK(nodes().expander("file", {}).refusal() == "");
}

TEST_CASE("a chain of a million nodes is ordered without a stack") {
    constexpr std::size_t length = 1'000'000;
    std::vector<frond::node> chain(length);
    for (std::size_t i = 0; i < length; ++i) {  // the last one first
        chain[i].name = chain[i].qualified = std::to_string(i);
        if (i + 1 < length) chain[i].parameters.push_back({frond::need::value, {i + 1}});
    }
    auto const g = frond::graph::make(std::move(chain)).value();
    CHECK(g[0].name == std::to_string(length - 1));
    CHECK(g[length - 1].name == "0");
}

TEST_CASE("expansions nest ten thousand deep") {
    constexpr std::size_t depth = 10'000;
    std::vector<frond::node> nest;
    for (std::size_t i = 0; i < depth; ++i) {
        frond::node expander;
        expander.name = "e" + std::to_string(i);
        expander.kind = frond::node_kind::expander;
        if (i != 0) expander.parameters.push_back({frond::need::value, {i - 1}});
        nest.push_back(std::move(expander));
    }
    for (std::size_t i = 0; i < depth; ++i) {
        frond::node collector;
        collector.name = "c" + std::to_string(i);
        collector.parameters.push_back({frond::need::list, {depth - 1 + i}});
        nest.push_back(std::move(collector));
    }
    auto const g = frond::graph::make(std::move(nest)).value();
    CHECK(g.expansions(g.find("c0").value()).size() == depth - 1);
    CHECK(g.expansions(g.find("c" + std::to_string(depth - 1)).value()).empty());
}
