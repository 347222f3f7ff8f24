#include "frond/run/run.hpp"

#include "run_state.hpp"

#include <string>
#include <utility>
#include <vector>

namespace frond {

void run_handle::cancel() const noexcept {
    if (state_ != nullptr) state_->cancel();
}

progress run_handle::progress() const { return state_ != nullptr ? state_->progress() : frond::progress(); }

result<run_handle> prepare_run(std::shared_ptr<plan const> what, std::span<run_argument const> arguments) {
    plan const& plan = *what;
    auto state = std::allocate_shared<run_state>(frame_pool::allocator<run_state>(), std::move(what));
    frame_pool::vector<bool> given(plan.inputs.size(), false);
    for (run_argument const& argument : arguments) {
        if (given[argument.input]) continue;
        state->give(argument);
        given[argument.input] = true;
    }
    std::string missing;
    for (std::size_t i = 0; i < given.size(); ++i) {
        if (given[i]) continue;
        auto const& input = plan.inputs[i];
        if (input.body != nullptr && input.body->make_default != nullptr) {
            state->give_default(i);
            continue;
        }
        if (!missing.empty()) missing += '\n';
        missing.append("input \"").append(input.name).append("\" is missing; it is needed by ");
        for (std::size_t k = 0; k < input.needed_by.size(); ++k) {
            missing.append(k == 0 ? "" : ", ").append(plan.graph[input.needed_by[k]].name);
        }
    }
    if (!missing.empty()) return error(errc::invalid_arguments, std::move(missing));
    return run_handle(std::move(state));
}

void begin(run_handle const& run, run_start start) { run.state_->begin(std::move(start)); }

void abandon(run_handle const& run) noexcept {
    if (run.state_ != nullptr) run.state_->abandon();
}

}  // namespace frond
