#include "watched_run.hpp"

#include "frond/graph/graph_builder.hpp"

#include <utility>

namespace frond::simulation {

using namespace std::chrono_literals;

watched_run::watched_run(simulator& world, duration grace, adjustment const& adjust)
    : world_(world), grace_(grace), children_(world.random().between(0, 200)) {
    graph_builder builder;
    builder
        .add("number",
             [this]() -> expander<std::uint64_t> {
                 for (std::uint64_t i = 0; i < children_; ++i) {
                     if (world_.random().percent(5)) co_await world_.yield();
                     co_yield i;
                 }
             })
        .add("same",
             [this](value<std::uint64_t> n) -> async<std::uint64_t> {
                 std::uint64_t const number = *n;
                 if (world_.random().percent(20)) co_await world_.sleep(1ms);
                 if (!body) co_return number;
                 auto own = body(number);
                 std::uint64_t const made = co_await own;
                 co_return made;
             },
             {"number"})
        .add("sum",
             [this](stream<std::uint64_t> numbers) -> async<std::uint64_t> {
                 std::uint64_t sum = 0;
                 while (auto next = co_await numbers.next()) sum += *next;
                 done_ = world_.now();
                 co_return sum;
             },
             {"same"});
    plan_options options;
    options.wanted = {"sum"};
    options.grace = grace_;
    if (adjust) adjust(options);
    auto graph = std::move(builder).build();
    plan_ = plan::make(std::move(graph).value(), options).value();
}

void watched_run::begin(std::vector<any_hook> const& hooks, bool awaits_all) {
    handle_ = prepare_run(plan_, {}).value();
    run_start start;
    start.on = &world_.on();
    start.time = &world_;
    start.hooks = hooks;
    start.completion = this;
    start.report = &report;
    start.awaits_all_hooks = awaits_all;
    frond::begin(handle_, std::move(start));
}

void watched_run::play(any_hook const& hook) {
    begin({hook});
    world_.run_until([this] { return over(); });
    world_.expect(!failure_ && sum_ == right_sum(), "the result is what it is without the hook");
    // Once until they are interrupted, once until they have ended; the clock drifts by itself.
    world_.expect(waited() <= 2 * grace_ + 1s, "a run waits for its hooks no longer than twice the grace");
    world_.run_out();
}

void watched_run::complete(run_outcome& outcome) noexcept {
    world_.expect(!over_, "the result comes once");
    over_ = world_.now();
    failure_ = outcome.failure;
    if (!failure_) sum_ = *static_cast<std::uint64_t*>(outcome.outputs[0]);
    for (auto const& spec : outcome.progress.specs) {
        world_.expect(spec.tasks.running == 0 && spec.tasks.yielded == spec.tasks.ended(), "at the end all has ended");
    }
    world_.expect(outcome.progress.bodies.empty(), "no body tells of itself when all has ended");
    handle_ = run_handle();
}

void play(duration grace, void (*scenario)(simulator&, watched_run&), watched_run::adjustment const& adjust) {
    for_each_seed(10'000, [&](simulator& world) {
        watched_run run(world, grace, adjust);
        scenario(world, run);
    });
}

}  // namespace frond::simulation
