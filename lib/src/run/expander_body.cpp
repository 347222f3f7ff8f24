#include "expander_body.hpp"

#include "frond/base/detail/working_thread.hpp"
#include "frond/base/executor.hpp"
#include "instance.hpp"

#include <exception>
#include <utility>

namespace frond {

expander_body::expander_body(task_spec const& spec, instance& in) noexcept {
    context.in = &in;
    context.spec = &spec;
}

void expander_body::prepare(fiber& on) noexcept {
    instance const& in = *context.in;
    call.args.bases = in.bases;
    call.args.places = step().arguments.data();
    call.state = in.block + step().state_offset;
    call.self = step().self;
    call.on = &on;
}

bool expander_body::open() noexcept {
    if (made_) return true;
    current_context const here(&context);
    working_thread::body const inside(pump::thread_here());
    step_status const opened = step().body->open(call);
    if (opened == step_status::failed) {
        ended_ = true;
        failure_ = std::exchange(call.failure, std::nullopt);
        return false;
    }
    made_ = true;
    size_.reset();
    if (opened == step_status::started) promise_ = &step().body->promise(call.state);
    if (auto* const size = step().body->size) size_ = size(call.state);
    return true;
}

void expander_body::close() noexcept {
    promise_ = nullptr;
    ended_ = false;
    if (std::exchange(made_, false)) step().body->close(call.state);
}

std::optional<error> expander_body::take_failure() noexcept { return std::exchange(failure_, std::nullopt); }

std::optional<std::uint64_t> expander_body::expected() const noexcept {
    return promise_ != nullptr ? promise_->expected : size_;
}

unsigned expander_body::take_range(std::byte* buffer, unsigned want) noexcept {
    unsigned count = 0;
    current_context const here(&context);
    working_thread::body const inside(pump::thread_here());
    if (step().body->pull(call, buffer, want, count) == step_status::failed) {
        failure_ = std::exchange(call.failure, std::nullopt);
        ended_ = true;
    }
    if (count < want) ended_ = true;
    yielded_ |= count != 0;
    return count;
}

bool expander_body::advance(std::byte* buffer, unsigned want) noexcept {
    set_buffer(buffer, want);
    promise_->count = 0;
    promise_->keys.clear();
    if (!promise_->advance(call.frame)) return false;
    stopped();
    return true;
}

void expander_body::set_buffer(std::byte* buffer, unsigned want) noexcept {
    promise_->buffer = buffer;
    promise_->capacity = want;
}

void expander_body::stopped() noexcept {
    if (!promise_->ended) return;
    ended_ = true;
    if (promise_->exception) failure_ = error::from_exception(std::exchange(promise_->exception, {}));
}

unsigned expander_body::take_values(std::vector<detail::keyed_position>& keys) noexcept {
    keys.swap(promise_->keys);
    yielded_ |= promise_->count != 0;
    return std::exchange(promise_->count, 0U);
}

}  // namespace frond
