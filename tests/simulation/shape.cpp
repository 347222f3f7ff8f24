#include "shape.hpp"

#include <algorithm>
#include <functional>
#include <utility>

namespace frond::simulation {

std::uint64_t mixed(std::uint64_t number) noexcept { return dice(number).next(); }

std::uint64_t followed_by(std::uint64_t number, std::uint64_t next) noexcept {
    return mixed(number * 31 + mixed(next));
}

std::uint64_t shape_node::begin() const noexcept {
    std::uint64_t number = 1;
    for (char const c : name) number = number * 131 + static_cast<unsigned char>(c);
    return mixed(number);
}

bool shape_node::fails(std::uint64_t number) const noexcept { return mixed(number + 1) % 100 < fails_percent; }

std::uint64_t shape_node::value(std::uint64_t number) const noexcept { return mixed(number + 2) | 1; }

std::uint64_t shape_node::children(std::uint64_t number) const noexcept {
    return mixed(number + 3) % (most_children + 1);
}

std::uint64_t shape_node::child(std::uint64_t number, std::uint64_t index) const noexcept {
    return mixed(number + 4 + index) | 1;
}

std::uint64_t shape_node::fails_after(std::uint64_t number) const noexcept {
    // A range fails before its first value.
    return suspends(how) ? mixed(number + 5) % (children(number) + 1) : 0;
}

std::size_t shape::input(std::string name) {
    nodes.push_back(shape_node{std::move(name), node_kind::input, {}});
    return nodes.size() - 1;
}

std::size_t shape::node(dice& random, std::string name, std::vector<parameter> parameters, unsigned fails_percent) {
    bool const reads_stream =
        std::any_of(parameters.begin(), parameters.end(), [](parameter const& p) { return streams(p.how); });
    bool const coroutine = reads_stream || random.percent(suspending_percent);
    bool const gives_result = random.percent(30);
    shape_node made{std::move(name), node_kind::plain, std::move(parameters)};
    if (coroutine) {
        made.how = gives_result ? form::coroutine_of_result : form::coroutine;
    } else {
        made.how = gives_result ? form::function_of_result : form::function;
    }
    made.fails_percent = fails_percent;
    nodes.push_back(std::move(made));
    return nodes.size() - 1;
}

std::size_t shape::expander(dice& random, std::string name, std::vector<parameter> parameters, std::uint64_t most,
                            unsigned fails_percent) {
    std::size_t const made = node(random, std::move(name), std::move(parameters), fails_percent);
    nodes[made].kind = node_kind::expander;
    nodes[made].most_children = random.below(most + 1);
    return made;
}

std::vector<std::vector<std::size_t>> shape::enclosing() const {
    std::vector<std::vector<std::size_t>> chains(nodes.size());
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        for (auto const& p : nodes[i].parameters) {
            for (std::size_t const on : p.nodes) {
                auto chain = chains[on];
                if (nodes[on].kind == node_kind::expander) chain.push_back(on);
                if (collects(p.how)) chain.pop_back();
                if (chain.size() > chains[i].size()) chains[i] = std::move(chain);
            }
        }
    }
    return chains;
}

std::size_t shape::expansion_of(parameter const& collecting) const {
    std::size_t const first = collecting.nodes.front();
    return nodes[first].kind == node_kind::expander ? first : enclosing()[first].back();
}

}  // namespace frond::simulation
