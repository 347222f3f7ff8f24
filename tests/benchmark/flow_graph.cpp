// oneTBB's flow graph: a function_node that is put every child's index, a continue_node for each static node. The
// graphs are made once, as a plan is.
#include "crew.hpp"
#include "series.hpp"
#include "tbb_crew.hpp"
#include "workload.hpp"

#include <oneapi/tbb/flow_graph.h>
#include <asio/steady_timer.hpp>

#include <deque>
#include <optional>

namespace {

namespace flow = tbb::flow;
using workload::tally;

/// A graph that belongs to the arena in which it is to run.
class arena_graph {
public:
    explicit arena_graph(unsigned threads) : all_(threads) {
        all_.run([this] { graph_.emplace(); });
    }

    flow::graph& get() { return *graph_; }

    /// Puts what `begin` puts, and waits until all has come of it.
    template <class Begin>
    void run(Begin const& begin) {
        all_.run([this, &begin] {
            begin();
            graph_->wait_for_all();
        });
    }

private:
    bench::tbb_crew all_;
    std::optional<flow::graph> graph_;
};

template <std::uint64_t (*Body)(std::uint64_t) noexcept>
class fan_out {
public:
    fan_out(std::size_t children, unsigned threads)
        : children_(children), graph_(threads), child_(graph_.get(), flow::unlimited, [this](std::uint64_t index) {
              sum_.add(Body(index));
              return flow::continue_msg();
          }) {}

    std::uint64_t operator()() {
        graph_.run([this] {
            for (std::uint64_t i = 0; i < children_; ++i) child_.try_put(i);
        });
        return sum_.take();
    }

private:
    std::size_t children_;
    tally sum_;
    arena_graph graph_;
    flow::function_node<std::uint64_t> child_;
};

class nested {
public:
    nested(std::size_t children, unsigned threads)
        : outer_(children / workload::nested_width),
          graph_(threads),
          parent_(graph_.get(), flow::unlimited,
                  [](std::uint64_t index, parent::output_ports_type& ports) {
                      std::uint64_t const first = index * workload::nested_width;
                      for (std::uint64_t i = first; i < first + workload::nested_width; ++i) {
                          std::get<0>(ports).try_put(i);
                      }
                  }),
          child_(graph_.get(), flow::unlimited, [this](std::uint64_t index) {
              sum_.add(workload::hash(index));
              return flow::continue_msg();
          }) {
        flow::make_edge(flow::output_port<0>(parent_), child_);
    }

    std::uint64_t operator()() {
        graph_.run([this] {
            for (std::uint64_t i = 0; i < outer_; ++i) parent_.try_put(i);
        });
        return sum_.take();
    }

private:
    using parent = flow::multifunction_node<std::uint64_t, std::tuple<std::uint64_t>>;

    std::size_t outer_;
    tally sum_;
    arena_graph graph_;
    parent parent_;
    flow::function_node<std::uint64_t> child_;
};

using static_node = flow::continue_node<flow::continue_msg>;

class chain {
public:
    chain(std::size_t nodes, unsigned threads) : graph_(threads) {
        for (std::size_t i = 0; i < nodes; ++i) {
            nodes_.emplace_back(graph_.get(), [this](flow::continue_msg message) {
                value_ = workload::link(value_);
                return message;
            });
            if (i != 0) flow::make_edge(nodes_[i - 1], nodes_[i]);
        }
    }

    std::uint64_t operator()() {
        value_ = 0;
        graph_.run([this] { nodes_.front().try_put(flow::continue_msg()); });
        return value_;
    }

private:
    std::uint64_t value_ = 0;
    arena_graph graph_;
    std::deque<static_node> nodes_;
};

class layers {
public:
    layers(std::size_t nodes, unsigned threads) : values_(nodes), graph_(threads), begin_(graph_.get()) {
        for (std::size_t i = 0; i < nodes; ++i) {
            nodes_.emplace_back(graph_.get(), [this, i](flow::continue_msg message) {
                values_[i] = workload::layers::value(values_, i);
                return message;
            });
            if (i < workload::layers::width) {
                flow::make_edge(begin_, nodes_[i]);
            } else {
                for (std::size_t const need : workload::layers::needs(i)) flow::make_edge(nodes_[need], nodes_[i]);
            }
        }
    }

    std::uint64_t operator()() {
        graph_.run([this] { begin_.try_put(flow::continue_msg()); });
        return workload::layers::sum_of_last(values_);
    }

private:
    std::vector<std::uint64_t> values_;
    arena_graph graph_;
    flow::broadcast_node<flow::continue_msg> begin_;
    std::deque<static_node> nodes_;
};

/// oneTBB has no timers: the caller's thread runs Asio's, and each puts its child's index.
class waiting {
public:
    waiting(std::size_t children, unsigned threads)
        : children_(children),
          timers_(1),
          graph_(threads),
          child_(graph_.get(), flow::unlimited, [this](std::uint64_t index) {
              sum_.add(workload::hash(index));
              return flow::continue_msg();
          }) {}

    std::uint64_t operator()() {
        graph_.run([this] {
            std::deque<asio::steady_timer> waits;
            for (std::uint64_t i = 0; i < children_; ++i) {
                waits.emplace_back(timers_.context(), workload::wait);
                waits.back().async_wait([this, i](std::error_code) { child_.try_put(i); });
            }
            timers_.run();
        });
        return sum_.take();
    }

private:
    std::size_t children_;
    tally sum_;
    bench::crew timers_;
    arena_graph graph_;
    flow::function_node<std::uint64_t> child_;
};

bool const added =
    bench::add<fan_out<workload::hash>>(bench::fan_out, "flow_graph") &&
    bench::add<fan_out<workload::microsecond>>(bench::fan_out_work, "flow_graph") &&
    bench::add<nested>(bench::nested, "flow_graph") && bench::add<chain>(bench::static_chain, "flow_graph") &&
    bench::add<layers>(bench::static_layers, "flow_graph") && bench::add<waiting>(bench::waiting, "flow_graph") &&
    bench::add<fan_out<workload::hash>>(bench::small_run, "flow_graph");

}  // namespace
