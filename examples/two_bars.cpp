// Two levels of progress at once: a bar of task groups, and a bar of the parallel tasks of each expansion.
#include <frond/asio.hpp>
#include <frond/frond.hpp>

#include <fmt/format.h>

#include <chrono>
#include <cstdint>
#include <iostream>
#include <map>
#include <numeric>
#include <string>

using namespace std::chrono_literals;

/// No base class: it is a hook by the methods it has.
class two_bars {
public:
    void after_grouping(frond::run_event const& e) {
        for (auto const& group : e.plan->specs) groups_.total += group.scope == 0;
    }
    void after_expansion(frond::expansion_event const& e) { tasks_[e.expander.to_string()].total = e.total; }
    void after_task(frond::task_event const& e) {
        ++(e.index() ? tasks_[e.spawning_task()->to_string()] : groups_).done;
        std::cerr << '\r' << groups_.text("task groups");
        for (auto const& [expander, tasks] : tasks_) std::cerr << "  " << tasks.text(expander);
    }
    void after_run(frond::run_event const&) { std::cerr << '\n'; }

private:
    struct level {
        std::string text(std::string const& name) const {
            std::string const filled(total == 0 ? 0 : 10 * done / total, '#');
            return fmt::format("{} [{:.<10}] {}/{}", name, filled, done, total == 0 ? "?" : std::to_string(total));
        }
        std::uint64_t done = 0, total = 0;  // a total that is not known is 0
    };
    level groups_;
    std::map<std::string, level> tasks_;
};

frond::expander<int> three() {
    for (int i = 1; i <= 3; ++i) co_yield i;
}

frond::expander<int> seven() {
    for (int i = 1; i <= 7; ++i) co_yield i;
}

/// Work that takes its time and no thread.
frond::async<void> wait_for(std::chrono::milliseconds time) {
    auto const here = co_await frond::this_executor;
    frond::net::steady_timer timer(here, time);
    co_await timer.async_wait(frond::use_async);
}

frond::async<int> square(frond::in<three> n) {
    int const product = *n * *n;
    co_await wait_for(*n * 200ms);
    co_return product;
}

frond::async<int> cube(frond::in<seven> n) {
    int const product = *n * *n * *n;
    co_await wait_for(*n * 100ms);
    co_return product;
}

int squares(frond::all<square> of) { return std::accumulate(of.begin(), of.end(), 0); }

int cubes(frond::all<cube> of) { return std::accumulate(of.begin(), of.end(), 0); }

int sum(frond::in<squares> a, frond::in<cubes> b) { return *a + *b; }

int main() {
    two_bars bars;
    auto const result = frond::run_blocking<sum>(bars);
    if (!result) {
        std::cerr << result.error().to_string() << '\n';
        return 1;
    }
    std::cout << result.value() << '\n';
}
