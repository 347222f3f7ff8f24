// Hooks that take part: they wrap tasks and nodes, in every schedule; and nodes that are tried again.
#include "run_of_plan.hpp"
#include "seeds.hpp"
#include "watched_run.hpp"

#include "frond/run/interceptor.hpp"
#include "frond/run/this_task.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "../catch.hpp"

namespace frond::simulation {

using namespace std::chrono_literals;

namespace {

void retry_same(plan_options& options) { options.retries["same"] = {3, 10ms}; }

void finish(simulator& world, watched_run& run, std::vector<any_hook> const& hooks) {
    run.begin(hooks);
    world.run_until([&] { return run.over(); });
    world.run_out();
}

}  // namespace

TEST_CASE("interceptors wrap each task and node once, the first one outermost, and may take their time") {
    struct wrapping {
        simulator& world;
        wrapping* outer;
        async<void> around_task(task_call& call) {
            std::string const id = call.event().id.to_string();
            world.expect(outer == nullptr || outer->tasks.count(id) == 1, "the first one is outermost");
            world.expect(tasks.insert(id).second && call.state() == task_state::running, "a task is wrapped once");
            if (world.random().percent(30)) co_await world.sleep(1ms);
            co_await call.next();
            world.expect(call.state() == task_state::succeeded, "the end of a task is seen");
            if (world.random().percent(30)) co_await world.yield();
            tasks.erase(id);
            ++ended;
        }
        async<void> around_node(node_call& call) {
            if (call.event().name() == "number") {
                if (world.random().percent(30)) co_await world.sleep(1ms);
                co_await call.next();
                world.expect(call.failure() == nullptr, "the expander has come to its end");
                if (world.random().percent(30)) co_await world.yield();
                ++expanders;
                co_return;
            }
            world.expect(tasks.count(call.event().task.to_string()) == 1, "nodes are wrapped inside their task");
            if (world.random().percent(30)) co_await world.sleep(1ms);
            co_await call.next();
            world.expect(call.failure() == nullptr, "the node has a value");
            if (call.event().name() == "same")
                world.expect(call.value<std::uint64_t>() == *call.event().task.index, "the value is the node's");
            ++nodes;
        }
        std::set<std::string> tasks{};
        std::uint64_t ended = 0;
        std::uint64_t nodes = 0;
        std::uint64_t expanders = 0;
    };
    play(24h, [](simulator& world, watched_run& run) {
        wrapping outer{world, nullptr};
        wrapping inner{world, &outer};
        finish(world, run, {any_hook(outer), any_hook(inner)});
        world.expect(!run.failure() && run.sum() == run.right_sum(), "the result is what it is without them");
        world.expect(outer.ended == run.children() + 1 && inner.ended == outer.ended,
                     "every task but the expander's is wrapped");
        world.expect(outer.nodes == run.children() + 1 && inner.nodes == outer.nodes, "every node of these is wrapped");
        world.expect(outer.expanders == 1 && inner.expanders == 1, "the expander is wrapped");
    });
}

TEST_CASE("an interceptor may answer for a node, change its value, or put one in the place of a failure") {
    struct changing {
        simulator& world;
        async<void> around_node(node_call& call) {
            if (call.event().name() != "same") {
                co_await call.next();
                co_return;
            }
            std::uint64_t const index = *call.event().task.index;
            if (index % 3 == 0) {
                call.answer(index);
                if (world.random().percent(30)) co_await world.yield();
                co_return;
            }
            co_await call.next();
            if (index % 3 == 1) {
                world.expect(call.failure() != nullptr && call.failure()->message() == "one", "the failure is seen");
                call.answer(index);
            } else {
                call.value<std::uint64_t>() -= 100;
            }
        }
    };
    play(24h, [](simulator& world, watched_run& run) {
        run.body = [&](std::uint64_t number) -> async<std::uint64_t> {
            world.expect(number % 3 != 0, "what is answered does not run");
            if (number % 3 == 1) throw std::runtime_error("one");
            co_return number + 100;
        };
        changing hook{world};
        finish(world, run, {any_hook(hook)});
        world.expect(!run.failure() && run.sum() == run.right_sum(), "the values are those of the interceptor");
    });
}

TEST_CASE("a task holds its slot until the interceptors around it have done") {
    struct counting {
        simulator& world;
        async<void> around_task(task_call& call) {
            bool const limited = call.event().purpose == purpose::execute_block;
            if (limited) world.expect(++inside <= 2, "no more tasks have begun and not ended than the limit");
            if (world.random().percent(30)) co_await world.sleep(1ms);
            co_await call.next();
            if (world.random().percent(50)) co_await world.sleep(1ms);
            if (limited) --inside;
        }
        unsigned inside = 0;
    };
    for_each_seed(2'000, [](simulator& world) {
        // The children of each expansion alone are held back by another limit.
        graph_builder builder;
        for (std::string const of : {"a", "b", "c"}) {
            builder
                .add("number " + of,
                     []() -> expander<std::uint64_t> {
                         for (std::uint64_t i = 0; i < 10; ++i) co_yield i;
                     })
                .add("same " + of,
                     [&](value<std::uint64_t> number) -> async<std::uint64_t> {
                         std::uint64_t const same = *number;
                         if (world.random().percent(70)) co_await world.sleep(1ms);
                         co_return same;
                     },
                     {"number " + of})
                .add("count " + of, [](list<std::uint64_t> all) { return std::uint64_t{all.size()}; }, {"same " + of});
        }
        builder.add("count",
                    [](value<std::uint64_t> a, value<std::uint64_t> b, value<std::uint64_t> c) { return *a + *b + *c; },
                    {"count a", "count b", "count c"});
        plan_options options;
        options.limit = 2;
        options.grace = 24h;
        counting hook{world};
        std::vector<any_hook> const hooks{any_hook(hook)};
        run_of_plan(world, world.on(), plan_of(builder, "count", std::move(options)), hooks).finish();
        world.run_out();
        world.expect(hook.inside == 0, "every task has ended");
    });
}

TEST_CASE("what an interceptor throws, refuses or forgets fails the node or the task, and the run says so") {
    struct refusing {
        simulator& world;
        unsigned how;
        async<void> around_task(task_call& call) {
            bool const mine = call.event().index() == 3;
            if (world.random().percent(20)) co_await world.yield();
            if (mine && how == 0) throw std::runtime_error("refused");
            if (mine && how == 1) {
                call.fail(error(errc::node_failed, "refused"));
                co_return;
            }
            if (mine && how == 2) co_return;
            co_await call.next();
        }
        async<void> around_node(node_call& call) {
            bool const mine = call.event().task.index == 3;
            if (mine && how == 3) throw std::runtime_error("refused");
            if (mine && how == 4) {
                call.fail(error(errc::node_failed, "refused"));
                co_return;
            }
            if (mine && how == 5) co_return;
            co_await call.next();
            if (mine && how == 6) call.fail(error(errc::node_failed, "refused"));
            if (mine && how == 7) call.answer(std::string("of another type"));
        }
    };
    play(24h, [](simulator& world, watched_run& run) {
        refusing hook{world, static_cast<unsigned>(world.random().below(8))};
        finish(world, run, {any_hook(hook)});
        if (run.children() <= 3) {
            world.expect(!run.failure(), "nothing is refused");
            return;
        }
        world.expect(run.failure().has_value() && !run.failure()->is_canceled(), "the run fails");
        if (!run.failure()) return;
        world.expect(run.failure()->task() == "expand-number.3.block-number", "and says where");
        bool const forgets = hook.how == 2 || hook.how == 5;
        bool const other = hook.how == 7;
        std::string const what(run.failure()->message());
        world.expect(forgets ? what.find("neither called next()") != std::string::npos
                     : other ? what.find("another type") != std::string::npos ||
                                   what.find("answers for same with a") != std::string::npos
                             : what == "refused",
                     "and why");
    });
}

TEST_CASE("interceptors and a cancellation at any moment") {
    struct wrapping {
        simulator& world;
        async<void> around_task(task_call& call) {
            if (world.random().percent(30)) co_await world.sleep(1ms);
            co_await call.next();
            if (world.random().percent(30)) co_await world.sleep(1ms);
        }
        async<void> around_node(node_call& call) {
            if (world.random().percent(30)) co_await world.sleep(1ms);
            co_await call.next();
        }
    };
    play(24h, [](simulator& world, watched_run& run) {
        wrapping hook{world};
        run.begin({any_hook(hook)});
        world.at_some_moment([&] { run.cancel(); });
        world.run_until([&] { return run.over(); });
        world.run_out();
        world.expect(!run.failure() || run.failure()->is_canceled(), "the run is cancelled, or was over");
        world.expect(run.failure() || run.sum() == run.right_sum(), "a result is the right one");
    });
}

TEST_CASE("a node that fails is tried again, after a delay that doubles, and its failure counts when none is left") {
    struct watching {
        simulator& world;
        void before_node(node_event const& event) {
            if (event.name() != "same") return;
            auto& last = attempts[*event.task.index];
            world.expect(event.attempt == last + 1, "attempts are counted");
            last = event.attempt;
            auto const due = earliest.find(*event.task.index);
            world.expect(due == earliest.end() || event.time >= due->second, "an attempt waits for its delay");
        }
        void on_retry(retry_event const& event) {
            world.expect(event.delay == 10ms * (1 << (event.attempt - 1)), "the delay doubles");
            world.expect(event.failure.message() == "again", "a retry says why");
            earliest[*event.task.index] = event.time + event.delay;
            ++retries;
        }
        void after_task(task_event const& event) {
            if (event.index()) ++tasks;
        }
        std::map<std::uint64_t, std::uint32_t> attempts{};
        std::map<std::uint64_t, time_point> earliest{};
        std::uint64_t retries = 0;
        std::uint64_t tasks = 0;
    };
    play(
        24h,
        [](simulator& world, watched_run& run) {
            // A number's remainder says how often it fails.
            std::map<std::uint64_t, std::uint64_t> calls;
            bool const one_too_many = world.random().percent(30);
            run.body = [&](std::uint64_t number) -> async<std::uint64_t> {
                std::uint64_t const call = ++calls[number];
                world.expect(this_task::attempt() == call, "a body knows its attempt");
                if (world.random().percent(30)) co_await world.yield();
                if (call <= number % 3 || (one_too_many && number == 7)) throw std::runtime_error("again");
                co_return number;
            };
            watching hook{world};
            finish(world, run, {any_hook(hook)});
            bool const fails = one_too_many && run.children() > 7;
            world.expect(run.failure().has_value() == fails, "the last failure is the node's");
            world.expect(hook.retries == run.report.retries, "retries are counted");
            if (fails) {
                world.expect(run.failure()->node() == "same" && calls[7] == 3, "after all attempts");
                return;
            }
            world.expect(run.sum() == run.right_sum(), "the values are those of the last attempts");
            world.expect(hook.tasks == run.children(), "a task ends once, however often it was tried");
            for (auto const& [number, count] : calls)
                world.expect(count == number % 3 + 1, "no more is tried than is needed");
        },
        retry_same);
}

TEST_CASE("a cancellation ends the wait for another attempt") {
    play(
        24h,
        [](simulator& world, watched_run& run) {
            run.body = [](std::uint64_t number) -> async<std::uint64_t> {
                if (number % 2 == 0) throw std::runtime_error("again");
                co_return number;
            };
            std::optional<time_point> cancelled;
            run.begin({});
            world.at_some_moment([&] {
                cancelled = world.now();
                run.cancel();
            });
            world.run_until([&] { return run.over(); });
            world.run_out();
            bool const over_before = !cancelled || run.over_at() < *cancelled;
            world.expect(over_before || run.over_at() - *cancelled < 12h, "nothing waits for the delay");
        },
        [](plan_options& options) { options.retries["same"] = {2, 24h}; });
}

TEST_CASE("a body knows its task and tells how far it is") {
    struct listening {
        simulator& world;
        void before_task(task_event const& event) { open.insert(event.id.to_string()); }
        void on_progress(progress_event const& event) {
            world.expect(open.count(event.task.to_string()) == 1, "a body tells while its task lasts");
            world.expect(event.of == 2 && event.done <= 2, "what was told");
            ++told;
        }
        void after_task(task_event const& event) { open.erase(event.id.to_string()); }
        std::set<std::string> open{};
        std::uint64_t told = 0;
    };
    play(24h, [](simulator& world, watched_run& run) {
        run.body = [&](std::uint64_t number) -> async<std::uint64_t> {
            for (int i = 0; i <= 2; ++i) {
                world.expect(this_task::index() == number, "a body knows its index, on whatever thread");
                auto const id = this_task::id();
                world.expect(id.to_string() == "expand-number." + std::to_string(number) + ".block-number",
                             "and its id");
                world.expect(!this_task::total() || *this_task::total() == run.children(), "and the total, once known");
                co_await this_task::progress(i, 2);
                if (world.random().percent(30)) co_await world.yield();
            }
            co_return number;
        };
        listening hook{world};
        run.play(any_hook(hook));
        world.expect(hook.told == 3 * run.children(), "everything is told");
        world.expect(this_task::id().plan == nullptr && !this_task::index(), "outside there is no task");
    });
}

}  // namespace frond::simulation
