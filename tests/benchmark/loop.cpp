// The plain loop: what the work itself costs, on one thread, without anything that schedules it.
#include "crew.hpp"
#include "series.hpp"
#include "workload.hpp"

#include <asio/steady_timer.hpp>

#include <deque>

namespace {

template <std::uint64_t (*Body)(std::uint64_t) noexcept>
class loop {
public:
    loop(std::size_t children, unsigned) : children_(children) {}

    std::uint64_t operator()() const {
        std::uint64_t sum = 0;
        for (std::uint64_t i = 0; i < children_; ++i) {
            std::uint64_t index = i;
            benchmark::DoNotOptimize(index);  // each child for itself: no vector of children
            sum += Body(index);
        }
        return sum;
    }

private:
    std::size_t children_;
};

using trivial = loop<workload::hash>;
using work = loop<workload::microsecond>;

class chain {
public:
    chain(std::size_t nodes, unsigned) : nodes_(nodes) {}

    std::uint64_t operator()() const {
        std::uint64_t value = 0;
        for (std::size_t i = 0; i < nodes_; ++i) {
            value = workload::link(value);
            benchmark::DoNotOptimize(value);
        }
        return value;
    }

private:
    std::size_t nodes_;
};

class layers {
public:
    layers(std::size_t nodes, unsigned) : values_(nodes) {}

    std::uint64_t operator()() {
        for (std::size_t i = 0; i < values_.size(); ++i) values_[i] = workload::layers::value(values_, i);
        return workload::layers::sum_of_last(values_);
    }

private:
    std::vector<std::uint64_t> values_;
};

/// A loop that starts a timer with a callback for each child.
class timers {
public:
    timers(std::size_t children, unsigned threads) : children_(children), all_(threads) {}

    std::uint64_t operator()() {
        std::uint64_t sum = 0;
        std::deque<asio::steady_timer> waits;
        for (std::uint64_t i = 0; i < children_; ++i) {
            waits.emplace_back(all_.context(), workload::wait);
            waits.back().async_wait([&sum, i](std::error_code) { sum += workload::hash(i); });
        }
        all_.run();
        return sum;
    }

private:
    std::size_t children_;
    bench::crew all_;
};

bool const added =
    bench::add<trivial>(bench::fan_out, "loop", {1}) && bench::add<work>(bench::fan_out_work, "loop", {1}) &&
    bench::add<trivial>(bench::nested, "loop", {1}) && bench::add<chain>(bench::static_chain, "loop", {1}) &&
    bench::add<layers>(bench::static_layers, "loop", {1}) && bench::add<timers>(bench::waiting, "loop", {1}) &&
    bench::add<trivial>(bench::small_run, "loop", {1});

}  // namespace
