// Expanders inside interceptors, and tried again, in every schedule: each comes to its end once, however the run ends.
#include "run_of_plan.hpp"
#include "seeds.hpp"

#include "frond/run/interceptor.hpp"
#include "frond/run/this_task.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "../catch.hpp"

namespace frond::simulation {

using namespace std::chrono_literals;

namespace {

/// One thing while it lives.
struct counted {
    explicit counted(std::uint64_t& how_many) noexcept : of(how_many) { ++of; }
    counted(counted const&) = delete;
    counted& operator=(counted const&) = delete;
    ~counted() { --of; }
    std::uint64_t& of;
};

/// An interceptor that takes its time around the expander.
struct around {
    explicit around(simulator& in) noexcept : world(in) {}
    simulator& world;
    async<void> around_node(node_call& call) {
        if (call.event().name() != "number") {
            co_await call.next();
            co_return;
        }
        counted const here(inside);
        ++begun;
        if (world.random().percent(30)) co_await world.sleep(1ms);
        if (world.random().percent(20)) co_await world.yield();
        co_await call.next();
        if (call.failure() == nullptr) ++whole;
        if (world.random().percent(30)) co_await world.sleep(1ms);
    }
    void after_task(task_event const& event) {
        if (event.purpose == purpose::expand) ends.push_back(event.state);
    }
    std::uint64_t inside = 0;
    std::uint64_t begun = 0;
    std::uint64_t whole = 0;
    std::vector<task_state> ends{};
};

/// Numbers from an expander whose first attempts fail. Its collector may leave early.
class numbers final : public run_completion {
public:
    numbers(simulator& in, bool own_executor)
        : world(in),
          failures(in.random().between(0, 3)),
          children(in.random().between(0, 100)),
          wanted(in.random().percent(70) ? 1'000 : in.random().between(0, 20)) {
        graph_builder builder;
        builder.add("number", [this] { return number(); });
        builder.add("same", [this](value<std::uint64_t> n) { return same(*n); }, {"number"});
        builder.add("sum", [this](stream<std::uint64_t> of) { return sum(std::move(of)); }, {"same"});
        plan_options options;
        options.retries["number"] = {3, 1ms};
        options.grace = 24h;
        if (own_executor) {
            executor& other = world.add_executor(static_cast<unsigned>(world.random().between(1, 2)));
            options.executors["number"] = std::shared_ptr<executor>(std::shared_ptr<void>(), &other);
        }
        handle_ = prepare_run(plan_of(builder, "sum", std::move(options)), {}).value();
    }

    void begin(std::vector<any_hook> const& hooks) { begin_in(world, handle_, *this, hooks); }
    void cancel() { handle_.cancel(); }
    void finish() {
        world.run_until([this] { return over; });
        world.run_out();
    }

    simulator& world;
    std::uint64_t const failures;  // of the expander, before its first child
    std::uint64_t const children;
    std::uint64_t const wanted;
    std::uint64_t attempts = 0;
    std::uint64_t open = 0;  // attempts whose frame is there
    std::uint64_t yielded = 0;
    std::optional<std::uint64_t> made{};
    std::optional<error> failure{};
    bool at_its_end = false;  // the expander
    bool over = false;

private:
    expander<std::uint64_t> number() {
        world.expect(open == 0 && yielded == 0, "one attempt comes after the other, and none when there are children");
        counted const here(open);
        world.expect(this_task::attempt() == ++attempts, "a body knows its attempt");
        world.expect(!this_task::cancelled(), "no attempt begins once the run is cancelled");
        if (world.random().percent(30)) co_await world.yield();
        if (attempts <= failures) throw std::runtime_error("not yet");
        for (std::uint64_t i = 0; i < children; ++i) {
            if (world.random().percent(10)) co_await world.yield();
            if (world.random().percent(5)) co_await world.sleep(1ms);
            ++yielded;
            co_yield i;
        }
        at_its_end = true;
    }
    async<std::uint64_t> same(std::uint64_t number) {
        if (world.random().percent(20)) co_await world.sleep(1ms);
        co_return number;
    }
    async<std::uint64_t> sum(stream<std::uint64_t> of) {
        std::uint64_t all = 0;
        for (std::uint64_t read = 0; read < wanted; ++read) {
            auto const next = co_await of.next();
            if (!next) break;
            all += *next;
        }
        co_return all;
    }
    void complete(run_outcome& outcome) noexcept override {
        world.expect(!over, "a run completes once");
        world.expect(open == 0, "the expander is gone when its run is over");
        failure = outcome.failure;
        if (!failure) made = *static_cast<std::uint64_t*>(outcome.outputs[0]);
        over = true;
        handle_ = run_handle();
    }

    run_handle handle_;
};

void check_whole(simulator& world, around const& outer, around const& inner, numbers const& run) {
    world.expect(outer.inside == 0 && inner.inside == 0, "interceptors have ended when their run is over");
    world.expect(outer.ends.size() <= 1, "an expander's task ends once");
    world.expect(outer.begun >= inner.begun && inner.begun >= run.attempts, "interceptors are around each attempt");
    world.expect(run.attempts <= 3, "there are no more attempts than the plan allows");
    if (run.wanted > run.children) {
        world.expect(run.at_its_end || outer.whole + inner.whole == 0,
                     "an expander that was cut short has not come to its end");
    }
}

void play(bool cancels) {
    for_each_seed(10'000, [&](simulator& world) {
        around outer(world), inner(world);
        numbers run(world, world.random().percent(40));
        run.begin({any_hook(outer), any_hook(inner)});
        if (cancels) world.at_some_moment([&] { run.cancel(); });
        run.finish();
        check_whole(world, outer, inner, run);
        if (run.failure && run.failure->is_canceled()) {
            world.expect(cancels, "a run is cancelled by its owner alone");
        } else if (run.failures == 3 && run.failure) {
            world.expect(run.failure->message() == "not yet" && run.failure->node() == "number",
                         "the last attempt's failure is the expander's");
            world.expect(run.attempts == 3 && outer.ends.at(0) == task_state::failed, "after all attempts");
        } else {
            world.expect(!run.failure, "an expander that is tried often enough has its children");
            world.expect(run.wanted == 0 || run.attempts == run.failures + 1, "no more is tried than is needed");
            if (run.wanted > run.children) {
                std::uint64_t const right = run.children == 0 ? 0 : run.children * (run.children - 1) / 2;
                world.expect(run.made == right, "each child comes once");
                world.expect(outer.whole == 1 && inner.whole == 1 && outer.ends.at(0) == task_state::succeeded,
                             "interceptors see the end of the expander");
            }
        }
    });
}

}  // namespace

TEST_CASE("an expander inside interceptors is tried again until it has children, each of which comes once") {
    play(false);
}

TEST_CASE("interceptors around an expander come to their end when its run is cancelled, at any moment") { play(true); }

}  // namespace frond::simulation
