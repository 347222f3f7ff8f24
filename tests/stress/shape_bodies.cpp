#include "shape_bodies.hpp"

#include "run_on.hpp"

#include "frond/graph/detail/body.hpp"
#include "frond/graph/stream.hpp"

#include <array>
#include <memory>
#include <optional>
#include <stdexcept>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

namespace stress {

using namespace frond;
using namespace frond::simulation;

namespace {

using number = std::uint64_t;
constexpr std::size_t most_parameters = 4;
using addresses = std::array<detail::argument, most_parameters>;

// What stands behind a node.
struct played_node {
    shape_node const& what;
    reading how;
    std::vector<std::size_t> order;  // of its parameters, for streams
    unsigned suspends_percent;
};

// One of a node's streams, and the number of what has been read of it.
class reader {
public:
    reader(parameter const& of, detail::argument from) : elements_(open(of, from)) {}

    /// False at the end.
    async<bool> next() {
        if (auto* const values = std::get_if<stream<number>>(&elements_)) {
            auto const one = co_await values->next();
            if (one) add(followed_by(0, *one));
            co_return one.has_value();
        }
        if (auto* const results = std::get_if<stream<result<number>>>(&elements_)) {
            auto const one = co_await results->next();
            if (one) add(one->has_value() ? followed_by(0, one->value()) : failure_number);
            co_return one.has_value();
        }
        auto const one = co_await std::get<stream<std::tuple<number, number>>>(elements_).next();
        if (one) add(followed_by(followed_by(0, std::get<0>(*one)), std::get<1>(*one)));
        co_return one.has_value();
    }
    number made() const noexcept { return followed_by(sum_, read_); }

private:
    using any_stream = std::variant<stream<number>, stream<result<number>>, stream<std::tuple<number, number>>>;
    static any_stream open(parameter const& of, detail::argument from) {
        if (of.how == need::stream_results) return stream<result<number>>(from);
        if (of.nodes.size() == 2) return stream<std::tuple<number, number>>(from);
        return stream<number>(from);
    }
    void add(number element) noexcept {
        sum_ += mixed(element);
        ++read_;
    }

    any_stream elements_;
    number sum_ = 0;
    number read_ = 0;
};

// All streams of a node, and which of them is read next.
class readers {
public:
    readers(played_node const& node, addresses const& from) : how_(node.how), node_(node) {
        for (std::size_t const i : node.order) {
            if (streams(node.what.parameters[i].how)) all_.push_back({i, reader(node.what.parameters[i], from[i])});
        }
    }

    /// Reads an element of one of them. False: all are at their end.
    async<bool> next() {
        while (open_ != all_.size()) {
            if (at_ == all_.size()) at_ = 0;
            one& now = all_[at_];
            if (now.ended) {
                ++at_;
                continue;
            }
            bool const more = co_await now.elements.next();
            if (!more) {
                now.ended = true;
                ++open_;
                continue;
            }
            if (++now.burst == burst_length()) {
                now.burst = 0;
                ++at_;
            }
            co_return true;
        }
        co_return false;
    }
    number made(std::size_t parameter) const {
        for (one const& each : all_) {
            if (each.parameter == parameter) return each.elements.made();
        }
        return 0;
    }

private:
    struct one {
        std::size_t parameter;
        reader elements;
        number burst = 0;
        bool ended = false;
    };
    number burst_length() const noexcept {
        switch (how_) {
            case reading::one_after_the_other: break;
            case reading::in_turn: return 1;
            case reading::in_bursts: return 50 + node_.what.begin() % 400;
        }
        return UINT64_MAX;
    }

    reading how_;
    played_node const& node_;
    std::vector<one> all_;
    std::size_t at_ = 0;
    std::size_t open_ = 0;  // how many are at their end
};

// The number of an argument that is no stream.
number read(need how, detail::argument from) {
    number ordered = 0;
    switch (how) {
        case need::take: return *taken<number>(from);
        case need::list:
            for (number const each : list<number>(from)) ordered = followed_by(ordered, followed_by(0, each));
            return ordered;
        case need::list_results:
            for (auto const& each : list<result<number>>(from)) {
                ordered = followed_by(ordered, each ? followed_by(0, each.value()) : failure_number);
            }
            return ordered;
        default: return *value<number>(from);
    }
}

number number_of(played_node const& node, addresses const& from, readers const* read_streams) {
    number made = node.what.begin();
    for (std::size_t i = 0; i < node.what.parameters.size(); ++i) {
        need const how = node.what.parameters[i].how;
        if (streams(how)) {
            if (!node.what.echoes) made = followed_by(made, read_streams->made(i));
        } else {
            made = followed_by(made, read(how, from[i]));
        }
    }
    return made;
}

std::runtime_error failure_of(played_node const& node) { return std::runtime_error(node.what.name + " fails"); }

// ---- what the functions of nodes do

number run(played_node const& node, addresses const& from) {
    number const made = number_of(node, from, nullptr);
    if (node.what.fails(made)) throw failure_of(node);
    return node.what.value(made);
}

result<number> run_to_result(played_node const& node, addresses const& from) {
    number const made = number_of(node, from, nullptr);
    if (node.what.fails(made)) return error(errc::node_failed, node.what.name + " fails");
    return node.what.value(made);
}

// Suspends now and then, and goes on when a thread comes to it.
async<void> rest(played_node const& node, number by) {
    if (mixed(by) % 100 >= node.suspends_percent) co_return;
    handed_over elsewhere;
    co_await elsewhere;
}

async<number> await_all(played_node const& node, addresses from) {
    readers all(node, from);
    for (bool more = true; more;) more = co_await all.next();
    number const made = number_of(node, from, &all);
    co_await rest(node, made);
    co_return made;
}

async<number> run_suspending(played_node const& node, addresses from) {
    number const made = co_await await_all(node, from);
    if (node.what.fails(made)) throw failure_of(node);
    co_return node.what.value(made);
}

async<result<number>> run_suspending_to_result(played_node const& node, addresses from) {
    number const made = co_await await_all(node, from);
    if (node.what.fails(made)) co_return error(errc::node_failed, node.what.name + " fails");
    co_return node.what.value(made);
}

expander<number> yield_all(played_node const& node, addresses from) {
    if (node.what.echoes) {
        readers all(node, from);
        number const made = number_of(node, from, &all);
        for (number i = 0;; ++i) {
            bool const more = co_await all.next();
            if (!more) co_return;
            co_yield node.what.child(made, i);
        }
    }
    number const made = co_await await_all(node, from);
    bool const fails = node.what.fails(made);
    number const count = fails ? node.what.fails_after(made) : node.what.children(made);
    for (number i = 0; i < count; ++i) {
        co_await rest(node, made + i);
        co_yield node.what.child(made, i);
    }
    if (fails) throw failure_of(node);
}

expand<std::vector<number>> range_of_all(played_node const& node, addresses const& from) {
    number const made = number_of(node, from, nullptr);
    if (node.what.fails(made)) throw failure_of(node);
    std::vector<number> children;
    for (number i = 0; i < node.what.children(made); ++i) children.push_back(node.what.child(made, i));
    return expand<std::vector<number>>(std::move(children));
}

// ---- as bodies

template <auto Function>
struct invoker {
    template <class... A>
    static decltype(auto) call(void* self, A... arguments) {
        addresses from{};
        std::size_t i = 0;
        (..., (from[i++] = arguments));
        return Function(*static_cast<played_node const*>(self), from);
    }
};

template <auto Function, class R>
node_body const* body(std::size_t parameters) {
    static constexpr node_body bodies[] = {
        detail::body_of<invoker<Function>, R, 0>::make(), detail::body_of<invoker<Function>, R, 1>::make(),
        detail::body_of<invoker<Function>, R, 2>::make(), detail::body_of<invoker<Function>, R, 3>::make(),
        detail::body_of<invoker<Function>, R, 4>::make(),
    };
    return &bodies[parameters];
}

node_body const* body_for(shape_node const& node) {
    static constexpr node_body of_input{};
    std::size_t const count = node.parameters.size();
    if (node.kind == node_kind::input) return &of_input;
    if (node.kind == node_kind::expander) {
        return suspends(node.how) ? body<&yield_all, expander<number>>(count)
                                  : body<&range_of_all, expand<std::vector<number>>>(count);
    }
    switch (node.how) {
        case form::function: return body<&run, number>(count);
        case form::function_of_result: return body<&run_to_result, result<number>>(count);
        case form::coroutine: return body<&run_suspending, async<number>>(count);
        case form::coroutine_of_result: break;
    }
    return body<&run_suspending_to_result, async<result<number>>>(count);
}

}  // namespace

result<graph> make_graph(shape const& of, std::uint64_t seed) {
    dice random(mixed(seed));
    std::vector<node> nodes;
    for (auto const& described : of.nodes) {
        node& made = nodes.emplace_back();
        made.name = described.name;
        made.qualified = described.name;
        made.kind = described.kind;
        made.type = &value_type_of<number>;
        made.parameters = described.parameters;
        made.body = body_for(described);
        auto const how = static_cast<reading>(random.below(3));
        auto played = std::make_shared<played_node>(played_node{described, how, {}, of.rests_percent});
        for (std::size_t i = 0; i < described.parameters.size(); ++i) {
            auto const at = static_cast<std::ptrdiff_t>(random.below(i + 1));
            played->order.insert(played->order.begin() + at, i);
        }
        made.self = std::move(played);
    }
    return graph::make(std::move(nodes));
}

}  // namespace stress
