#include "frond/run/run.hpp"

#include "run_state.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace frond {

namespace {

bool has_default(plan::input const& input) noexcept {
    return input.body != nullptr && input.body->make_default != nullptr;
}

// An overridden node is called so where its name stands, since it is no input in its user's eyes.
std::string input_name(plan const& plan, plan::input const& input) {
    auto const node = plan.graph.find(input.name);
    bool const overridden = node && plan.graph[*node].kind != node_kind::input;
    return (overridden ? "the overridden node \"" : "input \"") + input.name + '"';
}

std::string missing_input(plan const& plan, plan::input const& input) {
    std::string text = input_name(plan, input) + " is missing; it is ";
    if (input.needed_by.empty()) return text + "wanted";
    text += "needed by ";
    for (std::size_t k = 0; k < input.needed_by.size(); ++k) {
        text.append(k == 0 ? "" : ", ").append(plan.graph[input.needed_by[k]].name);
    }
    return text;
}

std::string joined_faults(std::vector<std::string> const& lines) {
    std::string text;
    for (std::string const& line : lines) text.append(text.empty() ? "" : "\n").append(line);
    return text;
}

}  // namespace

void run_handle::cancel() const noexcept {
    if (state_ != nullptr) state_->cancel();
}

progress run_handle::progress() const { return state_ != nullptr ? state_->progress() : frond::progress(); }

result<run_handle> prepare_run(std::shared_ptr<plan const> what, std::span<run_argument const> arguments,
                               std::vector<std::string> faults) {
    plan const& plan = *what;
    frame_pool::vector<std::uint32_t> given(plan.inputs.size(), 0);
    for (run_argument const& argument : arguments) ++given[argument.input];
    for (std::size_t i = 0; i < given.size(); ++i) {
        if (given[i] > 1)
            faults.push_back(input_name(plan, plan.inputs[i]) + " is given " + std::to_string(given[i]) +
                             " times; give it once");
        if (given[i] == 0 && !has_default(plan.inputs[i])) faults.push_back(missing_input(plan, plan.inputs[i]));
    }
    if (!faults.empty()) return error(errc::invalid_arguments, joined_faults(faults));

    auto state = std::allocate_shared<run_state>(frame_pool::allocator<run_state>(), std::move(what));
    for (run_argument const& argument : arguments) state->give(argument);
    for (std::size_t i = 0; i < given.size(); ++i) {
        if (given[i] == 0) state->give_default(i);
    }
    return run_handle(std::move(state));
}

void begin(run_handle const& run, run_start start) {
    if (run.state_ == nullptr || !run.state_->may_begin()) {
        throw bad_result(error(errc::invalid_arguments,
                               "the run has begun already: an operation that is kept and started again would use the "
                               "same arguments twice; call async_run for each run"));
    }
    run.state_->begin(std::move(start));
}

void abandon(run_handle const& run) noexcept {
    if (run.state_ != nullptr) run.state_->abandon();
}

}  // namespace frond
