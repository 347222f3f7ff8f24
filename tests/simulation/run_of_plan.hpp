// A run of a plan of run-time nodes, for scenarios that are about what its bodies do.
#pragma once

#include "simulator.hpp"

#include "frond/graph/graph_builder.hpp"
#include "frond/run/run.hpp"

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>

namespace frond::simulation {

/// Begins a prepared run on the world's first executor and clock.
inline void begin_in(simulator& world, run_handle& handle, run_completion& completion,
                     std::span<any_hook const> hooks = {}) {
    run_start start;
    start.on = &world.on();
    start.time = &world;
    start.completion = &completion;
    start.hooks = hooks;
    begin(handle, std::move(start));
}

/// Runs a plan on an executor and waits for its end.
class run_of_plan final : public run_completion {
public:
    run_of_plan(simulator& world, executor& on, std::shared_ptr<plan const> what, std::span<any_hook const> hooks = {})
        : world_(world) {
        handle_ = prepare_run(std::move(what), {}).value();
        run_start start;
        start.on = &on;
        start.time = &world;
        start.completion = this;
        start.hooks = hooks;
        begin(handle_, std::move(start));
    }
    void finish() {
        world_.run_until([this] { return over_; });
        world_.expect(!failure_, "the run succeeds");
    }

private:
    void complete(run_outcome& outcome) noexcept override {
        failure_ = outcome.failure;
        over_ = true;
        handle_ = run_handle();
    }

    simulator& world_;
    run_handle handle_;
    std::optional<error> failure_;
    bool over_ = false;
};

inline std::shared_ptr<plan const> plan_of(graph_builder& builder, std::string wanted, plan_options options = {}) {
    options.wanted = {std::move(wanted)};
    return plan::make(std::move(builder).build().value(), std::move(options)).value();
}

}  // namespace frond::simulation
