#include "frond/graph/graph_builder.hpp"

#include "frond/graph/detail/name_index.hpp"
#include "frond/graph/detail/similar_name.hpp"

#include <iterator>
#include <optional>
#include <utility>

namespace frond {

namespace {

std::string counted(std::size_t count, std::string const& what) {
    return std::to_string(count) + ' ' + what + (count == 1 ? "" : "s");
}

struct name_in {
    std::vector<node> const& nodes;
    std::string_view operator()(std::size_t i) const noexcept { return nodes[i].name; }
};

// A result is spelled as users do, without the library behind it.
std::string spelled(std::string_view type) {
    constexpr std::string_view outcome = "boost::outcome_v2::basic_result<";
    std::string text(type);
    for (std::size_t at = text.find(outcome); at != std::string::npos; at = text.find(outcome, at)) {
        text.replace(at, outcome.size(), "result<");
        std::size_t const error = text.find(", frond::error, ", at);
        if (error == std::string::npos) break;
        text.erase(error, text.find('>', error) - error);
    }
    return text;
}

// A parameter as it stands in the function: list<result<int>>. `part`: of a joint stream, the one that is meant.
std::string written(detail::parameter_type const& of, value_type const* part) {
    std::string type = spelled(of.whole->name);
    if (takes_results(of.how)) type = "result<" + type + '>';
    char const* form = "value<";
    if (of.how == need::take) form = "taken<";
    if (lists(of.how)) form = "list<";
    if (streams(of.how)) form = "stream<";
    if (feeds_back(of.how)) form = "feedback<";
    if (of.how == need::value && type.back() == '&') {
        form = "reference<";
        type.erase(type.find_last_not_of(" &") + 1);
    }
    std::string const text = form + type + '>';
    return part != nullptr ? "the " + spelled(part->name) + " of a " + text : text;
}

class source_finder {
public:
    source_finder(std::vector<node> const& nodes, std::vector<std::string>& faults)
        : nodes_(nodes), faults_(faults), names_(nodes.size()), hints_(nodes) {
        for (std::size_t i = 0; i < nodes.size(); ++i) static_cast<void>(names_.add(nodes[i].name, i, name_in{nodes}));
    }

    // Without nodes if they are not all there.
    parameter find(node const& by, detail::parameter_type const& asked, parameter_source const& source) {
        parameter made{asked.how, {}};
        bool const joint = source.nodes.size() != 1;
        if (joint && source.nodes.size() != asked.size) {
            faults_.push_back("a parameter of " + by.name + " takes from " + counted(asked.size, "node") + ", but " +
                              counted(source.nodes.size(), "name") + (source.nodes.size() == 1 ? " is" : " are") +
                              " given");
            return made;
        }
        bool found_all = true;
        for (std::size_t i = 0; i < source.nodes.size(); ++i) {
            auto const found = names_.find(source.nodes[i], name_in{nodes_});
            if (!found) {
                faults_.push_back(by.name + " needs \"" + source.nodes[i] + "\", which is no node of the graph" +
                                  hints_.of(source.nodes[i]));
            } else if (nodes_[*found].type == nullptr) {
                found_all = false;  // it has been told of
            } else if (auto const& type = joint ? *asked.parts[i] : *asked.whole; !(*nodes_[*found].type == type)) {
                faults_.push_back(by.name + " takes " + nodes_[*found].name + " as " +
                                  written(asked, joint ? &type : nullptr) + ", but its type is " +
                                  spelled(nodes_[*found].type->name));
            }
            found_all = found_all && found;
            if (found) made.nodes.push_back(*found);
        }
        if (!found_all) made.nodes.clear();
        return made;
    }

private:
    std::vector<node> const& nodes_;
    std::vector<std::string>& faults_;
    detail::name_index names_;
    detail::name_hints hints_;
};

}  // namespace

graph_builder& graph_builder::add_input(std::string name, value_type const& type, node_body const& body,
                                        std::shared_ptr<void> self) {
    node made;
    made.name = std::move(name);
    made.kind = node_kind::input;
    made.type = &type;
    made.body = &body;
    made.self = std::move(self);
    return add_node(std::move(made), {}, {});
}

graph_builder& graph_builder::add_node(node made, std::span<detail::parameter_type const> asked,
                                       std::vector<parameter_source> sources) {
    made.qualified = made.name;
    nodes_.push_back({std::move(made), asked, std::move(sources)});
    return *this;
}

graph_builder& graph_builder::add_faulty(std::string name, value_type const& returned,
                                         std::span<detail::parameter_type const> asked,
                                         std::vector<parameter_source> sources) {
    faults_.push_back(name + " returns " + spelled(returned.name) +
                      "; a node returns, by value, a T, void, result<T>, async<T>, async<result<T>>, expander<T> or "
                      "expand<Range>, where T is no result");
    node made;
    made.name = std::move(name);
    return add_node(std::move(made), asked, std::move(sources));
}

result<graph> graph_builder::build() && {
    std::vector<node> nodes;
    nodes.reserve(nodes_.size());
    for (auto& each : nodes_) nodes.push_back(std::move(each.node));
    std::vector<std::string> faults = std::exchange(faults_, {});
    source_finder sources(nodes, faults);
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
        auto const& [unused, asked, given] = nodes_[i];
        if (asked.size() != given.size()) {
            faults.push_back(nodes[i].name + " has " + counted(asked.size(), "parameter") + ", but " +
                             counted(given.size(), "source") + (given.size() == 1 ? " is" : " are") + " given");
            for (auto const& each : asked) nodes[i].parameters.push_back({each.how, {}});
            continue;
        }
        for (std::size_t k = 0; k < asked.size(); ++k) {
            nodes[i].parameters.push_back(sources.find(nodes[i], asked[k], given[k]));
        }
    }
    nodes_.clear();
    return graph::make(std::move(nodes), std::move(faults));
}

}  // namespace frond
