#include "awaited_elsewhere.hpp"
#include "frond/base/result.hpp"
#include "frond/run/interceptor.hpp"
#include "frond/run/this_task.hpp"
#include "instance.hpp"
#include "pause.hpp"
#include "run_core.hpp"
#include "wrapped_expander.hpp"

#include <algorithm>
#include <exception>
#include <string>
#include <utility>

namespace frond {

node_call::node_call(plan_step const& step, step_call& call, task_context& context, wrapped_expander* expander)
    : run_(context.in->run),
      step_(step),
      call_(call),
      context_(context),
      expander_(expander),
      attempt_(context.attempt) {
    if (run_.node_interceptors().empty()) return;  // the node is retried only: no interceptor asks
    event_.run_id = run_.id;
    event_.task = context.in->id_of(*context.spec);
    event_.node = step.node;
    event_.attempt = attempt_;
    event_.time = now();
    event_.thread = std::this_thread::get_id();
}

node const& node_call::called_node() const noexcept { return run_.plan->graph[step_.node]; }

bool node_call::will_retry() const noexcept {
    return attempt_ < step_.attempts && (expander_ == nullptr || !expander_->has_yielded());
}

// Calls the node: a coroutine goes on in the frame that awaits this, on the same fiber.
struct node_call::body_awaiter {
    explicit body_awaiter(node_call& owner) noexcept : of(owner) {}
    body_awaiter(body_awaiter const&) = delete;
    /// The frame that awaits may be destroyed before the node has ended.
    ~body_awaiter() {
        if (status == step_status::started) of.step_.body->abandon(of.call_.state);
    }
    node_call& of;
    step_status status = step_status::done;
    bool elsewhere = false;  // the awaiting frame is not the task's

    bool await_ready() const noexcept { return false; }
    template <class Promise>
    bool await_suspend(std::coroutine_handle<Promise> frame) noexcept {
        elsewhere = frame.promise().on != of.call_.on;
        if (elsewhere) return false;
        node_body const& body = *of.step_.body;
        status = body.start(of.call_);
        if (status != step_status::started) return false;
        body.then(of.call_.state, frame);
        frame.promise().on->transfer_to(of.call_.frame);
        return true;
    }
    void await_resume() {
        if (elsewhere) throw_awaited_elsewhere();
        if (status == step_status::started) status = of.step_.body->finish(of.call_);
        if (status == step_status::done) {
            of.made_ = true;
            return;
        }
        error failure = of.call_.failure ? std::move(*of.call_.failure) : error(errc::node_failed);
        of.call_.failure.reset();
        bool const interruptible = of.step_.body->coroutine;
        of.failure_ = interruptible ? of.context_.in->domain->judged(failure) : failure.judged(false);
    }
};

// Lets the source run the expander's body, and waits for its end.
struct node_call::expander_awaiter {
    explicit expander_awaiter(node_call& owner) noexcept : of(owner) {}
    node_call& of;
    bool elsewhere = false;  // the awaiting frame is not the expander's

    bool await_ready() const noexcept { return false; }
    template <class Promise>
    bool await_suspend(std::coroutine_handle<Promise> frame) noexcept {
        elsewhere = frame.promise().on != of.call_.on;
        if (elsewhere) return false;
        of.expander_->wait_for_body(frame);
        return true;
    }
    void await_resume() {
        if (elsewhere) throw_awaited_elsewhere();
        of.failure_ = of.expander_->body_ended();
        of.made_ = !of.failure_;
    }
};

// Why the node cannot be called once more.
error node_call::used_up() const {
    return error(
        errc::node_failed,
        expander_ != nullptr && expander_->has_yielded()
            ? "an interceptor calls next() twice, but the expander has yielded children, which would come twice"
            : "an interceptor calls next() twice, but the node takes or streams, and what it has used up is gone");
}

async<void> node_call::next() {
    destroy_value();
    auto const around = run_.node_interceptors();
    std::size_t const at = level_;
    try {
        if (at < around.size()) {
            ++level_;
            async<void> inner = around[at].wrap_node(*this);
            co_await inner;
        } else if (std::exchange(ran_, true) &&
                   (uses_up(called_node()) || (expander_ != nullptr && expander_->has_yielded()))) {
            fail(used_up());
        } else if (failure_.reset(); expander_ != nullptr) {
            expander_awaiter end(*this);
            co_await end;
        } else {
            body_awaiter body(*this);
            co_await body;
        }
        if (!made_ && !failure_) {
            fail(error(errc::node_failed, "an interceptor neither called next() nor answered for the node"));
        }
    } catch (...) {
        fail(error::from_exception(std::current_exception()));
    }
    level_ = at;
}

void node_call::fail(error const& why) noexcept {
    destroy_value();
    context_.in->domain->add(why, failure_);
}

time_point node_call::now() const noexcept { return run_.time().now(); }

async<void> node_call::wait(time_span time) {
    pause waiting(run_.time(), time);
    bool const passed = co_await waiting;
    if (!passed) throw bad_result(error::canceled());
}

void node_call::carry(carried_context& what) noexcept {
    what.outer = context_.carried;
    context_.carried = &what;
}

void node_call::drop() noexcept { context_.carried = context_.carried->outer; }

void node_call::check(value_type const& asked, bool wants_value) const {
    auto const& node = called_node();
    if (expander_ != nullptr) {
        throw bad_result(error(errc::node_failed,
                               (wants_value ? "an interceptor asks for the value of " : "an interceptor answers for ") +
                                   node.name + ", which is an expander: it has children, and no value"));
    }
    if (node.type != &asked) {
        std::string const a(asked.name);
        std::string const is = "; its value is a " + std::string(node.type->name);
        throw bad_result(
            error(errc::node_failed, wants_value ? "an interceptor takes the value of " + node.name + " for a " + a + is
                                                 : "an interceptor answers for " + node.name + " with a " + a + is));
    }
    if (wants_value && !made_) {
        throw bad_result(failure_ ? *failure_
                                  : error(errc::node_failed, "an interceptor asks for the value of " + node.name +
                                                                 " before there is one; call next() first"));
    }
}

void node_call::destroy_value() noexcept {
    if (!std::exchange(made_, false) || expander_ != nullptr) return;
    if (auto* const destroy = called_node().type->destroy) destroy(call_.out);
}

}  // namespace frond
