#include "shape_graph.hpp"

#include "number_box.hpp"

#include "frond/graph/detail/body.hpp"
#include "frond/graph/stream.hpp"

#include <array>
#include <stdexcept>
#include <tuple>
#include <utility>

namespace frond::simulation {

namespace {

constexpr std::size_t most_parameters = 4;

/// The addresses of a node's arguments.
using addresses = std::array<detail::argument, most_parameters>;

// What stands behind a node.
struct played_node {
    activity& notes;
    shape_node const& what;
    std::vector<std::size_t> enclosing;
    bool is_collector;
};

// Counts a body for as long as it lasts.
class lasting {
public:
    explicit lasting(played_node const& node) noexcept : node_(node) {
        activity& notes = node_.notes;
        ++notes.bodies;
        if (!counts()) return;
        notes.world.expect(!notes.stopped, "no child starts in a run that has been cancelled");
        ++notes.inside_any;
        ++notes.inside[node_.enclosing.back()];
        check_limits();
    }
    lasting(lasting const&) = delete;
    lasting& operator=(lasting const&) = delete;
    ~lasting() {
        activity& notes = node_.notes;
        --notes.bodies;
        if (!counts()) return;
        --notes.inside_any;
        --notes.inside[node_.enclosing.back()];
    }

private:
    // Who collects or expands inside a child holds no slot.
    bool counts() const noexcept {
        return !node_.enclosing.empty() && !node_.is_collector && node_.what.kind == node_kind::plain;
    }
    void check_limits() const {
        activity const& notes = node_.notes;
        if (!notes.one_body_for_each_child) return;
        auto const& options = notes.what.options;
        notes.world.expect(notes.inside_any <= options.limit, "no more children run at once than the limit allows");
        std::size_t const innermost = node_.enclosing.back();
        auto const own = options.expander_limits.find(notes.what.nodes[innermost].name);
        if (own == options.expander_limits.end()) return;
        notes.world.expect(notes.inside[innermost] <= own->second,
                           "no more children of an expander run at once than its limit allows");
    }

    played_node const& node_;
};

async<void> rest(played_node const& node) {
    activity const& notes = node.notes;
    simulator& world = notes.world;
    if (notes.bodies_compute && world.random().percent(20)) {
        world.compute(std::chrono::microseconds(world.random().below(100)));
    }
    if (!world.random().percent(notes.what.rests_percent)) co_return;
    // Where a collector leaves, those who have begun go on: only its expander is interrupted.
    bool const may_be_endless =
        notes.waits_may_be_endless && (!notes.what.over_when_left || node.what.kind == node_kind::expander);
    if (may_be_endless && world.random().percent(20)) {
        co_await world.sleep(std::chrono::hours(24));
    } else if (world.random().percent(50)) {
        co_await world.yield();
    } else {
        co_await world.sleep(std::chrono::milliseconds(world.random().below(6)));
    }
}

// True if the node fails; what waits elsewhere in its run is interrupted then.
bool fails(played_node const& node, std::uint64_t number) {
    bool const failing = node.what.fails(number);
    if (failing && node.notes.failure_stops) node.notes.stops_now();
    return failing;
}

template <class V>
struct played {
    static std::uint64_t number(activity const& notes, V const& value) {
        std::uint64_t const found = number_of(value);
        notes.world.expect(found != 0, "a value that is read has not been moved away");
        return found;
    }

    // The number of an argument that is no stream.
    static std::uint64_t read(activity const& notes, need how, detail::argument from) {
        switch (how) {
            case need::take: {
                V const taken(std::move(*static_cast<V*>(from.at)));
                return number(notes, taken);
            }
            case need::list: {
                std::uint64_t ordered = 0;
                for (V const& each : list<V>(from)) {
                    ordered = followed_by(ordered, followed_by(0, number(notes, each)));
                }
                return ordered;
            }
            case need::list_results: {
                std::uint64_t ordered = 0;
                for (auto const& each : list<result<V>>(from)) {
                    ordered = followed_by(ordered, each ? followed_by(0, number(notes, each.value())) : failure_number);
                }
                return ordered;
            }
            default: return number(notes, *value<V>(from));
        }
    }

    static std::uint64_t element(activity const& notes, V const& one) { return followed_by(0, number(notes, one)); }
    static std::uint64_t element(activity const& notes, result<V> const& one) {
        return one ? element(notes, one.value()) : failure_number;
    }
    static std::uint64_t element(activity const& notes, std::tuple<V, V> const& pair) {
        return followed_by(followed_by(0, number(notes, std::get<0>(pair))), number(notes, std::get<1>(pair)));
    }

    // The number of a stream.
    template <class T>
    static async<std::uint64_t> read_stream(played_node const& node, detail::argument from) {
        stream<T> elements(from);
        std::uint64_t sum = 0;
        std::uint64_t read = 0;
        bool const leaves = node.what.leaves_after != UINT64_MAX;
        while (read < node.what.leaves_after) {
            std::optional<T> const next = co_await elements.next();
            if (!next) break;
            ++read;
            sum += mixed(element(node.notes, *next));
            co_await rest(node);
        }
        if (leaves && read == node.what.leaves_after && node.notes.what.over_when_left) node.notes.stops_now();
        co_return leaves ? read : followed_by(sum, read);
    }

    static void note(played_node const& node, std::uint64_t number) { ++node.notes.executions[number]; }

    static std::uint64_t read_all(played_node const& node, addresses const& from) {
        std::uint64_t number = node.what.begin();
        for (std::size_t i = 0; i < node.what.parameters.size(); ++i) {
            number = followed_by(number, read(node.notes, node.what.parameters[i].how, from[i]));
        }
        note(node, number);
        return number;
    }

    static async<std::uint64_t> await_all(played_node const& node, addresses from) {
        std::uint64_t number = node.what.begin();
        for (std::size_t i = 0; i < node.what.parameters.size(); ++i) {
            parameter const& p = node.what.parameters[i];
            std::uint64_t argument = 0;
            if (p.how == need::stream && p.nodes.size() == 2) {
                argument = co_await read_stream<std::tuple<V, V>>(node, from[i]);
            } else if (p.how == need::stream) {
                argument = co_await read_stream<V>(node, from[i]);
            } else if (p.how == need::stream_results) {
                argument = co_await read_stream<result<V>>(node, from[i]);
            } else {
                argument = read(node.notes, p.how, from[i]);
            }
            number = followed_by(number, argument);
        }
        note(node, number);
        co_return number;
    }

    // ---- what the functions of nodes do

    static V run(played_node const& node, addresses const& from) {
        lasting const here(node);
        std::uint64_t const number = read_all(node, from);
        if (fails(node, number)) throw std::runtime_error(node.what.name + " fails");
        return V(node.what.value(number));
    }

    static result<V> run_to_result(played_node const& node, addresses const& from) {
        lasting const here(node);
        std::uint64_t const number = read_all(node, from);
        if (fails(node, number)) return error(errc::node_failed, node.what.name + " fails");
        return V(node.what.value(number));
    }

    static async<V> run_suspending(played_node const& node, addresses from) {
        lasting const here(node);
        co_await rest(node);
        std::uint64_t const number = co_await await_all(node, from);
        co_await rest(node);
        if (fails(node, number)) throw std::runtime_error(node.what.name + " fails");
        co_return V(node.what.value(number));
    }

    static async<result<V>> run_suspending_to_result(played_node const& node, addresses from) {
        lasting const here(node);
        std::uint64_t const number = co_await await_all(node, from);
        co_await rest(node);
        if (fails(node, number)) co_return error(errc::node_failed, node.what.name + " fails");
        co_return V(node.what.value(number));
    }

    static expander<V> yield_all(played_node const& node, addresses from) {
        lasting const here(node);
        co_await rest(node);
        std::uint64_t const number = co_await await_all(node, from);
        bool const will_fail = node.what.fails(number);
        std::uint64_t const count = will_fail ? node.what.fails_after(number) : node.what.children(number);
        dice& random = node.notes.world.random();
        std::uint64_t const says_at = random.percent(30) ? random.below(count + 1) : UINT64_MAX;
        for (std::uint64_t i = 0; i < count; ++i) {
            co_await rest(node);
            if (i == says_at) co_yield expect(count);
            if (random.percent(20)) {
                co_yield child<V>(std::to_string(i), V(node.what.child(number, i)));
            } else {
                co_yield V(node.what.child(number, i));
            }
        }
        co_await rest(node);
        if (will_fail && fails(node, number)) throw std::runtime_error(node.what.name + " fails");
    }

    static expand<std::vector<V>> range_of_all(played_node const& node, addresses const& from) {
        std::uint64_t const number = read_all(node, from);
        if (fails(node, number)) throw std::runtime_error(node.what.name + " fails");
        std::vector<V> children;
        for (std::uint64_t i = 0; i < node.what.children(number); ++i)
            children.emplace_back(node.what.child(number, i));
        return expand<std::vector<V>>(std::move(children));
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
    static node_body const* body(std::size_t parameters) {
        static constexpr node_body bodies[] = {
            detail::body_of<invoker<Function>, R, 0>::make(), detail::body_of<invoker<Function>, R, 1>::make(),
            detail::body_of<invoker<Function>, R, 2>::make(), detail::body_of<invoker<Function>, R, 3>::make(),
            detail::body_of<invoker<Function>, R, 4>::make(),
        };
        return &bodies[parameters];
    }

    static node_body const* body_for(shape_node const& node) {
        static constexpr node_body of_input{};
        std::size_t const count = node.parameters.size();
        if (node.kind == node_kind::input) return &of_input;
        if (node.kind == node_kind::expander) {
            return suspends(node.how) ? body<&yield_all, expander<V>>(count)
                                      : body<&range_of_all, expand<std::vector<V>>>(count);
        }
        switch (node.how) {
            case form::function: return body<&run, V>(count);
            case form::function_of_result: return body<&run_to_result, result<V>>(count);
            case form::coroutine: return body<&run_suspending, async<V>>(count);
            case form::coroutine_of_result: break;
        }
        return body<&run_suspending_to_result, async<result<V>>>(count);
    }

    static std::uint64_t output(void const* at, bool of_expander) {
        if (!of_expander) return number_of(*static_cast<V const*>(at));
        std::uint64_t folded = 0;
        for (V const& each : *static_cast<std::vector<V> const*>(at)) folded = followed_by(folded, number_of(each));
        return folded;
    }
};

}  // namespace

result<graph> make_graph(shape const& what, values_are kind, activity& notes) {
    auto const enclosing = what.enclosing();
    std::vector<node> nodes;
    for (std::size_t i = 0; i < what.nodes.size(); ++i) {
        auto const& described = what.nodes[i];
        node& made = nodes.emplace_back();
        made.name = described.name;
        made.qualified = described.name;
        made.kind = described.kind;
        made.type = kind == values_are::numbers ? &value_type_of<std::uint64_t> : &value_type_of<box>;
        made.parameters = described.parameters;
        made.body =
            kind == values_are::numbers ? played<std::uint64_t>::body_for(described) : played<box>::body_for(described);
        made.self = std::make_shared<played_node>(played_node{notes, described, enclosing[i], made.is_collector()});
    }
    return graph::make(std::move(nodes));
}

std::uint64_t number_at(void const* output, values_are kind, bool of_expander) {
    return kind == values_are::numbers ? played<std::uint64_t>::output(output, of_expander)
                                       : played<box>::output(output, of_expander);
}

input_value::input_value(std::uint64_t number, values_are kind) {
    if (kind == values_are::numbers) {
        value_ = std::make_shared<std::uint64_t>(number);
    } else {
        value_ = std::make_shared<box>(number);
    }
    address_ = value_.get();
}

}  // namespace frond::simulation
