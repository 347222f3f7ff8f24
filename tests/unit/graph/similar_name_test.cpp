// Names that nobody has, and what their users may have meant.
#include "frond/graph/detail/similar_name.hpp"
#include "catch.hpp"
#include "frond/graph/graph_builder.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using frond::detail::distance_of;
using frond::detail::name_hints;

namespace {

std::vector<frond::node> called(std::vector<std::string> const& names) {
    std::vector<frond::node> made;
    for (auto const& name : names) made.emplace_back().name = name;
    return made;
}

// Without a table: the distance by its definition.
std::size_t slow_distance(std::string_view a, std::string_view b) {
    if (a.empty() || b.empty()) return a.size() + b.size();
    std::size_t least = slow_distance(a.substr(1), b.substr(1)) + (a[0] == b[0] ? 0U : 1U);
    least = std::min(least, slow_distance(a.substr(1), b) + 1);
    least = std::min(least, slow_distance(a, b.substr(1)) + 1);
    if (a.size() > 1 && b.size() > 1 && a[0] == b[1] && a[1] == b[0]) {
        least = std::min(least, slow_distance(a.substr(2), b.substr(2)) + 1);
    }
    return least;
}

}  // namespace

TEST_CASE("the distance of two names counts letters put in, left out, changed and swapped") {
    CHECK(distance_of("", "", 0) == 0);
    CHECK(distance_of("words", "words", 0) == 0);
    CHECK(distance_of("Words", "wORDS", 0) == 0);
    CHECK(distance_of("word", "words", 1) == 1);
    CHECK(distance_of("wrods", "words", 1) == 1);
    CHECK(distance_of("wards", "words", 1) == 1);
    CHECK(distance_of("", "abc", 3) == 3);
    CHECK(distance_of("abc", "", 3) == 3);
    CHECK(distance_of("abc", "", 2) == std::nullopt);
    CHECK(distance_of("abcd", "efgh", 3) == std::nullopt);
    CHECK(distance_of(std::string(64, 'a'), std::string(63, 'a'), 1) == 1);
    CHECK(distance_of(std::string(65, 'a'), std::string(65, 'a'), 1) == std::nullopt);

    // All pairs of short names of two letters.
    std::vector<std::string> names{""};
    for (std::size_t i = 0; names[i].size() < 4; ++i) {
        std::string const beginning = names[i];
        names.push_back(beginning + 'a');
        names.push_back(beginning + 'b');
    }
    for (auto const& a : names) {
        for (auto const& b : names) REQUIRE(distance_of(a, b, 8) == slow_distance(a, b));
    }
}

TEST_CASE("the node whose name is most like the one that was asked for is the hint") {
    auto const nodes = called({"file", "words", "word_count", "a", "words2"});
    name_hints hints(nodes);
    CHECK(hints.of("wrods") == "; did you mean \"words\"?");
    CHECK(hints.of("words1") == "; did you mean \"words\"?");  // the first of two that are as like
    CHECK(hints.of("Word_Count") == "; did you mean \"word_count\"?");
    CHECK(hints.of("wordcounts") == "; did you mean \"word_count\"?");
    CHECK(hints.of("fiel") == "; did you mean \"file\"?");
    CHECK(hints.of("total").empty());
    CHECK(hints.of("b").empty());  // another name, not a slip
    CHECK(hints.of("A") == "; did you mean \"a\"?");
    CHECK(hints.of("").empty());
}

TEST_CASE("a graph that is wrong all over is told of in a time that does not grow with its square") {
    auto const nodes = called(std::vector<std::string>(150'000, "words"));
    name_hints hints(nodes);
    CHECK_FALSE(hints.of("wrods").empty());
    CHECK(hints.of("wrods").empty());
}

TEST_CASE("a builder says which node may have been meant") {
    frond::graph_builder made;
    made.add("words", [] { return 1; });
    made.add("total", [](frond::value<int> n) { return *n; }, {"wrods"});
    auto const g = std::move(made).build();
    REQUIRE(!g);
    CHECK(g.error().message() == "total needs \"wrods\", which is no node of the graph; did you mean \"words\"?");
}
