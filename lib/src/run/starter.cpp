#include "starter.hpp"

#include "expansion.hpp"
#include "frond/base/detail/frame_pool.hpp"
#include "lane.hpp"
#include "run_apart.hpp"
#include "run_core.hpp"
#include "stream_watch.hpp"
#include "task_news.hpp"
#include "task_run.hpp"
#include "wrapped_task.hpp"

#include <algorithm>

namespace frond {

namespace {

// Ready tasks of an instance on their way to another thread, or to a later moment on this one.
struct given_tasks : work, frame_pool::pooled {
    given_tasks(instance& of_instance, ready_tasks const& given, bool on_credit) noexcept
        : work(&given_tasks::go), in(of_instance), tasks(given), helper(on_credit) {}

    static void go(work& self) noexcept {
        auto* const me = static_cast<given_tasks*>(&self);
        instance& in = me->in;
        auto const run = in.run.shared_from_this();
        ready_tasks const tasks = me->tasks;
        bool const helper = me->helper;
        delete me;
        run_apart(in, {}, [&](slot_credit& credit) {
            starter those(in, credit);
            those.add(tasks);
            return those.run();
        });
        if (helper) run->threads.give_helper();
    }

    instance& in;
    ready_tasks tasks;
    bool helper;  // a helper's credit goes with it
};

// The doors by which the rest of the run comes in.
struct starting final : task_flow {
    bool begin(instance& in, slot_credit& credit) const noexcept override {
        if (in.scope.specs.empty()) return true;
        starter tasks(in, credit);
        for (auto first = in.scope.first.rbegin(); first != in.scope.first.rend(); ++first) {
            tasks.add(in.run.plan->specs[*first]);
        }
        return tasks.run();
    }
    bool task_ended(instance& in, task_spec const& spec, task_end const& end, slot_credit& credit,
                    bool told) const noexcept override {
        starter tasks(in, credit);
        tasks.task_ended(spec, end, told);
        return tasks.run();
    }
    bool got_slot(instance& in, task_spec const& spec, slot_credit& credit) const noexcept override {
        starter tasks(in, credit);
        tasks.add(spec);
        return tasks.run();
    }
    bool expansion_over(instance& in, task_spec const& spec, task_state state,
                        slot_credit& credit) const noexcept override {
        starter tasks(in, credit);
        tasks.expansion_over(spec, state);
        return tasks.run();
    }
};

}  // namespace

task_flow const& starter::flow() noexcept {
    static constexpr starting doors;
    return doors;
}

starter::starter(instance& in, slot_credit& credit) noexcept
    : at_hand(&starter::give),
      in_(in),
      run_(in.run),
      credit_(credit),
      threads_(!in.run.threads.single()),
      thread_(threads_ ? pump::thread_here() : nullptr) {}

bool starter::run() noexcept {
    working_thread::own_business const here(thread_);
    working_thread::holds const held(thread_, *this);
    return run_list();
}

// By another thread, while this one is inside a body.
void starter::give(at_hand& self) noexcept {
    auto& me = static_cast<starter&>(self);
    if (me.list_.count != 0) me.give_away_all();
}

// False if the instance may be gone.
inline bool starter::run_task(task_spec const& spec) noexcept {
    if (auto const end = start_task(spec)) {
        task_ended(spec, *end);
        return true;
    }
    return list_.count != 0 || list_.ended != 0;
}

// The instance lives while `list_` holds a task or an end that is not counted. Touch neither it nor its run after
// count_ended.
bool starter::run_list() noexcept {
    while (list_.count != 0) {
        task_spec const& spec = run_.plan->specs[in_.scope.specs[in_.needs.pop(list_)]];
        bool const timed = threads_ && spec.purpose != purpose::expand && spec.cost.may_be_long();
        if (!(timed ? run_timed(spec) : run_task(spec))) return false;
        if (thread_ != nullptr && thread_->was_relieved() && !timed) spec.cost.forget();
        if (list_.count == 0) break;
        if (timed) {
            pace_.look_next();
        } else {
            recent_[recent_count_++ % recent_.size()] = &spec;
        }
        // The tasks of a child are few; its lane looks at the clock.
        if (in_.of != nullptr || !pace_.is_due()) continue;
        if (look()) break;
    }
    return in_.needs.count_ended(list_);
}

bool starter::may_be_long(task_spec const& spec) const noexcept {
    return spec.cost.is_unknown() ? run_.first_bodies.may_be_long() : spec.cost.is_dear();
}

bool starter::run_timed(task_spec const& spec) noexcept {
    if (may_be_long(spec)) clear_the_way();
    auto const keep = run_.shared_from_this();  // plan and clock are needed when the instance may be gone
    if (recent_count_ != 0 || looked_ == time_point{}) looked_ = run_.time().now();
    recent_count_ = 0;
    list_.waits_for_slot = false;
    bool const alive = run_task(spec);
    if (list_.waits_for_slot) return alive;  // it has not begun
    time_point const now = keep->time().now();
    spec.cost.learn(now - looked_);
    keep->first_bodies.learn(now - looked_);
    looked_ = now;
    return alive;
}

void starter::clear_the_way() noexcept {
    if (list_.count != 0) give_away_all();
    if (!pump::current()->idle()) pump::current()->hand_over();
}

// Looks at the clock. True if the tasks that are left have been given away, since the run has held this thread for long
// enough.
bool starter::look() noexcept {
    time_point const now = run_.time().now();
    duration const took = recent_count_ != 0 && looked_ != time_point{} ? now - looked_ : duration{};
    if (threads_ && took != duration{}) {
        relearn(took);
        if (list_.count > 1 && took > recent_count_ * body_cost::trivial) share_half();
    }
    pace_.looked(now);
    looked_ = now;
    recent_count_ = 0;
    return run_.gives_back(now) && give_away_all();
}

// One of the bodies may not be short any more; or the machine was busy with something else.
void starter::relearn(duration took) noexcept {
    if (took < body_cost::dear) return;
    for (unsigned i = 0; i < std::min<std::size_t>(recent_count_, recent_.size()); ++i) recent_[i]->cost.doubt();
}

// False if there is no memory to do it with: the tasks stay.
bool starter::give_away_all() noexcept {
    ready_tasks all = list_;
    all.ended = 0;
    try {
        auto* const given = new given_tasks(in_, all, false);
        in_.needs.set_apart();
        list_.count = 0;
        run_.on().post(*given);
        return true;
    } catch (...) {
        return false;
    }
}

void starter::share_half() noexcept {
    if (!run_.threads.take_helper()) return;
    try {
        auto* const given = new given_tasks(in_, {}, true);
        given->tasks = in_.needs.split(list_, list_.count / 2);
        in_.needs.set_apart();
        run_.on().post(*given);
    } catch (...) {
        run_.threads.give_helper();  // out of memory: this thread keeps them
    }
}

// ---- one task

// Gives the task's end; none if the task was suspended or sent to another executor, and ends later.
step_outcome starter::start_task(task_spec const& spec) noexcept {
    if (in_.domain->cancelled()) return task_state::skipped;
    if (in_.watch) in_.watch->began(spec.position);
    if (spec.purpose == purpose::expand) return open(spec);
    if (spec.purpose == purpose::execute_block && !credit_.held) {
        if (!run_.limits.slots.try_take() && !task_run::wait_for_slot(in_, spec)) {
            list_.waits_for_slot = true;
            return std::nullopt;
        }
        credit_.held = true;
    }
    run_.counts.task_began(spec);
    tell_task(in_, spec, hook_moment::before_submission, task_state::running);
    if (!run_.task_interceptors().empty()) return wrapped_task::start(in_, spec, credit_);
    return run_steps(in_, spec, credit_);
}

step_outcome starter::open(task_spec const& spec) noexcept {
    try {
        in_.needs.set_apart();
        auto* const opened = new expansion(in_, spec);
        in_.opened(*opened);
        run_.counts.task_began(spec);
        tell_task(in_, spec, hook_moment::before_submission, task_state::running);
        tell_task(in_, spec, hook_moment::before_task, task_state::running);
        // Collectors that read the expansion's streams become ready now, and start before its first lane.
        meet(spec, trigger::opened);
        lane::begin(*opened);
        return std::nullopt;
    } catch (...) {
        in_.fail(error::from_exception(std::current_exception()), &spec, &spec.steps.front());
        return task_state::skipped;
    }
}

void starter::task_ended(task_spec const& spec, task_end const& end, bool told) noexcept {
    if (in_.watch) in_.watch->ended(spec.position);
    task_state const state = end.state();
    if (state == task_state::skipped) {
        run_.counts.task_skipped(spec);
        if (spec.opens) {
            meet(spec, trigger::opened);
            meet(spec, trigger::finished);
        }
    } else {
        run_.counts.task_ended(spec, state);
        if (!told) tell_end(in_, spec, end, hook_moment::after_task);
        tell_end(in_, spec, end, hook_moment::after_return);
    }
    if (state == task_state::cancelled || state == task_state::skipped) in_.note_cancelled();
    // An expander that was opened abandons its streams when it ends. One that was never opened must do so here.
    if (spec.purpose == purpose::collect || spec.purpose == purpose::expand) in_.abandon_streams(spec);
    meet(spec, trigger::ended);
    ++list_.ended;
}

void starter::expansion_over(task_spec const& spec, task_state state) noexcept {
    if (state == task_state::cancelled) in_.note_cancelled();
    if (in_.watch) in_.watch->ended(spec.position);
    meet(spec, trigger::ended);
    meet(spec, trigger::finished);
    ++list_.ended;
}

void starter::meet(task_spec const& spec, trigger what) noexcept {
    in_.needs.meet(spec, what, list_, run_.threads.single());
}

}  // namespace frond
