// Whole runs on real threads, for ThreadSanitizer to look at: what lanes, collectors and observers share.
#include "run_on.hpp"

#include "../catch.hpp"

#include <atomic>
#include <memory>
#include <stdexcept>
#include <thread>
#include <vector>

using namespace frond;
using number = std::uint64_t;

namespace {

constexpr number many = 100'000;

number hash(number n) { return n * 0x9e3779b97f4a7c15 ^ n >> 7; }

number sum_of_hashes(number count) {
    number sum = 0;
    for (number i = 0; i < count; ++i) sum += hash(i);
    return sum;
}

expander<number> count_to(number end) {
    for (number i = 0; i < end; ++i) co_yield i;
}

async<number> sum_of(stream<number> values) {
    number sum = 0;
    while (auto next = co_await values.next()) sum += *next;
    co_return sum;
}

async<number> hash_elsewhere(number n) {
    if (n % 8 == 0) {
        stress::handed_over elsewhere;
        co_await elsewhere;
    }
    co_return hash(n);
}

graph_builder fan_out(number count) {
    graph_builder made;
    made.add("each", [count] { return count_to(count); });
    made.add("hash", [](value<number> n) { return hash(*n); }, {"each"});
    made.add("sum", sum_of, {"hash"});
    return made;
}

graph_builder fan_out_suspending(number count) {
    graph_builder made;
    made.add("each", [count] { return count_to(count); });
    made.add("hash", [](value<number> n) { return hash_elsewhere(*n); }, {"each"});
    made.add("sum", sum_of, {"hash"});
    return made;
}

graph_builder nested(number outer, number inner) {
    graph_builder made;
    made.add("row", [outer] { return count_to(outer); });
    made.add("cell", [inner](value<number>) { return count_to(inner); }, {"row"});
    made.add("hash", [](value<number> n, value<number> row) { return hash_elsewhere(*n + *row); }, {"cell", "row"});
    made.add("row_sum", sum_of, {"hash"});
    made.add("sum", sum_of, {"row_sum"});
    return made;
}

class counting_observer {
public:
    void before_task(task_event const&) { ++before; }
    void after_task(task_event const&) { ++after; }
    void on_yield(yield_event const&) { ++yields; }
    void after_run(run_event const& told) { dropped = told.events_dropped; }
    observer_policy policy() const { return every(1U << 22); }

    number before = 0;
    number after = 0;
    number yields = 0;
    number dropped = 0;
};

void check_accounts(progress const& last) {
    for (auto const& spec : last.specs) {
        REQUIRE(spec.tasks.running == 0);
        REQUIRE(spec.tasks.yielded == spec.tasks.ended());
    }
    for (auto const& each : last.expansions) REQUIRE(each.children.yielded == each.children.ended());
}

}  // namespace

TEST_CASE("a fan-out has the same sum on any number of threads") {
    for (unsigned const threads : {1U, 2U, 4U}) {
        for (bool const suspending : {false, true}) {
            auto const planned = stress::plan_of(suspending ? fan_out_suspending(many) : fan_out(many), "sum");
            stress::crew crew(threads);
            stress::ending end;
            crew.begin(planned, end);
            end.wait();
            REQUIRE_FALSE(end.failure);
            REQUIRE(end.value == sum_of_hashes(many));
            check_accounts(end.progress);
        }
    }
}

TEST_CASE("a list is in the order of expansion, whichever thread its elements came from") {
    graph_builder made;
    made.add("each", [] { return count_to(many); });
    made.add("same",
             [](value<number> n) -> async<number> {
                 co_await hash_elsewhere(*n);
                 co_return *n;
             },
             {"each"});
    made.add("ordered",
             [](list<number> values) {
                 number at = 0;
                 for (number const each : values) at += each == at ? 1 : 0;
                 return at;
             },
             {"same"});
    auto const planned = stress::plan_of(std::move(made), "ordered");
    stress::crew crew(4);
    stress::ending end;
    crew.begin(planned, end);
    end.wait();
    REQUIRE(end.value == many);
}

TEST_CASE("nested expansions give their sum under any limit") {
    constexpr number rows = 300;
    constexpr number cells = 300;
    number expected = 0;
    for (number row = 0; row < rows; ++row) {
        for (number cell = 0; cell < cells; ++cell) expected += hash(row + cell);
    }
    for (std::uint32_t const limit : {1U, 3U, 256U}) {
        auto const planned = stress::plan_of(nested(rows, cells), "sum", limit);
        stress::crew crew(3);
        stress::ending end;
        crew.begin(planned, end);
        end.wait();
        REQUIRE_FALSE(end.failure);
        REQUIRE(end.value == expected);
        check_accounts(end.progress);
    }
}

TEST_CASE("an observer is told of every task, whichever thread it ran on") {
    constexpr number children = 20'000;
    auto const planned = stress::plan_of(fan_out_suspending(children), "sum");
    stress::crew crew(2);
    stress::ending end;
    counting_observer seen;
    std::vector<any_hook> const hooks{any_hook(seen)};
    crew.begin(planned, end, hooks);
    end.wait();
    REQUIRE_FALSE(end.failure);
    REQUIRE(seen.dropped == 0);
    REQUIRE(seen.yields == children);
    REQUIRE(seen.before == children + 2);
    REQUIRE(seen.after == children + 2);
}

TEST_CASE("an observer that is busy while the children run is told how many events it has missed") {
    constexpr number children = 50'000;
    for (std::uint32_t const bound : {1U, 64U, 4096U}) {
        std::atomic<number> ran{0};
        graph_builder made;
        made.add("each", [] { return count_to(children); });
        made.add("hash",
                 [&ran](value<number> n) {
                     ++ran;
                     return hash(*n);
                 },
                 {"each"});
        made.add("sum", sum_of, {"hash"});
        auto const planned = stress::plan_of(std::move(made), "sum");

        struct busy_observer : counting_observer {
            busy_observer(std::atomic<number>& counter, std::uint32_t most) : ran(counter), most_waiting(most) {}
            void before_task(task_event const& event) {
                while (ran < children) std::this_thread::yield();
                counting_observer::before_task(event);
            }
            observer_policy policy() const { return every(most_waiting); }
            std::atomic<number>& ran;
            std::uint32_t most_waiting;
        } seen(ran, bound);
        std::vector<any_hook> const hooks{any_hook(seen)};
        stress::crew crew(4);
        stress::ending end;
        crew.begin(planned, end, hooks);
        end.wait();
        REQUIRE_FALSE(end.failure);
        REQUIRE(seen.yields + seen.before + seen.after + seen.dropped == children + 2 * (children + 2));
        REQUIRE(seen.dropped > 0);
    }
}

TEST_CASE("a child that fails on any thread ends the run, once, with everything accounted for") {
    for (number const at : {number{0}, number{17}, many / 2, many - 1}) {
        graph_builder made;
        made.add("each", [] { return count_to(many); });
        made.add("hash",
                 [at](value<number> n) -> async<number> {
                     if (*n == at) throw std::runtime_error("this one");
                     return hash_elsewhere(*n);
                 },
                 {"each"});
        made.add("sum", sum_of, {"hash"});
        auto const planned = stress::plan_of(std::move(made), "sum");
        stress::crew crew(4);
        stress::ending end;
        crew.begin(planned, end);
        end.wait();
        REQUIRE(end.failure);
        REQUIRE(end.failure->node() == "hash");
        REQUIRE(end.failure->message() == "this one");
        check_accounts(end.progress);
    }
}

TEST_CASE("a run cancelled from a foreign thread ends, once, with everything accounted for") {
    for (unsigned round = 0; round < 100; ++round) {
        auto const planned = stress::plan_of(nested(200, 50), "sum");
        stress::crew crew(2);
        stress::ending end;
        auto const run = crew.begin(planned, end);
        std::thread foreign([&run, round] {
            // Later in each round, until some come too late.
            number done = 0;
            while (done < round * 150) {
                auto const now = run.progress();
                if (now.ended) break;
                done = now.expansions.back().children.ended();
            }
            run.cancel();
        });
        end.wait();
        foreign.join();
        REQUIRE(end.times == 1);
        REQUIRE((!end.failure || end.failure->is_canceled()));
        check_accounts(end.progress);
    }
}

TEST_CASE("runs of one plan do not touch each other") {
    auto const planned = stress::plan_of(fan_out_suspending(many / 10), "sum");
    stress::crew crew(4);
    std::vector<std::unique_ptr<stress::ending>> ends;
    std::vector<run_handle> runs;
    for (int i = 0; i < 16; ++i) {
        ends.push_back(std::make_unique<stress::ending>());
        runs.push_back(crew.begin(planned, *ends.back()));
    }
    runs[3].cancel();
    for (std::size_t i = 0; i < ends.size(); ++i) {
        ends[i]->wait();
        if (i == 3) continue;
        REQUIRE_FALSE(ends[i]->failure);
        REQUIRE(ends[i]->value == sum_of_hashes(many / 10));
    }
}
