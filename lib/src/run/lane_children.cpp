// How a lane runs the children of its batch.
#include "lane.hpp"
#include "run_state.hpp"

#include <cstring>
#include <utility>

namespace frond {

// ---- children that run straight through

void lane::run_straight_batch() noexcept {
    if (spare_ == nullptr && !make_child()) return;
    std::size_t const size = of_.scope.parameter->size;
    auto* const destroy_parameter = of_.scope.parameter->destroy;
    context_.in = spare_;
    current_context const here(&context_);
    while (position_ < count_ && !tail_wanted()) {
        if (of_.stopping()) {
            skip_rest();
            return;
        }
        std::byte* const parameter = buffer_ + position_ * size;
        spare_->index = first_index_ + position_;
        name(*spare_, position_);
        ++position_;
        straight_child(parameter);
        if (context_.told) of_.run.forget(context_);
        if (destroy_parameter != nullptr) destroy_parameter(parameter);
        push_full_chunks();
        if (!equipped()) return;
    }
}

// The shortest way: one call for each child, its value made where the collector reads it. Does what run_straight_batch does.
void lane::run_single_batch() noexcept {
    if (spare_ == nullptr && !make_child()) return;
    plan_scope const& scope = of_.scope;
    plan_step const& step = *scope.single;
    std::size_t const size = scope.parameter->size;
    std::size_t const stride = of_.channels[0]->stride();
    unsigned const capacity = of_.channels[0]->capacity();
    result_chunk& chunk = *chunks_[0];
    std::byte*& parameter = spare_->bases[2 * scope.depth + 1];
    step_call call;
    call.args.bases = spare_->bases;
    call.args.places = step.arguments.data();
    call.self = step.self;
    call.state = spare_->block + step.state_offset;
    // In locals, since the compiler has to believe that the body changes whatever it could reach.
    auto* const start = step.body->start;
    auto* const destroy_parameter = scope.parameter->destroy;
    bool const named = !keys_.empty() || spare_->key != nullptr;
    std::byte* at = buffer_ + position_ * size;
    std::byte* out = chunk.element(stride, chunk.count);
    unsigned position = position_;
    unsigned count = chunk.count;
    unsigned const end = count_;
    context_.in = spare_;
    context_.spec = &of_.run.plan->specs[scope.specs.front()];
    current_context const here(&context_);
    gathers_ = of_.run.tells_tasks();
    gather_from(first_index_ + position_);
    bool const timed = gathers_ && of_.run.exact_time();
    while (position != end && count != capacity && !of_.stopping() && !tail_wanted()) {
        parameter = at;
        call.out = out;
        chunk.index[count] = spare_->index = first_index_ + position++;
        if (named) name(*spare_, position - 1);
        if (start(call) == step_status::done) {
            out += stride;
            ++count;
            if (apart_) {
                end_apart();
            } else if (timed) {
                note_end_gathered();
            }
        } else {
            succeeded_ += count - chunk.count;
            chunk.count = count;
            if (context_.told) of_.run.forget(context_);  // first: who looks reads the child's index and key
            name(*spare_, position - 1);
            note_apart();
            child_failed(of_.run.plan->specs[scope.specs.front()], step, std::move(call.failure));
            apart_ = false;
            gather_from(first_index_ + position);
            count = chunk.count;
            out = chunk.element(stride, count);
        }
        if (context_.told) of_.run.forget(context_);
        if (destroy_parameter != nullptr) destroy_parameter(at);
        at += size;
    }
    succeeded_ += count - chunk.count;
    chunk.count = count;
    position_ = position;
    if (gathers_) note_gathered(first_index_ + position);
    gathers_ = false;
    if (count == capacity) push_chunk(0);
    if (position != end && of_.stopping()) skip_rest();
}

void lane::straight_child(std::byte* parameter) noexcept {
    instance& child = *spare_;
    plan_scope const& scope = of_.scope;
    bool const destroys = !scope.to_destroy.empty();
    bool const told = of_.run.tells_tasks();
    bool const nodes = of_.run.tells(hook_moment::after_node);
    bool direct = false;
    child.bases[2 * scope.depth + 1] = parameter;
    step_call call;
    call.args.bases = child.bases;
    for (std::uint32_t const id : scope.specs) {
        task_spec const& spec = of_.run.plan->specs[id];
        context_.spec = &spec;
        if (told) {
            note_begin(spec);
            if (count_ == 1) tell();  // one that takes its time is seen to begin
        }
        for (plan_step const& step : spec.steps) {
            if (told) note(spec, hook_moment::before_node, task_state::running, nullptr, &step);
            call.args.places = step.arguments.data();
            call.self = step.self;
            call.state = child.block + step.state_offset;
            call.out = child.block + step.value.offset;
            if (step.direct_sink >= 0) {
                direct = true;
                call.out = chunks_[0]->element(of_.channels[0]->stride(), chunks_[0]->count);
            }
            if (step.body->start(call) != step_status::done) {
                if (context_.told) of_.run.forget(context_);
                child_failed(spec, step, std::move(call.failure));
                return;
            }
            if (destroys && step.direct_sink < 0) child.made(step.value_index);
            if (nodes) {
                stamp();
                note(spec, hook_moment::after_node, task_state::succeeded, nullptr, &step);
            }
        }
        if (told) note_end(spec, task_state::succeeded);
    }
    if (direct) {
        auto& chunk = *chunks_[0];
        chunk.index[chunk.count++] = child.index;
        ++succeeded_;
    } else if (deliver(false)) {
        ++succeeded_;
    } else {
        of_.run.counts.straight_undelivered(of_.scope);
        child.renew(child.index);
    }
    if (destroys) child.clear();
}

void lane::child_failed(task_spec const& spec, plan_step const& step, std::optional<error> failure) noexcept {
    instance& child = *spare_;
    error const failed = child.fail(failure ? std::move(*failure) : error(errc::node_failed), &spec, &step);
    of_.run.counts.straight_failed(of_.scope, spec);
    if (of_.run.tells_tasks()) {
        stamp();
        note(spec, hook_moment::after_node, task_state::failed, &failed, &step);
        note_end(spec, task_state::failed, &failed);
    }
    if (of_.scope.failures_are_values) deliver(true);
    child.clear();
    child.renew(child.index);
}

// ---- children that may suspend

lane::next lane::run_batch() noexcept {
    value_type const& type = *of_.scope.parameter;
    while (position_ < count_ && !tail_wanted()) {
        if (of_.stopping()) {
            skip_rest();
            return next::go_on;
        }
        if (spare_ == nullptr && !make_child()) return next::go_on;
        instance& child = *spare_;
        child.renew(first_index_ + position_);
        name(child, position_);
        if (!give_parameter(child, buffer_ + position_ * type.size)) return next::go_on;
        ++position_;
        child.holds_open = std::exchange(has_open_, false);
        tell();
        of_.run.counts.child_began(of_.scope);
        spare_ = nullptr;
        bool const last = position_ == count_;
        if (child.start(credit_)) {
            spare_ = &child;
            task_state const state = child.state();
            if (state == task_state::succeeded || (state == task_state::failed && of_.scope.failures_are_values)) {
                deliver(state == task_state::failed);
            }
            has_open_ = std::exchange(child.holds_open, false);
            of_.child_ended(child);
            child.clear();
            push_full_chunks();
        } else {
            --reserved_;
            // The child's own children, and whoever else has been woken, come first.
            if (!last && !pump::current()->idle()) {
                return next::behind;
            }
        }
        if (!equipped()) return next::go_on;
    }
    return next::go_on;
}

// The short way for coroutines: instance and task stay with the lane as long as none suspends.
lane::next lane::run_single_coroutines() noexcept {
    value_type const& type = *of_.scope.parameter;
    plan_step const& step = *of_.scope.single_coroutine;
    task_spec const& spec = of_.run.plan->specs[of_.scope.specs.front()];
    std::size_t const stride = of_.channels[0]->stride();
    unsigned const capacity = of_.channels[0]->capacity();
    while (position_ < count_ && chunks_[0]->count < capacity && !tail_wanted()) {
        if (of_.stopping()) {
            skip_rest();
            return next::go_on;
        }
        if (!equipped()) return next::go_on;
        if (task_ == nullptr && !make_task(spec)) return next::go_on;
        instance& child = *spare_;
        result_chunk& chunk = *chunks_[0];
        child.index = first_index_ + position_;
        name(child, position_);
        if (!give_parameter(child, buffer_ + position_ * type.size)) return next::go_on;
        ++position_;
        if (task_->begin_single()) {
            std::optional<error> failure;
            if (task_->finish_single(chunk.element(stride, chunk.count), failure)) {
                chunk.index[chunk.count++] = child.index;
                ++succeeded_;
            } else {
                child_failed(spec, step, std::move(failure));
            }
            child.clear();
            continue;
        }
        // It is suspended: from now on instance and task are on their own.
        child.holds_open = std::exchange(has_open_, false);
        of_.run.counts.child_began(of_.scope);
        of_.run.counts.task_began(spec);
        --reserved_;
        spare_ = nullptr;
        task_.release()->leave_single(credit_);
        if (position_ != count_ && !pump::current()->idle()) {
            return next::behind;
        }
    }
    push_full_chunks();
    return next::go_on;
}

bool lane::make_task(task_spec const& spec) noexcept {
    if (spare_ == nullptr && !make_child()) return false;
    try {
        task_ = std::make_unique<task_run>(*spare_, spec);
        task_->prepare_single();
        return true;
    } catch (...) {
        of_.parent.fail(error::out_of_memory(), &of_.spec, nullptr);
        skip_rest();
        return false;
    }
}

// Moves a parameter out of the buffer. False if that failed, and with it the expansion.
bool lane::give_parameter(instance& child, std::byte* parameter) noexcept {
    value_type const& type = *of_.scope.parameter;
    if (type.trivial) {
        std::memcpy(child.parameter, parameter, type.size);
        return true;
    }
    try {
        type.move(child.parameter, parameter);
    } catch (...) {
        of_.parent.fail(error::from_exception(std::current_exception()), &of_.spec, nullptr);
        skip_rest();
        return false;
    }
    child.parameter_made = true;
    if (type.destroy != nullptr) type.destroy(parameter);
    return true;
}

bool lane::make_child() noexcept {
    try {
        spare_ = instance::make(of_.run, of_.scope, &of_);
        return true;
    } catch (...) {
        of_.parent.fail(error::out_of_memory(), &of_.spec, nullptr);
        skip_rest();
        return false;
    }
}

// Puts what the spare child has into every chunk. False if that failed, and with it the child; collectors of results that
// have not got its value get the error.
bool lane::deliver(bool failed) noexcept {
    instance& child = *spare_;
    bool given = true;
    for (std::size_t i = 0; i < chunks_.size(); ++i) {
        result_chunk& chunk = *chunks_[i];
        try {
            of_.put(i, child, failed, chunk.element(of_.channels[i]->stride(), chunk.count));
        } catch (...) {
            child.fail(error::from_exception(std::current_exception()), nullptr, nullptr);
            given = false;
            if (failed) of_.parent.fail(error::out_of_memory(), &of_.spec, nullptr);  // nobody else would know
            if (failed || !of_.scope.failures_are_values) return false;
            failed = true;
            --i;  // the same one again
            continue;
        }
        chunk.failed |= std::uint64_t{failed} << chunk.count;
        chunk.index[chunk.count++] = child.index;
    }
    return given;
}

}  // namespace frond
