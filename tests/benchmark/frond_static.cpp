// frond's static graphs: ten thousand nodes are not written by hand, so they are built at run time. A plan is made
// once.
#include "crew.hpp"
#include "series.hpp"
#include "workload.hpp"

#include <frond/asio/executor.hpp>
#include <frond/graph/graph_builder.hpp>
#include <frond/plan/plan.hpp>
#include <frond/run/run.hpp>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace {

using frond::value;

/// A plan of nodes that give numbers; a round gives the sum of those that are wanted.
class static_runs : private frond::run_completion {
public:
    static_runs(frond::graph_builder nodes, std::vector<std::string> wanted, unsigned threads)
        : all_(threads),
          executor_(all_.context().get_executor(), threads),
          clock_(all_.context().get_executor()),
          plan_(make(std::move(nodes), std::move(wanted))) {}

    std::uint64_t operator()() {
        auto const run = frond::prepare_run(plan_, {}).value();
        frond::run_start how;
        how.on = &executor_;
        how.time = &clock_;
        how.completion = this;
        how.wants_progress = false;
        frond::begin(run, std::move(how));
        all_.run();
        return sum_;
    }

private:
    static std::shared_ptr<frond::plan const> make(frond::graph_builder nodes, std::vector<std::string> wanted) {
        frond::plan_options options;
        options.wanted = std::move(wanted);
        return frond::plan::make(std::move(nodes).build().value(), std::move(options)).value();
    }
    void complete(frond::run_outcome& ended) noexcept override {
        sum_ = 0;
        for (void* const each : ended.outputs) sum_ += *static_cast<std::uint64_t*>(each);
    }

    bench::crew all_;
    frond::asio_executor<asio::io_context::executor_type> executor_;
    frond::asio_clock clock_;
    std::shared_ptr<frond::plan const> plan_;
    std::uint64_t sum_ = 0;
};

std::string name_of(std::size_t node) { return "node_" + std::to_string(node); }

frond::graph_builder chain_of(std::size_t nodes) {
    frond::graph_builder made;
    made.add(name_of(0), [] { return workload::link(0); });
    for (std::size_t i = 1; i < nodes; ++i) {
        made.add(name_of(i), [](value<std::uint64_t> before) { return workload::link(*before); }, {name_of(i - 1)});
    }
    return made;
}

frond::graph_builder layers_of(std::size_t nodes) {
    frond::graph_builder made;
    for (std::size_t i = 0; i < nodes; ++i) {
        if (i < workload::layers::width) {
            made.add(name_of(i), [i] { return workload::layers::source(i); });
            continue;
        }
        auto const [a, b, c] = workload::layers::needs(i);
        made.add(name_of(i),
                 [](value<std::uint64_t> first, value<std::uint64_t> second, value<std::uint64_t> third) {
                     return workload::layers::inner(*first, *second, *third);
                 },
                 {name_of(a), name_of(b), name_of(c)});
    }
    return made;
}

std::vector<std::string> last_layer_of(std::size_t nodes) {
    std::vector<std::string> names;
    for (std::size_t i = nodes - workload::layers::width; i < nodes; ++i) names.push_back(name_of(i));
    return names;
}

struct chain : static_runs {
    chain(std::size_t nodes, unsigned threads) : static_runs(chain_of(nodes), {name_of(nodes - 1)}, threads) {}
};

struct layers : static_runs {
    layers(std::size_t nodes, unsigned threads) : static_runs(layers_of(nodes), last_layer_of(nodes), threads) {}
};

bool const added = bench::add<chain>(bench::static_chain, "frond") && bench::add<layers>(bench::static_layers, "frond");

}  // namespace
