// What a run takes, in virtual time, is what its own waits come to, whatever its hooks do.
#include "dice.hpp"
#include "watched_run.hpp"

#include "frond/graph/graph_builder.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <utility>
#include <vector>

#include "../catch.hpp"

namespace frond::simulation {

using namespace std::chrono_literals;

namespace {

/// Children that the expander rests before, and that rest themselves, each for a time that is known beforehand.
class paced_run final : public run_completion {
public:
    explicit paced_run(simulator& world) : world_(world) {
        world.only_waits_take_time();
        auto& random = world.random();
        auto const rest = [&](unsigned chance, std::uint64_t most) {
            return std::chrono::milliseconds(random.percent(chance) ? random.between(1, most) : 0);
        };
        for (std::uint64_t left = random.between(0, 60); left != 0; --left) {
            before_.push_back(rest(30, 20));
            during_.push_back(rest(50, 50));
        }
    }

    std::uint64_t children() const noexcept { return before_.size(); }
    /// When the last child has ended: nothing else waits.
    time_point right_end() const noexcept {
        time_point yielded{};
        time_point last{};
        for (std::size_t i = 0; i < before_.size(); ++i) {
            yielded += before_[i];
            last = std::max(last, yielded + during_[i]);
        }
        return std::max(last, yielded);
    }

    /// With a hook that it waits for, or not. Expects the right sum, at the right time.
    void play(std::vector<any_hook> const& hooks, bool waits) {
        handle_ = prepare_run(planned(), {}).value();
        run_start start;
        start.on = &world_.on();
        start.time = &world_;
        start.hooks = hooks;
        start.completion = this;
        start.report = &report;
        start.awaits_all_hooks = waits;
        begin(handle_, std::move(start));
        world_.run_until([this] { return over_.has_value(); });
        std::uint64_t const n = children();
        world_.expect(sum_ == (n == 0 ? 0 : n * (n - 1) / 2), "the result is what it is without the hook");
        world_.expect(collected_ == right_end(), "the last task ends when it would without the hook");
        world_.expect(waits || over_ == right_end(), "the run ends when it would without the hook");
        world_.expect(*over_ - *collected_ <= 2 * grace, "a run waits for its hooks no longer than twice the grace");
        world_.run_out();
    }

    run_report report;

private:
    static constexpr auto grace = 1s;

    std::shared_ptr<plan const> planned() {
        graph_builder builder;
        builder
            .add("number",
                 [this]() -> expander<std::uint64_t> {
                     for (std::uint64_t i = 0; i < children(); ++i) {
                         if (before_[i] != 0ms) co_await world_.sleep(before_[i]);
                         co_yield i;
                     }
                 })
            .add("same",
                 [this](value<std::uint64_t> n) -> async<std::uint64_t> {
                     std::uint64_t const number = *n;
                     if (during_[number] != 0ms) co_await world_.sleep(during_[number]);
                     co_return number;
                 },
                 {"number"})
            .add("sum",
                 [this](stream<std::uint64_t> numbers) -> async<std::uint64_t> {
                     std::uint64_t sum = 0;
                     while (auto next = co_await numbers.next()) sum += *next;
                     collected_ = world_.now();
                     co_return sum;
                 },
                 {"same"});
        plan_options options;
        options.wanted = {"sum"};
        options.grace = grace;
        return plan::make(std::move(builder).build().value(), std::move(options)).value();
    }
    void complete(run_outcome& outcome) noexcept override {
        over_ = world_.now();
        if (!outcome.failure) sum_ = *static_cast<std::uint64_t*>(outcome.outputs[0]);
        handle_ = run_handle();
    }

    simulator& world_;
    std::vector<duration> before_;
    std::vector<duration> during_;
    run_handle handle_;
    std::optional<time_point> collected_;
    std::optional<time_point> over_;
    std::optional<std::uint64_t> sum_;
};

/// A hook of type Hook, made from the world: one that the run waits for, and one that it owns.
template <class Hook>
void play_with() {
    for_each_seed(10'000, [](simulator& world) {
        paced_run run(world);
        if (world.random().percent(50)) {
            Hook hook{world};
            run.play({any_hook(hook)}, true);
            hook.check(run, true);
        } else {
            auto const hook = std::make_shared<Hook>(Hook{world});
            run.play({any_hook(hook)}, false);
            hook->check(run, false);
        }
    });
}

}  // namespace

TEST_CASE("without a hook a run takes what its waits come to") {
    for_each_seed(10'000, [](simulator& world) {
        paced_run run(world);
        run.play({}, true);
    });
}

TEST_CASE("a hook that throws before it waits, after that, or what is no exception, delays nothing") {
    struct throwing {
        simulator& world;
        std::uint64_t thrown = 0;

        void on_yield(yield_event const&) {
            ++thrown;
            throw std::runtime_error("before it waits");
        }
        async<void> before_task(task_event const&) {
            ++thrown;
            co_await world.yield();
            throw std::runtime_error("after it has waited");
        }
        void after_task(task_event const&) {
            ++thrown;
            throw 7;
        }
        void check(paced_run const& run, bool waited_for) const {
            world.expect(thrown == 3 * run.children() + 4, "it is told of all");
            world.expect(!waited_for || run.report.hook_errors_total == thrown, "each error is reported once");
        }
    };
    play_with<throwing>();
}

TEST_CASE("a hook that never resumes delays nothing") {
    struct hanging {
        simulator& world;

        async<void> before_task(task_event const&) {
            forever never;
            co_await never;
        }
        void check(paced_run const&, bool) const {}
    };
    play_with<hanging>();
}

TEST_CASE("a hook that is a thousand times slower than the run delays nothing") {
    struct slow {
        simulator& world;
        std::uint64_t told = 0;

        observer_policy policy() const { return every(16); }
        // Each call takes a thousand times as long as the longest run.
        async<void> before_task(task_event const&) {
            ++told;
            co_await world.sleep(1000 * 60 * 70ms);
        }
        void check(paced_run const&, bool) const { world.expect(told == 1, "it is interrupted within its first call"); }
    };
    play_with<slow>();
}

}  // namespace frond::simulation
