#include "reference.hpp"

#include <optional>

namespace frond::simulation {

namespace {

using values = std::vector<std::optional<std::uint64_t>>;

struct child {
    bool failed;
    values own;
};

// The run itself, or one child: its own values, and those of the scopes around it.
struct scope {
    scope const* outer;
    std::vector<std::size_t> chain;
    values own;
    std::vector<std::optional<std::vector<child>>> children;  // by expander
    std::vector<bool> expander_failed;
    std::vector<bool> evaluated;
    bool failed = false;
};

class evaluation {
public:
    evaluation(shape const& what, reference& to) : shape_(what), to_(to), chains_(what.enclosing()) {
        contained_.resize(what.nodes.size(), true);
        for (auto const& node : what.nodes) {
            for (auto const& p : node.parameters) {
                if (collects(p.how) && !takes_results(p.how)) contained_[what.expansion_of(p)] = false;
            }
        }
        find_earlier();
    }

    scope make(scope const* outer, std::vector<std::size_t> chain) const {
        std::size_t const count = shape_.nodes.size();
        return scope{outer,
                     std::move(chain),
                     values(count),
                     std::vector<std::optional<std::vector<child>>>(count),
                     std::vector<bool>(count),
                     std::vector<bool>(count)};
    }

    void run(scope& in) {
        for (std::size_t i = 0; i < shape_.nodes.size(); ++i) {
            if (chains_[i] == in.chain) evaluate(i, in);
        }
    }

private:
    // Lists, for each node, the nodes of its own scope that must be evaluated before it: the nodes that it needs, and,
    // for an expander, the nodes that its children need.
    void find_earlier() {
        earlier_.resize(shape_.nodes.size());
        for (std::size_t needing = 0; needing < shape_.nodes.size(); ++needing) {
            for (auto const& p : shape_.nodes[needing].parameters) {
                std::size_t const needed = collects(p.how) ? shape_.expansion_of(p) : p.nodes.front();
                auto const& chain = chains_[needing];
                std::size_t const depth = chains_[needed].size();
                std::size_t const of = chain.size() == depth ? needing : chain[depth];
                if (chains_[of] == chains_[needed] && of != needed) earlier_[of].push_back(needed);
            }
        }
    }

    void evaluate(std::size_t i, scope& in) {
        if (in.evaluated[i] || shape_.nodes[i].kind == node_kind::input) return;
        in.evaluated[i] = true;
        for (std::size_t const each : earlier_[i]) evaluate(each, in);
        auto const number = number_of_node(i, in);
        if (!number) return;
        ++to_.executions[*number];
        if (shape_.nodes[i].kind == node_kind::expander) {
            expand(i, *number, in);
        } else if (shape_.nodes[i].fails(*number)) {
            fail(i, in);
        } else {
            in.own[i] = shape_.nodes[i].value(*number);
        }
    }

    void fail(std::size_t node, scope& in) {
        in.failed = true;
        to_.failing.insert(shape_.nodes[node].name);
    }

    void expand(std::size_t i, std::uint64_t number, scope& in) {
        auto const& node = shape_.nodes[i];
        bool const fails = node.fails(number);
        std::uint64_t const count = fails ? node.fails_after(number) : children(node, number, in);
        auto chain = in.chain;
        chain.push_back(i);
        auto& children = in.children[i].emplace();
        for (std::uint64_t k = 0; k < count; ++k) {
            scope inner = make(&in, chain);
            inner.own[i] = node.child(number, k);
            run(inner);
            if (inner.failed) {
                ++to_.failed_children[i];
                if (!contained_[i]) in.failed = true;
            }
            children.push_back(child{inner.failed, std::move(inner.own)});
        }
        to_.yielded[i] += count;
        in.expander_failed[i] = fails;
        if (fails) fail(i, in);
    }

    std::uint64_t children(shape_node const& node, std::uint64_t number, scope const& in) const {
        if (!node.echoes) return node.children(number);
        std::uint64_t count = 0;
        for (auto const& p : node.parameters) {
            if (streams(p.how)) count += in.children[shape_.expansion_of(p)]->size();
        }
        return count;
    }

    std::optional<std::uint64_t> number_of_node(std::size_t i, scope const& in) const {
        auto const& node = shape_.nodes[i];
        std::uint64_t number = node.begin();
        for (auto const& p : node.parameters) {
            auto const argument = collects(p.how) ? collected(node, p, in) : found(p.nodes.front(), &in);
            if (!argument) return std::nullopt;
            if (node.echoes && streams(p.how)) continue;  // it is not known when the first child is yielded
            number = followed_by(number, *argument);
        }
        return number;
    }

    std::optional<std::uint64_t> found(std::size_t node, scope const* in) const {
        for (; in != nullptr; in = in->outer) {
            if (in->own[node]) return in->own[node];
        }
        return std::nullopt;
    }

    std::optional<std::uint64_t> collected(shape_node const& node, parameter const& p, scope const& in) const {
        std::size_t const expander = shape_.expansion_of(p);
        // A list may be of an expansion in a scope around.
        scope const* at = &in;
        while (at != nullptr && !at->children[expander]) at = at->outer;
        if (at == nullptr || at->expander_failed[expander]) return std::nullopt;
        auto const& children = at->children[expander];
        std::uint64_t ordered = 0;
        std::uint64_t sum = 0;
        std::uint64_t read = 0;
        for (auto const& each : *children) {
            if (each.failed && !contained_[expander]) return std::nullopt;
            std::uint64_t element = failure_number;
            if (!each.failed) {
                element = 0;
                for (std::size_t const part : p.nodes) element = followed_by(element, *each.own[part]);
            }
            ordered = followed_by(ordered, element);
            sum += mixed(element);
            ++read;
        }
        if (node.leaves_after < UINT64_MAX) return read < node.leaves_after ? read : node.leaves_after;
        return streams(p.how) ? followed_by(sum, read) : ordered;
    }

    shape const& shape_;
    reference& to_;
    std::vector<std::vector<std::size_t>> chains_;
    std::vector<std::vector<std::size_t>> earlier_;  // by node
    std::vector<bool> contained_;                    // by expander: a child's failure stays a value
};

}  // namespace

reference evaluate(shape const& what, std::vector<std::uint64_t> const& inputs) {
    reference made;
    made.yielded.resize(what.nodes.size());
    made.failed_children.resize(what.nodes.size());
    evaluation all(what, made);
    scope outermost = all.make(nullptr, {});
    std::size_t next = 0;
    for (std::size_t i = 0; i < what.nodes.size(); ++i) {
        if (what.nodes[i].kind == node_kind::input) outermost.own[i] = inputs[next++];
    }
    all.run(outermost);
    made.fails = outermost.failed;
    for (std::size_t const node : what.wanted) {
        if (made.fails) break;
        if (what.nodes[node].kind != node_kind::expander) {
            made.outputs.push_back(*outermost.own[node]);
            continue;
        }
        std::uint64_t folded = 0;
        for (auto const& each : *outermost.children[node]) folded = followed_by(folded, *each.own[node]);
        made.outputs.push_back(folded);
    }
    return made;
}

}  // namespace frond::simulation
