#include "instance.hpp"

#include "frond/base/detail/frame_pool.hpp"
#include "open_expansion.hpp"
#include "run_core.hpp"
#include "stream_watch.hpp"

#include <new>
#include <string>
#include <utility>
#include <vector>

namespace frond {

instance* instance::make(run_core& run, plan_scope const& scope, open_expansion* of) {
    auto watch = scope.waits ? std::make_unique<stream_watch>(*scope.waits) : nullptr;
    // Behind the object itself.
    std::size_t const values = sizeof(instance);
    std::size_t const needs = values + scope_values::bytes(scope);
    std::size_t const end = needs + task_needs::bytes(scope.specs.size());
    auto* const memory = static_cast<std::byte*>(frame_pool::take(end));
    auto* const made = ::new (memory) instance(run, scope, of);
    made->watch = std::move(watch);
    made->bytes_ = end;
    made->lie_at(memory + values, of != nullptr ? of->parent.bases : nullptr);
    if (!run.straight(scope)) {
        made->needs.lie_at(memory + needs, scope.specs.size());
        made->needs.reset(*run.plan, scope);
    }
    return made;
}

instance::instance(run_core& of_run, plan_scope const& of_scope, open_expansion* of_expansion) noexcept
    : scope_values(of_scope), run(of_run), of(of_expansion) {
    if (of == nullptr) {
        domain = &run.domain;
    } else if (scope.failures_are_values) {
        domain = &own_domain_.emplace(of->parent.domain);
    } else {
        domain = of->parent.domain;
    }
    if (of != nullptr) delivery.on = &run.on();
}

instance::~instance() = default;

void instance::destroy() noexcept {
    clear();
    std::size_t const bytes = bytes_;
    this->~instance();
    frame_pool::give(this, bytes);
}

void instance::renew(std::uint64_t next_index) noexcept {
    index = next_index;
    key.reset();
    if (failed_.exchange(false, std::memory_order_relaxed) && own_domain_)
        domain = &own_domain_.emplace(of->parent.domain);
    if (run.straight(scope)) return;
    needs.reset(*run.plan, scope);
    cancelled_.store(false, std::memory_order_relaxed);
    delivery.sink = 0;
    holds_open = false;
}

void instance::clear() noexcept {
    if (watch) watch->renew();
    // No exchange, which would cost as much as a short child: every task has ended, so nothing is added any more.
    if (auto* each = expansions_.load(std::memory_order_acquire)) {
        expansions_.store(nullptr, std::memory_order_relaxed);
        while (each != nullptr) {
            auto* const next = each->next_of_parent;
            delete each;
            each = next;
        }
    }
    destroy_values();
}

task_state instance::state() const noexcept {
    if (failed_.load(std::memory_order_acquire)) return task_state::failed;
    if (!cancelled_.load(std::memory_order_acquire)) return task_state::succeeded;
    // What failed may be a child of its own, with which all the rest of it was cancelled.
    return own_domain_ && own_domain_->failures_total() != 0 ? task_state::failed : task_state::cancelled;
}

error instance::outcome() const { return own_domain_ ? own_domain_->outcome() : error::canceled(); }

error instance::fail(error failure, task_spec const* spec, plan_step const* step) noexcept {
    failure = failure.judged(false);
    try {
        std::string task;
        if (spec != nullptr) task = id_of(*spec).raw();
        failure = failure.at(std::move(task), step != nullptr ? run.plan->graph[step->node].name : std::string());
    } catch (...) {
        // Out of memory: the error stays without its place.
    }
    failed_.store(true, std::memory_order_release);
    // A child alone has nothing else that waits.
    bool const others_wait = domain != (own_domain_ ? &*own_domain_ : nullptr) || scope.specs.size() > 1;
    domain->fail(failure, run.room, others_wait);
    return failure;
}

void instance::opened(open_expansion& by_task) noexcept {
    by_task.next_of_parent = expansions_.load(std::memory_order_relaxed);
    while (!expansions_.compare_exchange_weak(by_task.next_of_parent, &by_task, std::memory_order_release)) {
    }
    if (watch) watch->opened(by_task);
}

void instance::abandon_streams(task_spec const& spec) noexcept {
    for (auto* each = expansions_.load(std::memory_order_acquire); each != nullptr; each = each->next_of_parent) {
        for (auto const& step : spec.steps) {
            for (place const& argument : step.arguments) {
                if (argument.base == plan_scope::block_base) each->abandon(argument.offset);
            }
        }
    }
}

task_id instance::id_of(task_spec const& spec) const {
    task_id made;
    made.plan = run.plan;
    made.spec = run.index_of(spec);
    if (of == nullptr) return made;
    made.index = index;
    made.key = key;
    std::vector<instance const*> around;  // innermost first
    for (auto const* each = &of->parent; each->of != nullptr; each = &each->of->parent) around.push_back(each);
    for (auto each = around.rbegin(); each != around.rend(); ++each) {
        made.enclosing =
            std::make_shared<child_path const>(child_path{std::move(made.enclosing), (*each)->index, (*each)->key});
    }
    return made;
}

}  // namespace frond
