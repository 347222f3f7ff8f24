// Lanes that are invited to an expansion: the children of one expansion run on all threads of its executor.
#include "seeds.hpp"

#include "frond/graph/graph_builder.hpp"
#include "frond/run/run.hpp"
#include "frond/run/this_task.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <thread>
#include <utility>
#include <vector>

#include "../catch.hpp"

namespace frond::simulation {

using namespace std::chrono_literals;

namespace {

/// Children that each compute for a while.
class computing_run final : public run_completion {
public:
    computing_run(simulator& world, executor& on, std::uint64_t children, duration each = 1ms)
        : world_(world), on_(on), children_(children), each_(each), calls_(children) {}

    /// May be played again: what the first run learnt of its bodies the next one knows.
    void play() {
        if (plan_ == nullptr) plan_ = planned();
        std::fill(calls_.begin(), calls_.end(), 0U);
        most_at_once_ = 0;
        over_ = false;
        handle_ = prepare_run(plan_, {}).value();
        run_start start;
        start.on = &on_;
        start.time = &world_;
        start.completion = this;
        begin(handle_, std::move(start));
        world_.run_until([this] { return over_; });
        world_.run_out();
        world_.expect(sum_ == children_ * (children_ - 1) / 2, "the result is that of one thread");
        world_.expect(std::all_of(calls_.begin(), calls_.end(), [](unsigned calls) { return calls == 1; }),
                      "each child runs once");
    }

    std::size_t most_at_once() const noexcept { return most_at_once_; }
    std::size_t threads() const noexcept { return threads_.size(); }

private:
    std::shared_ptr<plan const> planned() {
        graph_builder builder;
        builder
            .add("number",
                 [this]() -> expander<std::uint64_t> {
                     for (std::uint64_t i = 0; i < children_; ++i) co_yield i;
                 })
            .add("same", [this](value<std::uint64_t> number) { return compute(*number); }, {"number"})
            .add("sum",
                 [](stream<std::uint64_t> numbers) -> async<std::uint64_t> {
                     std::uint64_t sum = 0;
                     while (auto next = co_await numbers.next()) sum += *next;
                     co_return sum;
                 },
                 {"same"});
        plan_options options;
        options.wanted = {"sum"};
        return plan::make(std::move(builder).build().value(), std::move(options)).value();
    }
    std::uint64_t compute(std::uint64_t number) {
        world_.expect(this_task::index() == number, "a child has its own index on whatever thread");
        ++calls_.at(number);
        threads_.insert(on_.this_thread());
        most_at_once_ = std::max(most_at_once_, ++inside_);
        world_.compute(each_);
        --inside_;
        world_.expect(this_task::index() == number, "and keeps it while other children run");
        return number;
    }
    void complete(run_outcome& outcome) noexcept override {
        if (!outcome.failure) sum_ = *static_cast<std::uint64_t*>(outcome.outputs[0]);
        over_ = true;
        handle_ = run_handle();
    }

    simulator& world_;
    executor& on_;
    std::uint64_t const children_;
    duration const each_;
    std::vector<unsigned> calls_;  // by child
    std::set<void const*> threads_;
    std::size_t inside_ = 0;
    std::size_t most_at_once_ = 0;
    std::shared_ptr<plan const> plan_;
    run_handle handle_;
    std::optional<std::uint64_t> sum_;
    bool over_ = false;
};

}  // namespace

TEST_CASE("children that compute run on every thread of their executor") {
    for_each_seed(3'000, [](simulator& world) {
        world.only_waits_take_time();
        auto const threads = static_cast<unsigned>(world.random().between(1, 4));
        computing_run run(world, world.add_executor(threads), world.random().between(20, 60));
        run.play();
        world.expect(run.most_at_once() == threads, "as many children compute at once as there are threads");
        world.expect(run.threads() == threads, "each on a thread of its own");
    });
}

TEST_CASE("children that compute run on every thread of an executor that does not say how many it has") {
    for_each_seed(1'000, [](simulator& world) {
        world.only_waits_take_time();
        auto const threads = static_cast<unsigned>(world.random().between(1, 4));
        computing_run run(world, world.add_silent_executor(threads), world.random().between(20, 60));
        run.play();
        world.expect(run.most_at_once() == threads, "as many children compute at once as there are threads");
    });
}

TEST_CASE("children that are known to compute for a short while run on several threads") {
    // An executor that does not say how many threads it has is taken for one of as many as there are processors.
    bool const several = std::thread::hardware_concurrency() > 1;
    for_each_seed(500, [several](simulator& world) {
        world.only_waits_take_time();
        auto const threads = static_cast<unsigned>(world.random().between(2, 4));
        bool const says = !several || world.random().percent(50);
        computing_run run(world, says ? world.add_executor(threads) : world.add_silent_executor(threads), 100, 5us);
        run.play();
        run.play();
        world.expect(run.most_at_once() > 1, "children compute on several threads at once");
    });
}

TEST_CASE("children that compute run once and with their own index, whatever the threads and the schedule") {
    for_each_seed(3'000, [](simulator& world) {
        computing_run run(world, world.on(), world.random().between(1, 60));
        run.play();
    });
}

}  // namespace frond::simulation
