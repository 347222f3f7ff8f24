// Asio alone: a coroutine of its own, by asio::co_spawn, for each child and each node.
#include "crew.hpp"
#include "series.hpp"
#include "workload.hpp"

#include <asio/awaitable.hpp>
#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/post.hpp>
#include <asio/steady_timer.hpp>
#include <asio/use_awaitable.hpp>

#include <memory>

namespace {

using workload::tally;

template <std::uint64_t (*Body)(std::uint64_t) noexcept>
asio::awaitable<void> child(std::uint64_t index, tally& sum) {
    sum.add(Body(index));
    co_return;
}

template <std::uint64_t (*Body)(std::uint64_t) noexcept>
class fan_out {
public:
    fan_out(std::size_t children, unsigned threads) : children_(children), all_(threads) {}

    std::uint64_t operator()() {
        asio::post(all_.context(), [this] {
            for (std::uint64_t i = 0; i < children_; ++i) {
                asio::co_spawn(all_.context(), child<Body>(i, sum_), asio::detached);
            }
        });
        all_.run();
        return sum_.take();
    }

private:
    std::size_t children_;
    bench::crew all_;
    tally sum_;
};

class nested {
public:
    nested(std::size_t children, unsigned threads) : outer_(children / workload::nested_width), all_(threads) {}

    std::uint64_t operator()() {
        asio::post(all_.context(), [this] {
            for (std::uint64_t i = 0; i < outer_; ++i) asio::co_spawn(all_.context(), parent(i), asio::detached);
        });
        all_.run();
        return sum_.take();
    }

private:
    asio::awaitable<void> parent(std::uint64_t index) {
        std::uint64_t const first = index * workload::nested_width;
        for (std::uint64_t i = first; i < first + workload::nested_width; ++i) {
            asio::co_spawn(all_.context(), child<workload::hash>(i, sum_), asio::detached);
        }
        co_return;
    }

    std::size_t outer_;
    bench::crew all_;
    tally sum_;
};

class chain {
public:
    chain(std::size_t nodes, unsigned threads) : nodes_(nodes), all_(threads) {}

    std::uint64_t operator()() {
        value_ = 0;
        begin(0);
        all_.run();
        return value_;
    }

private:
    asio::awaitable<void> node(std::size_t place) {
        value_ = workload::link(value_);
        if (place + 1 < nodes_) begin(place + 1);
        co_return;
    }
    void begin(std::size_t place) { asio::co_spawn(all_.context(), node(place), asio::detached); }

    std::size_t nodes_;
    std::uint64_t value_ = 0;
    bench::crew all_;
};

class layers {
public:
    layers(std::size_t nodes, unsigned threads)
        : dependents_(workload::layers::dependents(nodes)),
          values_(nodes),
          unmet_(std::make_unique<std::atomic<int>[]>(nodes)),
          all_(threads) {
        for (std::size_t i = 0; i < nodes; ++i) unmet_[i] = 3;
    }

    std::uint64_t operator()() {
        for (std::size_t i = 0; i < workload::layers::width; ++i) begin(i);
        all_.run();
        return workload::layers::sum_of_last(values_);
    }

private:
    asio::awaitable<void> node(std::size_t place) {
        values_[place] = workload::layers::value(values_, place);
        for (std::size_t const next : dependents_[place]) {
            if (unmet_[next].fetch_sub(1, std::memory_order_acq_rel) != 1) continue;
            unmet_[next].store(3, std::memory_order_relaxed);  // for the next round
            begin(next);
        }
        co_return;
    }
    void begin(std::size_t place) { asio::co_spawn(all_.context(), node(place), asio::detached); }

    std::vector<std::vector<std::size_t>> dependents_;
    std::vector<std::uint64_t> values_;
    std::unique_ptr<std::atomic<int>[]> unmet_;
    bench::crew all_;
};

class waiting {
public:
    waiting(std::size_t children, unsigned threads) : children_(children), all_(threads) {}

    std::uint64_t operator()() {
        asio::post(all_.context(), [this] {
            for (std::uint64_t i = 0; i < children_; ++i) asio::co_spawn(all_.context(), wait(i), asio::detached);
        });
        all_.run();
        return sum_.take();
    }

private:
    asio::awaitable<void> wait(std::uint64_t index) {
        asio::steady_timer timer(all_.context(), workload::wait);
        co_await timer.async_wait(asio::use_awaitable);
        sum_.add(workload::hash(index));
    }

    std::size_t children_;
    bench::crew all_;
    tally sum_;
};

bool const added =
    bench::add<fan_out<workload::hash>>(bench::fan_out, "co_spawn") &&
    bench::add<fan_out<workload::microsecond>>(bench::fan_out_work, "co_spawn") &&
    bench::add<nested>(bench::nested, "co_spawn") && bench::add<chain>(bench::static_chain, "co_spawn") &&
    bench::add<layers>(bench::static_layers, "co_spawn") && bench::add<waiting>(bench::waiting, "co_spawn") &&
    bench::add<fan_out<workload::hash>>(bench::small_run, "co_spawn");

}  // namespace
