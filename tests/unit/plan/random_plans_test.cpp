// Graphs of chance, planned under every grouping: what holds for every plan holds for them.
#include "planned.hpp"

#include <random>

using namespace erased;

namespace {

class random_graph {
public:
    explicit random_graph(unsigned seed) : random_(seed) {}

    /// A graph whose nodes take what is within reach, though they may wait for each other. Every expansion has a
    /// collector.
    nodes make(std::size_t size) {
        made_.input("input");
        add("input", {}, {});
        for (std::size_t i = 0; i < size; ++i) {
            std::string const name = "n" + std::to_string(i);
            auto const home = values_[late()].inside;
            std::vector<needs> of{in("input")};
            std::vector<std::string> around;
            for (std::size_t k = below(3) + 1; k > 0; --k) add_need(home, of, around);
            if (below(3) == 0) {
                made_.expander(name, of).plain("all_" + name, {all(name)});
                add("all_" + name, around, {});
                add(name, around, {name});
            } else {
                made_.plain(name, of);
                add(name, around, {});
            }
        }
        return made_;
    }

    std::size_t below(std::size_t end) { return std::uniform_int_distribution<std::size_t>(0, end - 1)(random_); }

private:
    using chain = std::vector<std::string>;

    struct reachable {
        std::string name;
        chain inside;  // the expanders that enclose its value
    };

    void add(std::string name, chain around, chain more) {
        around.insert(around.end(), more.begin(), more.end());
        values_.push_back({std::move(name), std::move(around)});
    }

    // Rather late nodes, so that chains and nesting come about.
    std::size_t late() { return values_.size() - 1 - std::min(below(values_.size()), below(values_.size())); }

    static bool encloses(chain const& outer, chain const& inner) {
        return outer.size() <= inner.size() && std::equal(outer.begin(), outer.end(), inner.begin());
    }

    // Something that a node can take which is inside the expansions of `home`.
    void add_need(chain const& home, std::vector<needs>& of, chain& around) {
        auto const& from = values_[late()];
        chain at = from.inside;
        if (encloses(at, home)) {
            of.push_back(in(from.name));
        } else if (at.pop_back(); !encloses(at, home)) {
            return;
        } else if (at == home && below(2) == 0) {
            auto const& other = values_[late()];
            of.push_back(other.inside == from.inside ? each({from.name, other.name}) : each_result({from.name}));
        } else {
            of.push_back(below(2) == 0 ? all(from.name) : all_results(from.name));
        }
        if (at.size() > around.size()) around = at;
    }

    std::mt19937 random_;
    nodes made_;
    std::vector<reachable> values_;
};

}  // namespace

TEST_CASE("whatever the graph and the grouping, everything is made before it is read and nothing waits for ever") {
    std::size_t planned = 0;
    std::size_t nested = 0;
    for (unsigned seed = 0; seed < 10'000; ++seed) {
        random_graph random(seed);
        auto const wired = random.make(3 + random.below(8)).graph();
        if (!wired) continue;
        auto const& g = wired.value();
        frond::plan_options options;
        for (std::size_t i = 0; i < g.size(); ++i) {
            if (g.expansions(i).empty()) options.wanted.push_back(g[i].name);
        }
        for (int how = 0; how <= static_cast<int>(frond::grouping::custom); ++how) {
            options.grouping = static_cast<frond::grouping>(how);
            options.group_of = [&](frond::node const& each) {
                return std::string(std::hash<std::string>()(each.name + std::to_string(seed)) % 2 == 0 ? "a" : "b");
            };
            auto const made = frond::plan::make(g, options);
            INFO("seed " << seed << ", grouping " << how);
            REQUIRE(made);
            ++planned;
            if (made.value()->depth >= 2) ++nested;
            dry_run const checked(*made.value());
            REQUIRE(checked.failure() == "");
        }
    }
    CHECK(planned > 10'000);
    CHECK(nested > 250);
}
