#include "instance.hpp"

#include "expansion.hpp"
#include "run_state.hpp"
#include "starter.hpp"
#include "stream_watch.hpp"
#include "task_run.hpp"
#include "wrapped_task.hpp"

#include <algorithm>
#include <new>

namespace frond {

namespace {

constexpr std::size_t unit_align = alignof(std::max_align_t);
constexpr std::size_t round_up(std::size_t size) { return (size + unit_align - 1) / unit_align * unit_align; }

// Where the parts of an instance lie, one after the other, behind the object itself.
struct layout {
    std::size_t bases, parameter, block, unmet, links, flags, end;

    explicit layout(plan_scope const& scope) {
        bases = round_up(sizeof(instance));
        parameter = bases + round_up(2 * (scope.depth + 1) * sizeof(std::byte*));
        block = parameter + (scope.parameter != nullptr ? round_up(scope.parameter->size) : 0);
        unmet = block + round_up(scope.block_size);
        links = unmet + scope.specs.size() * sizeof(std::atomic<std::uint32_t>);
        flags = links + scope.specs.size() * sizeof(std::uint32_t);
        end = flags + scope.values.size();
    }
};

}  // namespace

instance* instance::make(run_state& run, plan_scope const& scope, expansion* of) {
    auto watch = scope.waits ? std::make_unique<stream_watch>(*scope.waits) : nullptr;
    layout const at(scope);
    auto* const memory = static_cast<std::byte*>(frame_pool::take(at.end));
    auto* const made = ::new (memory) instance(run, scope, of);
    made->watch = std::move(watch);
    made->bytes_ = at.end;
    made->bases = reinterpret_cast<std::byte**>(memory + at.bases);
    made->parameter = memory + at.parameter;
    made->block = memory + at.block;
    made->unmet_ = reinterpret_cast<std::atomic<std::uint32_t>*>(memory + at.unmet);
    made->links_ = reinterpret_cast<std::uint32_t*>(memory + at.links);
    made->flags_ = reinterpret_cast<std::uint8_t*>(memory + at.flags);
    std::fill_n(made->flags_, scope.values.size(), std::uint8_t{0});
    if (of != nullptr) {
        instance const& parent = of->parent;
        std::copy_n(parent.bases, 2 * (parent.scope.depth + 1), made->bases);
    }
    made->bases[2 * scope.depth] = made->block;
    made->bases[2 * scope.depth + 1] = made->parameter;
    if (!run.straight(scope)) {
        for (std::size_t i = 0; i < scope.specs.size(); ++i) {
            ::new (&made->unmet_[i]) std::atomic<std::uint32_t>(run.plan->specs[scope.specs[i]].needs);
        }
        made->remaining_.store(static_cast<std::uint32_t>(scope.specs.size()), std::memory_order_relaxed);
    }
    return made;
}

instance::instance(run_state& of_run, plan_scope const& of_scope, expansion* of_expansion) noexcept
    : run(of_run), scope(of_scope), of(of_expansion) {
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
    for (std::size_t i = 0; i < scope.specs.size(); ++i) {
        unmet_[i].store(run.plan->specs[scope.specs[i]].needs, std::memory_order_relaxed);
    }
    remaining_.store(static_cast<std::uint32_t>(scope.specs.size()), std::memory_order_relaxed);
    cancelled_.store(false, std::memory_order_relaxed);
    several_threads_.store(false, std::memory_order_relaxed);
    delivery_sink = 0;
    holds_open = false;
}

void instance::clear() noexcept {
    if (watch) watch->renew();
    for (auto* each = expansions_.exchange(nullptr, std::memory_order_acquire); each != nullptr;) {
        auto* const next = each->next_of_parent;
        delete each;
        each = next;
    }
    for (std::size_t i = scope.values.size(); i-- > 0;) {
        if (flags_[i] == 0) continue;
        flags_[i] = 0;
        if (auto* const destroy_value = scope.values[i].destroy()) destroy_value(block + scope.values[i].offset);
    }
    if (parameter_made) {
        parameter_made = false;
        if (scope.parameter->destroy != nullptr) scope.parameter->destroy(parameter);
    }
}

task_state instance::state() const noexcept {
    if (failed_.load(std::memory_order_acquire)) return task_state::failed;
    if (!cancelled_.load(std::memory_order_acquire)) return task_state::succeeded;
    // What failed may be a child of its own, with which all the rest of it was cancelled.
    return own_domain_ && own_domain_->failures_total() != 0 ? task_state::failed : task_state::cancelled;
}

error instance::outcome() const { return own_domain_ ? own_domain_->outcome() : error::canceled(); }

error instance::fail(error failure, task_spec const* spec, plan_step const* step) noexcept {
    try {
        std::string task;
        if (spec != nullptr) task = run.id_of(*this, *spec).to_string();
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

bool instance::start(slot_credit& credit) noexcept {
    if (scope.specs.empty()) return true;
    ready list;
    for (auto first = scope.first.rbegin(); first != scope.first.rend(); ++first) {
        list.push(*this, run.plan->specs[*first].position);
    }
    return run_ready(list, credit);
}

bool instance::run_share(std::uint32_t head, std::uint32_t count, slot_credit& credit) noexcept {
    ready list;
    list.head = head;
    list.count = count;
    return run_ready(list, credit);
}

bool instance::go_on(task_spec const& spec, task_end const& end, slot_credit& credit, bool told) noexcept {
    ready list;
    end_task(spec, end, list, told);
    return run_ready(list, credit);
}

bool instance::start_waiting(task_spec const& spec, slot_credit& credit) noexcept {
    ready list;
    list.push(*this, spec.position);
    return run_ready(list, credit);
}

bool instance::expansion_finished(task_spec const& spec, task_state state, slot_credit& credit) noexcept {
    if (state == task_state::cancelled) note_cancelled();
    if (watch) watch->ended(spec.position);
    ready list;
    meet(spec, trigger::ended, list);
    meet(spec, trigger::finished, list);
    list.ended = 1;
    return run_ready(list, credit);
}

bool instance::run_ready(ready& list, slot_credit& credit) noexcept { return starter(*this, list, credit).run(); }

// Gives the task's end, or none if it goes on by itself.
step_outcome instance::start_task(task_spec const& spec, ready& list, slot_credit& credit) noexcept {
    if (domain->cancelled()) return task_state::skipped;
    if (watch) watch->began(spec.position);
    if (spec.purpose == purpose::expand) return open(spec, list);
    if (spec.purpose == purpose::execute_block && !credit.held) {
        if (!run.limits.slots.try_take() && !task_run::wait_for_slot(*this, spec)) {
            list.waits_for_slot = true;
            return std::nullopt;
        }
        credit.held = true;
    }
    run.counts.task_began(spec);
    run.tell_task(*this, spec, hook_moment::before_submission, task_state::running);
    if (!run.task_interceptors().empty()) return wrapped_task::start(*this, spec, credit);
    return run_steps(*this, spec, credit);
}

step_outcome instance::open(task_spec const& spec, ready& list) noexcept {
    try {
        set_apart();
        auto* const opened = new expansion(run, *this, spec);
        opened->next_of_parent = expansions_.load(std::memory_order_relaxed);
        while (!expansions_.compare_exchange_weak(opened->next_of_parent, opened, std::memory_order_release)) {
        }
        if (watch) watch->opened(*opened);
        run.counts.task_began(spec);
        run.tell_task(*this, spec, hook_moment::before_submission, task_state::running);
        run.tell_task(*this, spec, hook_moment::before_task, task_state::running);
        // Those who read its streams start now; its first lane runs after them, so that they are there to read.
        meet(spec, trigger::opened, list);
        opened->start();
        return std::nullopt;
    } catch (...) {
        fail(error::from_exception(std::current_exception()), &spec, &spec.steps.front());
        return task_state::skipped;
    }
}

void instance::end_task(task_spec const& spec, task_end const& end, ready& list, bool told) noexcept {
    if (watch) watch->ended(spec.position);
    task_state const state = end.state();
    if (state == task_state::skipped) {
        run.counts.task_skipped(spec);
        if (spec.opens) {
            meet(spec, trigger::opened, list);
            meet(spec, trigger::finished, list);
        }
    } else {
        run.counts.task_ended(spec, state);
        if (!told) tell_end(spec, end, hook_moment::after_task);
        tell_end(spec, end, hook_moment::after_return);
    }
    if (state == task_state::cancelled || state == task_state::skipped) note_cancelled();
    // An expander that was opened does so itself; one that never was reads nothing either.
    if (spec.purpose == purpose::collect || spec.purpose == purpose::expand) abandon_streams(spec);
    meet(spec, trigger::ended, list);
    ++list.ended;
}

void instance::tell_end(task_spec const& spec, task_end const& end, hook_moment moment) const noexcept {
    run.tell_task(*this, spec, moment, end.state(), end.failure());
}

void instance::abandon_streams(task_spec const& spec) noexcept {
    for (auto* each = expansions_.load(std::memory_order_acquire); each != nullptr; each = each->next_of_parent) {
        for (auto const& step : spec.steps) {
            for (place const& argument : step.arguments) {
                if (argument.base == 2 * scope.depth) each->abandon(argument.offset);
            }
        }
    }
}

void instance::meet(task_spec const& spec, trigger what, ready& list) noexcept {
    for (auto const& dependent : spec.dependents) {
        if (dependent.on != what) continue;
        bool met = dependent.alone;
        if (!met) {
            auto& unmet = unmet_[dependent.position];
            if (run.single_threaded || !several_threads_.load(std::memory_order_relaxed)) {
                auto const left = unmet.load(std::memory_order_relaxed) - 1;
                unmet.store(left, std::memory_order_relaxed);
                met = left == 0;
            } else {
                met = unmet.fetch_sub(1, std::memory_order_acq_rel) == 1;
            }
        }
        if (met) list.push(*this, dependent.position);
    }
}

}  // namespace frond
