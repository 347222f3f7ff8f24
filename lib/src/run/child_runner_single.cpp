// Children of one plain function: one call for each child, its value made where the collector reads it. Does what
// run_straight does, on the shortest way.
#include "child_runner.hpp"
#include "run_core.hpp"

#include <utility>

namespace frond {

void child_runner::run_single() noexcept {
    if (spare_ == nullptr && !make_child()) return;
    plan_scope const& scope = of_.scope;
    plan_step const& step = *scope.single;
    std::size_t const size = batch_.type.size;
    std::size_t const stride = of_.channels[0]->stride();
    unsigned const capacity = of_.channels[0]->capacity();
    result_chunk& chunk = chunks[0];
    std::byte*& parameter = spare_->bases[plan_scope::parameter_base];
    step_call call;
    call.args.bases = spare_->bases;
    call.args.places = step.arguments.data();
    call.self = step.self;
    call.state = spare_->block + step.state_offset;
    // Kept in locals: the call may alias any member, so members would be reloaded for each child.
    auto* const start = step.body->start;
    auto* const destroy_parameter = batch_.type.destroy;
    bool const named = !batch_.keys.empty() || spare_->key != nullptr;
    std::uint64_t const first_index = batch_.first_index;
    std::byte* at = batch_.parameter(batch_.position);
    std::byte* out = chunks.next_element(0);
    unsigned position = batch_.position;
    unsigned count = chunk.count;
    unsigned const end = batch_.count;
    context_.spec = &spec_at(0);
    current_context const here(&context_);
    notes.gather(first_index + position);
    bool const noted = of_.run.news.tells_tasks();
    while (position != end && count != capacity && !of_.stopping() && !stops()) {
        parameter = at;
        call.out = out;
        chunk.index[count] = spare_->index = first_index + position++;
        if (named) name(position - 1);
        if (start(call) == step_status::done) {
            out += stride;
            ++count;
            if (noted) notes.end_gathered(*spare_);
        } else {
            succeeded_ += count - chunk.count;
            chunk.count = count;
            // Before the key changes, since progress() reads the keys of children that have told of their progress.
            forget_progress();
            name(position - 1);
            notes.set_apart(*spare_);
            straight_failed(*context_.spec, step, std::move(call.failure));
            notes.gather_again(first_index + position);
            count = chunk.count;
            out = chunk.element(stride, count);
        }
        forget_progress();
        if (destroy_parameter != nullptr) destroy_parameter(at);
        at += size;
    }
    succeeded_ += count - chunk.count;
    chunk.count = count;
    batch_.position = position;
    notes.stop_gathering(first_index + position);
    push_full();
    if (position != end && of_.stopping()) skip_rest();
}

}  // namespace frond
