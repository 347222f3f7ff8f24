// A graph made at run time: what is counted of a text's words is read from a configuration, `name = operation node` a line.
//
//     from_config [FILE]      reads the configuration from FILE; without it, takes the one below
#include <frond/frond.hpp>
#include <frond/graph/graph_builder.hpp>
#include <frond/run/named_plan.hpp>

#include <algorithm>
#include <fstream>
#include <functional>
#include <iostream>
#include <map>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

constexpr char const* by_default =
    "length = length word\n"
    "vowels = vowels word\n"
    "letters = sum length\n"
    "longest = max length\n"
    "most_vowels = max vowels\n";

constexpr char const* text = "the shape of a graph may be known only when the program runs";

/// Adds a node that is computed from another one.
using operation = std::function<void(frond::graph_builder&, std::string name, std::string of)>;

template <class F>
operation node(F function) {
    return [function](frond::graph_builder& to, std::string name, std::string of) {
        to.add(std::move(name), function, {std::move(of)});
    };
}

frond::async<long> sum(frond::stream<long> values) {
    long all = 0;
    while (auto next = co_await values.next()) all += *next;
    co_return all;
}

frond::async<long> greatest(frond::stream<long> values) {
    long most = 0;
    while (auto next = co_await values.next()) most = std::max(most, *next);
    co_return most;
}

long length(frond::value<std::string> word) { return static_cast<long>(word->size()); }

long vowels(frond::value<std::string> word) {
    return std::count_if(word->begin(), word->end(),
                         [](char c) { return std::string("aeiou").find(c) != std::string::npos; });
}

frond::expander<std::string> words(frond::value<std::string> of) {
    std::istringstream in(*of);
    for (std::string word; in >> word;) co_yield word;
}

int fail(frond::error const& why) {
    std::cerr << why.to_string() << '\n';
    return 1;
}

int main(int argc, char** argv) {
    std::map<std::string, operation> const operations = {
        {"length", node(&length)}, {"vowels", node(&vowels)}, {"sum", node(&sum)}, {"max", node(&greatest)}};

    std::istringstream built_in(by_default);
    std::ifstream file;
    if (argc > 1) file.open(argv[1]);
    if (argc > 1 && !file) {
        std::cerr << argv[1] << ": cannot be read\n";
        return 1;
    }
    std::istream& configuration = argc > 1 ? static_cast<std::istream&>(file) : built_in;

    frond::graph_builder builder;
    builder.input<std::string>("text").add("word", &words, {"text"});
    frond::plan_options options;
    for (std::string line; std::getline(configuration, line);) {
        std::istringstream words_of(line);
        std::string name, equals, what, of;
        if (!(words_of >> name)) continue;
        if (!(words_of >> equals >> what >> of) || equals != "=") {
            std::cerr << '"' << line << "\": a line reads: name = operation node\n";
            return 1;
        }
        auto const found = operations.find(what);
        if (found == operations.end()) {
            std::cerr << name << ": there is no operation " << what << '\n';
            return 1;
        }
        found->second(builder, name, of);
        if (what == "sum" || what == "max") options.wanted.push_back(name);
    }
    auto graph = std::move(builder).build();
    if (!graph) return fail(graph.error());

    auto const plan = frond::plan_for(std::move(graph).value(), options);
    auto const outcome = frond::run_blocking(plan, frond::arg("text", std::string(text)));
    if (!outcome) return fail(outcome.error());
    for (auto const& name : options.wanted) std::cout << name << " = " << outcome.value().get<long>(name) << '\n';
}
