// Who uses what: names, inputs, values to take, nested expansions.
#include "frond/graph/detail/name_index.hpp"
#include "wiring.hpp"

namespace frond::detail {

namespace {

struct uses {
    explicit uses(std::span<node const> nodes) : count(nodes.size(), 0), taken_by(nodes.size(), nullptr) {
        for (auto const& each : nodes) {
            for (auto const& p : each.parameters) {
                for (auto const from : p.nodes) {
                    ++count[from];
                    if (p.how == need::take) taken_by[from] = &each;
                }
            }
        }
    }

    std::vector<std::uint32_t> count;
    std::vector<node const*> taken_by;
};

std::string others_than(std::span<node const> nodes, std::size_t taken, node const& by) {
    std::string text;
    for (auto const& each : nodes) {
        for (auto const& p : each.parameters) {
            for (auto const from : p.nodes) {
                if (from != taken || (&each == &by && p.how == need::take)) continue;
                text += (text.empty() ? "" : ", ") + each.name;
            }
        }
    }
    return text.empty() ? by.name + " again" : text;
}

// What is collected outlives the child that it comes from.
void check_owns(node const& by, node const& of, std::vector<std::string>& faults) {
    if (of.type == nullptr || !of.type->view) return;
    faults.push_back(by.name + " collects " + of.name + ", whose type is " + std::string(of.type->name) +
                     ": it only shows something that ends with its child; let " + of.name +
                     " return a value that owns what it holds");
}

}  // namespace

void check_uses(std::span<node const> nodes, node_expansions const& found, std::vector<std::string>& faults) {
    uses const used(nodes);
    auto const name_at = [&](std::size_t i) -> std::string_view { return nodes[i].name; };
    name_index names(nodes.size());
    std::vector<bool> collected(nodes.size(), false);
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        if (!found.sound[i]) continue;
        for (auto const& p : nodes[i].parameters) {
            if ((!collects(p.how) && !feeds_back(p.how)) || p.nodes.empty()) continue;
            for (auto const of : p.nodes) check_owns(nodes[i], nodes[of], faults);
            if (feeds_back(p.how)) continue;
            auto const from = p.nodes.front();
            collected[nodes[from].kind == node_kind::expander ? from : found.chains.innermost(found.around[from])] =
                true;
        }
    }
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        node const& each = nodes[i];
        if (each.name.empty()) faults.push_back("a node has no name");
        if (names.add(each.name, i, name_at))
            faults.push_back("two nodes are called " + each.name + "; give one another name");
        if (each.kind == node_kind::input && used.count[i] == 0) {
            faults.push_back("input \"" + each.name + "\" is used by no node; leave it out");
        }
        if (used.taken_by[i] != nullptr) {
            std::string const by = used.taken_by[i]->name;
            if (used.count[i] > 1) {
                faults.push_back(by + " takes " + each.name + ", which has another consumer: " +
                                 others_than(nodes, i, *used.taken_by[i]) + "; take it as a value");
            }
        }
        if (each.kind == node_kind::expander && found.sound[i] && found.around[i].length != 0 && !collected[i]) {
            faults.push_back("the expansion of " + each.name +
                             " is collected by no node, and being inside the expansion of " +
                             nodes[found.chains.innermost(found.around[i])].name +
                             " it cannot be asked for; collect it, or leave it out");
        }
    }
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        if (!found.sound[i]) continue;
        for (auto const& p : nodes[i].parameters) {
            if (p.how != need::take || p.nodes.empty()) continue;
            auto const from = p.nodes.front();
            std::size_t const length =
                found.around[from].length + (nodes[from].kind == node_kind::expander ? std::size_t{1} : std::size_t{0});
            if (found.around[i].length > length) {
                faults.push_back(nodes[i].name + " takes " + nodes[from].name + " from outside the expansion of " +
                                 nodes[found.chains[found.around[i]][length]].name +
                                 ": every child would take it; take it as a value");
            }
        }
    }
}

}  // namespace frond::detail
