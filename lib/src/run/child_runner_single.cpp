// Children of one plain function: one call for each child, its value made where the collector reads it. Does what
// run_straight does, on the shortest way.
#include "child_runner.hpp"
#include "run_core.hpp"

#include <algorithm>
#include <utility>

namespace frond {

void child_runner::run_single() noexcept {
    if (!spare_.make()) return out_of_memory();
    spare_.context.spec = &spec_at(0);
    current_context const here(&spare_.context);
    bool const named = !batch_.keys.empty() || spare_->key != nullptr;
    bool const plain = !named && !of_.run.news.tells_tasks() && batch_.type.destroy == nullptr;
    if (plain) {
        run_single_calls<true>();
    } else {
        run_single_calls<false>();
    }
    if (chunks.is_full(0)) {
        notes.tell();
        chunks.push(0);
    }
    if (!batch_.empty() && of_.stopping()) skip_rest();
}

// `Plain`: children have no keys, no hook is told of them, and parameters need not be destroyed.
template <bool Plain>
void child_runner::run_single_calls() noexcept {
    plan_scope const& scope = of_.scope;
    plan_step const& step = *scope.single;
    std::size_t const size = batch_.type.size;
    std::size_t const stride = of_.channels[0]->stride();
    unsigned const capacity = of_.channels[0]->capacity();
    result_chunk& chunk = chunks[0];
    instance& child = *spare_;
    std::byte*& parameter = child.bases[plan_scope::parameter_base];
    step_call call;
    call.args.bases = child.bases;
    call.args.places = step.arguments.data();
    call.self = step.self;
    call.state = child.block + step.state_offset;
    // Kept in locals: the call may alias any member, so members would be reloaded for each child.
    auto* const start = step.body->start;
    auto* const destroy_parameter = batch_.type.destroy;
    bool const named = !Plain && (!batch_.keys.empty() || child.key != nullptr);
    bool const noted = !Plain && of_.run.news.tells_tasks();
    std::byte* at = batch_.parameter(batch_.position);
    std::byte* out = chunks.next_element(0);
    unsigned count = chunk.count;
    std::uint64_t index = batch_.index();
    auto const end_of_calls = [&](std::uint64_t from, unsigned filled) {
        return from + std::min<std::uint64_t>(batch_.end_index() - from, capacity - filled);
    };
    std::uint64_t end = end_of_calls(index, count);
    notes.gather(index);
    while (index != end && !of_.stopping() && !stops()) {
        parameter = at;
        call.out = out;
        chunk.index[count] = child.index = index++;
        if (named) spare_.name(batch_, batch_.position_of(index - 1));
        if (start(call) == step_status::done) {
            out += stride;
            ++count;
            if (noted) notes.end_gathered(child);
        } else {
            succeeded_ += count - chunk.count;
            chunk.count = count;
            // Before the key changes, since progress() reads the keys of children that have told of their progress.
            spare_.forget_progress();
            spare_.name(batch_, batch_.position_of(index - 1));
            notes.set_apart(child);
            straight_failed(*spare_.context.spec, step, std::move(call.failure));
            notes.gather_again(index);
            count = chunk.count;  // one more if failures are values
            end = end_of_calls(index, count);
            out = chunk.element(stride, count);
        }
        spare_.forget_progress();
        if constexpr (!Plain) {
            if (destroy_parameter != nullptr) destroy_parameter(at);
        }
        at += size;
    }
    succeeded_ += count - chunk.count;
    chunk.count = count;
    batch_.position = batch_.position_of(index);
    notes.stop_gathering(index);
}

}  // namespace frond
