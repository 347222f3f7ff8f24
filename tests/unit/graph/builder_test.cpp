#include "catch.hpp"
#include "frond/graph/graph_builder.hpp"

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

using namespace frond;

namespace {

std::string refusal(graph_builder b) {
    auto made = std::move(b).build();
    return made ? std::string() : std::string(made.error().message());
}

bool says(std::string const& message, std::vector<std::string> const& parts) {
    return std::all_of(parts.begin(), parts.end(),
                       [&](std::string const& part) { return message.find(part) != std::string::npos; });
}

std::ptrdiff_t lines(std::string const& message) {
    return message.empty() ? 0 : std::count(message.begin(), message.end(), '\n') + 1;
}

// Calls a plain node whose arguments lie at these addresses, one base for each.
template <class T>
T call(node const& of, std::vector<void*> at) {
    std::vector<std::byte*> bases;
    std::vector<place> places;
    for (auto* const each : at) {
        places.push_back({static_cast<std::uint32_t>(bases.size()), 0});
        bases.push_back(static_cast<std::byte*>(each));
    }
    alignas(T) std::byte made[sizeof(T)];
    step_call call;
    call.args = {bases.data(), places.data()};
    call.out = made;
    call.self = of.self.get();
    REQUIRE(of.body->start(call) == step_status::done);
    T value = std::move(*reinterpret_cast<T*>(made));
    std::destroy_at(reinterpret_cast<T*>(made));
    return value;
}

int twice(value<int> n) { return 2 * *n; }

}  // namespace

TEST_CASE("a graph is built of lambdas, added in any order") {
    graph_builder b;
    b.add("total",
          [](stream<int> numbers) -> async<int> {
              int sum = 0;
              while (auto next = co_await numbers.next()) sum += *next;
              co_return sum;
          },
          {"square"});
    b.add("square", [](value<int> n) { return *n * *n; }, {"number"});
    b.add("number",
          [](value<int> most) -> expander<int> {
              for (int i = 0; i < *most; ++i) co_yield i;
          },
          {"most"});
    b.input<int>("most");
    auto const g = std::move(b).build().value();
    node const& number = g[g.find("number").value()];
    node const& total = g[g.find("total").value()];
    CHECK(number.kind == node_kind::expander);
    CHECK(*number.type == value_type_of<int>);
    CHECK(total.is_collector());
    CHECK(total.body->coroutine);
    CHECK(total.parameters.at(0).how == need::stream);
    CHECK(g.expansions(g.find("square").value()).size() == 1);
}

TEST_CASE("a lambda keeps what it has captured as long as the graph lives") {
    auto const shared = std::make_shared<int>(3);
    std::weak_ptr<int> const watched = shared;
    auto g = [&] {
        graph_builder b;
        b.input<int>("n");
        b.add("times", [factor = std::shared_ptr<int>(shared)](value<int> n) { return *n * *factor; }, {"n"});
        return std::move(b).build().value();
    }();
    int n = 5;
    CHECK(call<int>(g[g.find("times").value()], {&n}) == 15);
    CHECK(watched.use_count() == 2);
    g = graph();
    CHECK(watched.use_count() == 1);
}

TEST_CASE("a pointer to a function is a node, and so is one that only acts") {
    graph_builder b;
    b.input<int>("n");
    b.add("twice", &twice, {"n"});
    b.add("act", [](value<int>) {}, {"twice"});
    auto const g = std::move(b).build().value();
    int n = 21;
    CHECK(call<int>(g[g.find("twice").value()], {&n}) == 42);
    CHECK(call<unit>(g[g.find("act").value()], {&n}) == unit());
}

TEST_CASE("a node takes values, lists, references and what it may move from") {
    graph_builder b;
    b.input<std::string&>("log");
    b.input<std::unique_ptr<int>>("owned");
    b.add("number", [] { return expand(std::vector<int>{1, 2, 3}); });
    b.add("sum",
          [](list<int> numbers, reference<std::string> log, taken<std::unique_ptr<int>> owned) {
              auto const mine = std::move(*owned);
              int sum = *mine;
              for (int const n : numbers) sum += n;
              *log += "summed";
              return sum;
          },
          {"number", "log", "owned"});
    auto const g = std::move(b).build().value();
    std::string log;
    std::string* to_log = &log;
    auto owned = std::make_unique<int>(10);
    std::vector<int> numbers{1, 2, 3};
    CHECK(call<int>(g[g.find("sum").value()], {&numbers, &to_log, &owned}) == 16);
    CHECK(log == "summed");
    CHECK(owned == nullptr);
}

TEST_CASE("an input may have a default, made anew for each run") {
    graph_builder b;
    b.input<std::string>("prefix", "a name too long to lie in the string itself");
    b.input<int>("n");
    b.add("node", [](value<std::string> prefix, value<int> n) { return *prefix + std::to_string(*n); },
          {"prefix", "n"});
    auto const g = std::move(b).build().value();
    node const& prefix = g[g.find("prefix").value()];
    REQUIRE(prefix.body->make_default != nullptr);
    for (int run = 0; run < 2; ++run) {
        alignas(std::string) std::byte made[sizeof(std::string)];
        prefix.body->make_default(made, prefix.self.get());
        auto& text = *reinterpret_cast<std::string*>(made);
        CHECK(text == "a name too long to lie in the string itself");
        text = "changed";
        std::destroy_at(&text);
    }
    CHECK(g[g.find("n").value()].body->make_default == nullptr);
}

TEST_CASE("a joint stream names several nodes of one child") {
    graph_builder b;
    b.add("number", [] { return expand(std::vector<int>{1, 2, 3}); });
    b.add("text", [](value<int> n) { return std::to_string(*n); }, {"number"});
    b.add("pairs", [](stream<std::tuple<int, std::string>>) { return 0; }, {{"number", "text"}});
    auto const g = std::move(b).build().value();
    CHECK(g[g.find("pairs").value()].parameters.at(0).nodes.size() == 2);
}

TEST_CASE("a stream of tuples may also be of one node whose value is a tuple") {
    graph_builder b;
    b.add("number", [] { return expand(std::vector<int>{1, 2, 3}); });
    b.add("pair", [](value<int> n) { return std::tuple(*n, std::to_string(*n)); }, {"number"});
    b.add("pairs", [](stream<result<std::tuple<int, std::string>>>) { return 0; }, {"pair"});
    auto const made = std::move(b).build();
    REQUIRE(made);
    CHECK(made.value()[made.value().find("pairs").value()].parameters.at(0).how == need::stream_results);
}

TEST_CASE("names that no node has are told, each with who needs it") {
    graph_builder b;
    b.add("a", [](value<int> x, value<int> y) { return *x + *y; }, {"missing", "gone"});
    auto const message = refusal(std::move(b));
    CHECK(says(message, {"a needs \"missing\", which is no node", "a needs \"gone\", which is no node"}));
    CHECK(lines(message) == 2);
}

TEST_CASE("a value of another type is refused, also as an element") {
    graph_builder b;
    b.input<int>("n");
    b.add("a", [](value<double> n) { return *n; }, {"n"});
    b.add("number", [] { return expand(std::vector<int>{1}); });
    b.add("b", [](list<double> numbers) { return numbers.size(); }, {"number"});
    b.add("c", [](reference<int> n) { return *n; }, {"n"});
    b.add("d", [](stream<std::tuple<int, int>>) { return 0; }, {{"number", "text"}});
    b.add("text", [](value<int>) { return std::string(); }, {"number"});
    auto const message = refusal(std::move(b));
    CHECK(says(message, {"a takes n as value<double>, but its type is int",
                         "b takes number as list<double>, but its type is int",
                         "c takes n as reference<int>, but its type is int",
                         "d takes text as the int of a stream<std::tuple<int, int>>, but its type is"}));
    CHECK(lines(message) == 4);
}

TEST_CASE("a message says what stands in the function, results too") {
    graph_builder b;
    b.add("number", [] { return expand(std::vector<int>{1}); });
    b.add("text", [](value<int>) { return std::string(); }, {"number"});
    b.add("a", [](list<result<int>>) { return 0; }, {"text"});
    b.add("b", [](stream<result<int>>) { return 0; }, {"text"});
    b.input<std::string>("name");
    b.add("c", [](taken<int>) { return 0; }, {"name"});
    auto const message = refusal(std::move(b));
    CHECK(says(message, {"a takes text as list<result<int>>, but its type is ",
                         "b takes text as stream<result<int>>, but its type is ",
                         "c takes name as taken<int>, but its type is "}));
    CHECK(lines(message) == 3);
}

TEST_CASE("what a typed node cannot return is refused, and nothing is said of what hangs on it") {
    graph_builder b;
    b.add("made", []() -> expander<result<int>> { co_yield result<int>(1); });
    b.add("ranged", [] { return expand(std::vector<result<std::string>>()); });
    b.add("a", [](value<result<int>> of) { return of->has_value() ? 1 : 0; }, {"made"});
    b.add("all", [](list<int> of) { return of.size(); }, {"a"});
    b.add("results", [](list<result<int>> of) { return of.size(); }, {"made"});
    auto const message = refusal(std::move(b));
    CHECK(says(message, {"made returns frond::expander<result<int>", "ranged returns frond::expand<std::vector<result<",
                         "; a node returns, by value, a T, void, result<T>", "where T is no result"}));
    CHECK(lines(message) == 2);
}

TEST_CASE("views are refused where they are collected") {
    graph_builder b;
    b.add("number", [] { return expand(std::vector<int>{1}); });
    b.add("text", [](value<int> n) { return std::to_string(*n); }, {"number"});
    b.add("view", [](value<std::string> of) { return std::string_view(*of); }, {"text"});
    b.add("listed", [](list<std::string_view> of) { return of.size(); }, {"view"});
    b.add("pointed", [](value<std::string> of) { return &*of; }, {"text"});
    b.add("streamed", [](stream<std::string const*>) { return 0; }, {"pointed"});
    auto const message = refusal(std::move(b));
    CHECK(says(message, {"listed collects view, whose type is ", "streamed collects pointed, whose type is "}));
    CHECK(lines(message) == 2);
}

TEST_CASE("every parameter has a source, and a joint stream one for each part") {
    graph_builder b;
    b.input<int>("n");
    b.add("a", [](value<int> x, value<int> y) { return *x + *y; }, {"n"});
    b.add("b", [](value<int> x) { return *x; }, {"n", "n"});
    b.add("number", [] { return expand(std::vector<int>{1}); });
    b.add("c", [](stream<std::tuple<int, int>>) { return 0; }, {{"number", "number", "number"}});
    auto const message = refusal(std::move(b));
    CHECK(says(message, {"a has 2 parameters, but 1 source is given", "b has 1 parameter, but 2 sources are given",
                         "a parameter of c takes from 2 nodes, but 3 names are given"}));
}

TEST_CASE("nothing is said of what hangs on a faulty node") {
    for (bool const misspelt : {true, false}) {
        graph_builder b;
        b.add("file", [] { return expand(std::vector<int>{1}); });
        if (misspelt) {
            b.add("words", [](value<int> n) { return *n; }, {"fiel"});
        } else {
            b.add("words", [](value<int> n, value<int> m) { return *n + *m; }, {"file"});
        }
        b.add("total", [](list<int> of) { return of.size(); }, {"words"});
        b.add("all", [](list<int> of) { return of.size(); }, {"file"});
        auto const message = refusal(std::move(b));
        CHECK(message.rfind("words ", 0) == 0);
        CHECK(lines(message) == 1);
    }
}

TEST_CASE("a builder's faults are told together with those of the wiring") {
    graph_builder b;
    b.input<int>("unused");
    b.add("a", [](value<int> x) { return *x; }, {"b"});
    b.add("b", [](value<int> x) { return *x; }, {"a"});
    b.add("c", [](value<int> x) { return *x; }, {"nowhere"});
    b.add("c", [] { return 1; });
    auto const message = refusal(std::move(b));
    CHECK(says(message, {"\"nowhere\"", "cycle", "two nodes are called c", "input \"unused\""}));
    CHECK(lines(message) == 4);
}

TEST_CASE("a builder that has been used up is empty") {
    graph_builder b;
    b.add("a", [] { return 1; });
    CHECK(std::move(b).build().value().size() == 1);
    CHECK(std::move(b).build().value().size() == 0);
}
