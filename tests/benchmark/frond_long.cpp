// frond: bodies of 1 ms and 20 ms, as children, as static nodes and as nodes of one child.
#include "crew.hpp"
#include "series.hpp"
#include "workload.hpp"

#include <frond/asio.hpp>
#include <frond/frond.hpp>
#include <frond/graph/graph_builder.hpp>
#include <frond/run/named_plan.hpp>

#include <asio/bind_executor.hpp>

#include <string>
#include <utility>
#include <vector>

namespace {

/// How the bodies stand in the graph.
enum class place { children, nodes, nodes_of_a_child };

frond::async<std::uint64_t> sum_of(frond::stream<std::uint64_t> values) {
    std::uint64_t sum = 0;
    while (auto const next = co_await values.next()) sum += *next;
    co_return sum;
}

/// A sum of nodes, by nodes of two parameters: a node made at run time cannot have sixteen.
std::string add_sum(frond::graph_builder& to, std::vector<std::string> of) {
    std::size_t made = 0;
    for (std::size_t i = 0; i + 1 < of.size(); i += 2) {
        of.push_back("sum_" + std::to_string(made++));
        to.add(of.back(), [](frond::value<std::uint64_t> a, frond::value<std::uint64_t> b) { return *a + *b; },
               {of[i], of[i + 1]});
    }
    return of.back();
}

template <int Milliseconds>
frond::named_plan plan_of(place where, std::size_t bodies) {
    frond::graph_builder made;
    frond::plan_options options;
    options.wanted = {"sum"};
    if (where == place::children) {
        made.add("child", [bodies]() -> frond::expander<std::uint64_t> {
            for (std::size_t i = 0; i < bodies; ++i) co_yield i;
        });
        made.add("body", [](frond::value<std::uint64_t>) { return workload::spin<Milliseconds>(); }, {"child"});
        made.add("sum", sum_of, {"body"});
        return frond::plan_for(std::move(made).build().value(), options);
    }
    bool const inside = where == place::nodes_of_a_child;
    if (inside) made.add("child", []() -> frond::expander<std::uint64_t> { co_yield std::uint64_t{0}; });
    std::vector<std::string> names;
    for (std::size_t i = 0; i < bodies; ++i) {
        names.push_back("body_" + std::to_string(i));
        if (inside) {
            made.add(names.back(), [](frond::value<std::uint64_t>) { return workload::spin<Milliseconds>(); },
                     {"child"});
        } else {
            made.add(names.back(), [] { return workload::spin<Milliseconds>(); });
        }
    }
    std::string const all = add_sum(made, std::move(names));
    if (inside) {
        made.add("sum", sum_of, {all});
        options.grouping = frond::grouping::each_node;
    } else {
        made.add("sum", [](frond::value<std::uint64_t> sum) { return *sum; }, {all});
    }
    return frond::plan_for(std::move(made).build().value(), options);
}

template <place Where, int Milliseconds>
class long_bodies {
public:
    long_bodies(std::size_t bodies, unsigned threads) : all_(threads), plan_(plan_of<Milliseconds>(Where, bodies)) {}

    std::uint64_t operator()() {
        std::uint64_t sum = 0;
        plan_.async_run(asio::bind_executor(all_.context(), [&sum](frond::result<frond::named_results> outcome) {
            if (outcome) sum = outcome.value().template get<std::uint64_t>("sum");
        }));
        all_.run();
        return sum;
    }

private:
    bench::crew all_;
    frond::named_plan plan_;
};

bool const added =
    bench::add<long_bodies<place::children, 1>>(bench::long_bodies, "frond_children_1ms", {2}) &&
    bench::add<long_bodies<place::children, 20>>(bench::long_bodies, "frond_children_20ms", {2}) &&
    bench::add<long_bodies<place::nodes, 1>>(bench::long_bodies, "frond_nodes_1ms", {2}) &&
    bench::add<long_bodies<place::nodes, 20>>(bench::long_bodies, "frond_nodes_20ms", {2}) &&
    bench::add<long_bodies<place::nodes_of_a_child, 1>>(bench::long_bodies, "frond_nodes_of_a_child_1ms", {2}) &&
    bench::add<long_bodies<place::nodes_of_a_child, 20>>(bench::long_bodies, "frond_nodes_of_a_child_20ms", {2});

}  // namespace
