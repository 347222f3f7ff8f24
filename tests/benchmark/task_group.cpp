// oneTBB's task_group: a task for each child and each node.
#include "crew.hpp"
#include "series.hpp"
#include "tbb_crew.hpp"
#include "workload.hpp"

#include <oneapi/tbb/task_group.h>
#include <asio/steady_timer.hpp>

#include <deque>
#include <memory>

namespace {

using workload::tally;

template <std::uint64_t (*Body)(std::uint64_t) noexcept>
class fan_out {
public:
    fan_out(std::size_t children, unsigned threads) : children_(children), all_(threads) {}

    std::uint64_t operator()() {
        all_.run([this] {
            tbb::task_group group;
            for (std::uint64_t i = 0; i < children_; ++i) {
                group.run([this, i] { sum_.add(Body(i)); });
            }
            group.wait();
        });
        return sum_.take();
    }

private:
    std::size_t children_;
    bench::tbb_crew all_;
    tally sum_;
};

/// Each body is a task, be it called a child or a node.
template <int Milliseconds>
class long_bodies {
public:
    long_bodies(std::size_t bodies, unsigned threads) : bodies_(bodies), all_(threads) {}

    std::uint64_t operator()() {
        all_.run([this] {
            tbb::task_group group;
            for (std::size_t i = 0; i < bodies_; ++i) {
                group.run([this] { sum_.add(workload::spin<Milliseconds>()); });
            }
            group.wait();
        });
        return sum_.take();
    }

private:
    std::size_t bodies_;
    bench::tbb_crew all_;
    tally sum_;
};

class nested {
public:
    nested(std::size_t children, unsigned threads) : outer_(children / workload::nested_width), all_(threads) {}

    std::uint64_t operator()() {
        all_.run([this] {
            tbb::task_group group;
            for (std::uint64_t i = 0; i < outer_; ++i) {
                group.run([this, i] { parent(i); });
            }
            group.wait();
        });
        return sum_.take();
    }

private:
    void parent(std::uint64_t index) {
        tbb::task_group group;
        std::uint64_t const first = index * workload::nested_width;
        for (std::uint64_t i = first; i < first + workload::nested_width; ++i) {
            group.run([this, i] { sum_.add(workload::hash(i)); });
        }
        group.wait();
    }

    std::size_t outer_;
    bench::tbb_crew all_;
    tally sum_;
};

class chain {
public:
    chain(std::size_t nodes, unsigned threads) : nodes_(nodes), all_(threads) {}

    std::uint64_t operator()() {
        value_ = 0;
        all_.run([this] {
            tbb::task_group group;
            begin(group, 0);
            group.wait();
        });
        return value_;
    }

private:
    void begin(tbb::task_group& group, std::size_t place) {
        group.run([this, &group, place] {
            value_ = workload::link(value_);
            if (place + 1 < nodes_) begin(group, place + 1);
        });
    }

    std::size_t nodes_;
    std::uint64_t value_ = 0;
    bench::tbb_crew all_;
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
        all_.run([this] {
            tbb::task_group group;
            for (std::size_t i = 0; i < workload::layers::width; ++i) begin(group, i);
            group.wait();
        });
        return workload::layers::sum_of_last(values_);
    }

private:
    void begin(tbb::task_group& group, std::size_t place) {
        group.run([this, &group, place] {
            values_[place] = workload::layers::value(values_, place);
            for (std::size_t const next : dependents_[place]) {
                if (unmet_[next].fetch_sub(1, std::memory_order_acq_rel) != 1) continue;
                unmet_[next].store(3, std::memory_order_relaxed);  // for the next round
                begin(group, next);
            }
        });
    }

    std::vector<std::vector<std::size_t>> dependents_;
    std::vector<std::uint64_t> values_;
    std::unique_ptr<std::atomic<int>[]> unmet_;
    bench::tbb_crew all_;
};

/// oneTBB has no timers: the caller's thread runs Asio's, and each hands its child's body over.
class waiting {
public:
    waiting(std::size_t children, unsigned threads) : children_(children), timers_(1), all_(threads) {}

    std::uint64_t operator()() {
        all_.run([this] {
            tbb::task_group group;
            std::deque<asio::steady_timer> waits;
            for (std::uint64_t i = 0; i < children_; ++i) {
                waits.emplace_back(timers_.context(), workload::wait);
                waits.back().async_wait(
                    [this, &group, i](std::error_code) { group.run([this, i] { sum_.add(workload::hash(i)); }); });
            }
            timers_.run();
            group.wait();
        });
        return sum_.take();
    }

private:
    std::size_t children_;
    bench::crew timers_;
    bench::tbb_crew all_;
    tally sum_;
};

bool const added =
    bench::add<fan_out<workload::hash>>(bench::fan_out, "task_group") &&
    bench::add<fan_out<workload::microsecond>>(bench::fan_out_work, "task_group") &&
    bench::add<nested>(bench::nested, "task_group") && bench::add<chain>(bench::static_chain, "task_group") &&
    bench::add<layers>(bench::static_layers, "task_group") && bench::add<waiting>(bench::waiting, "task_group") &&
    bench::add<long_bodies<1>>(bench::long_bodies, "task_group_1ms", {2}) &&
    bench::add<long_bodies<20>>(bench::long_bodies, "task_group_20ms", {2}) &&
    bench::add<fan_out<workload::hash>>(bench::small_run, "task_group");

}  // namespace
