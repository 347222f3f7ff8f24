// frond: a graph of functions, whose plan is made once and run on an io_context in each round.
#include "crew.hpp"
#include "frond_fan_out.hpp"
#include "series.hpp"
#include "workload.hpp"

#include <frond/asio.hpp>
#include <frond/frond.hpp>

#include <asio/bind_executor.hpp>
#include <asio/steady_timer.hpp>

#include <utility>

namespace {

using bench::number_of_children;
using bench::sum_of;

namespace flat {

using bench::fan_out_graph::child;

frond::async<std::uint64_t> coroutine(frond::in<child> index) { co_return workload::hash(*index); }
frond::async<std::uint64_t> sum_of_coroutines(frond::each<coroutine> values) { return sum_of(std::move(values)); }

std::uint64_t microsecond(frond::in<child> index) { return workload::microsecond(*index); }
frond::async<std::uint64_t> sum_of_work(frond::each<microsecond> values) { return sum_of(std::move(values)); }

frond::async<std::uint64_t> wait(frond::in<child> index) {
    asio::steady_timer timer(co_await frond::this_executor, workload::wait);
    co_await timer.async_wait(frond::use_async);
    co_return workload::hash(*index);
}
frond::async<std::uint64_t> sum_of_waits(frond::each<wait> values) { return sum_of(std::move(values)); }

}  // namespace flat

namespace deep {

frond::expander<std::uint64_t> parent(number_of_children count) {
    for (std::uint64_t i = 0; i < *count / workload::nested_width; ++i) co_yield i;
}

frond::expander<std::uint64_t> child(frond::in<parent> index) {
    std::uint64_t const first = *index * workload::nested_width;
    for (std::uint64_t i = first; i < first + workload::nested_width; ++i) co_yield i;
}

std::uint64_t hash(frond::in<child> index) { return workload::hash(*index); }
frond::async<std::uint64_t> sum_of_parent(frond::each<hash> values) { return sum_of(std::move(values)); }
frond::async<std::uint64_t> sum(frond::each<sum_of_parent> values) { return sum_of(std::move(values)); }

}  // namespace deep

/// A plan for one wanted node, run with a number of children.
template <auto Wanted>
class runs {
public:
    runs(std::size_t number, unsigned threads)
        : number_(number), all_(threads), plan_(frond::plan_for<Wanted>(frond::options().limit(most_waiting))) {}

    std::uint64_t operator()() {
        std::uint64_t sum = 0;
        plan_.async_run(frond::arg<"children">(number_),
                        asio::bind_executor(all_.context(), [&sum](frond::result<std::uint64_t> outcome) {
                            if (outcome) sum = outcome.value();
                        }));
        all_.run();
        return sum;
    }

private:
    static constexpr std::uint32_t most_waiting = 10'000;

    std::uint64_t number_;
    bench::crew all_;
    decltype(frond::plan_for<Wanted>(frond::options())) plan_;
};

bool const added = bench::add<runs<bench::fan_out_graph::sum>>(bench::fan_out, "frond") &&
                   bench::add<runs<flat::sum_of_coroutines>>(bench::fan_out, "frond_coroutine") &&
                   bench::add<runs<flat::sum_of_work>>(bench::fan_out_work, "frond") &&
                   bench::add<runs<deep::sum>>(bench::nested, "frond") &&
                   bench::add<runs<flat::sum_of_waits>>(bench::waiting, "frond") &&
                   bench::add<runs<bench::fan_out_graph::sum>>(bench::small_run, "frond");

}  // namespace
