#include "starter.hpp"

#include "frond/base/frame_pool.hpp"
#include "run_apart.hpp"
#include "run_state.hpp"

#include <algorithm>

namespace frond {

namespace {

constexpr unsigned most_between_looks = 16;  // tasks

// Ready tasks of an instance on their way to another thread, or to a later moment on this one.
struct given_tasks : work, frame_pool::pooled {
    given_tasks(instance& of_instance, std::uint32_t first, std::uint32_t how_many, bool on_credit) noexcept
        : work(&given_tasks::go), in(of_instance), head(first), count(how_many), helper(on_credit) {}

    static void go(work& self) noexcept {
        auto* const me = static_cast<given_tasks*>(&self);
        instance& in = me->in;
        auto const run = in.run.shared_from_this();
        std::uint32_t const head = me->head;
        std::uint32_t const count = me->count;
        bool const helper = me->helper;
        delete me;
        run_apart(in, {}, [&](slot_credit& credit) { return in.run_share(head, count, credit); });
        if (helper) run->give_helper();
    }

    instance& in;
    std::uint32_t head;
    std::uint32_t count;
    bool helper;  // a helper's credit goes with it
};

}  // namespace

starter::starter(instance& in, instance::ready& list, slot_credit& credit) noexcept
    : at_hand(&starter::give),
      in_(in),
      run_(in.run),
      list_(list),
      credit_(credit),
      threads_(!in.run.single_threaded),
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
    if (auto const end = in_.start_task(spec, list_, credit_)) {
        in_.end_task(spec, *end, list_);
        return true;
    }
    return list_.count != 0 || list_.ended != 0;
}

// The instance lives while `list_` holds a task or `list_.ended` is not subtracted from remaining_. Touch neither it nor its run after
// the fetch_sub.
bool starter::run_list() noexcept {
    while (list_.count != 0) {
        task_spec const& spec = run_.plan->specs[in_.scope.specs[list_.pop(in_)]];
        bool const timed = threads_ && spec.purpose != purpose::expand && spec.cost.may_be_long();
        if (!(timed ? run_timed(spec) : run_task(spec))) return false;
        if (thread_ != nullptr && thread_->was_relieved() && !timed) spec.cost.forget();
        if (list_.count == 0) break;
        if (timed) {
            until_look_ = 1;
        } else {
            recent_[recent_count_++ % recent_.size()] = &spec;
        }
        // The tasks of a child are few; its lane looks at the clock.
        if (in_.of != nullptr || --until_look_ != 0) continue;
        if (look()) break;
    }
    return list_.ended != 0 && in_.remaining_.fetch_sub(list_.ended, std::memory_order_acq_rel) == list_.ended;
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

// Looks at the clock. True if the tasks that are left have been given away, since the run has held this thread for long enough.
bool starter::look() noexcept {
    time_point const now = run_.time().now();
    if (recent_count_ != 0 && looked_ != time_point{}) {
        duration const took = now - looked_;
        if (threads_) {
            relearn(took);
            if (list_.count > 1 && took > recent_count_ * body_cost::trivial) share_half();
        }
        // Tasks that take long are looked at one by one, or the budget would be overdrawn by sixteen of them.
        between_looks_ = took > std::chrono::microseconds(50) ? 1 : std::min(2 * between_looks_, most_between_looks);
    }
    looked_ = now;
    recent_count_ = 0;
    until_look_ = between_looks_;
    return run_.over_budget(now) && give_away_all();
}

// Bodies that were short and are no more are like unknown ones.
void starter::relearn(duration took) noexcept {
    if (took < body_cost::dear) return;
    for (unsigned i = 0; i < std::min<std::size_t>(recent_count_, recent_.size()); ++i) recent_[i]->cost.forget();
}

// False if there is no memory to do it with: the tasks stay.
bool starter::give_away_all() noexcept {
    try {
        auto* const given = new given_tasks(in_, list_.head, list_.count, false);
        in_.set_apart();
        list_.count = 0;
        run_.on().post(*given);
        return true;
    } catch (...) {
        return false;
    }
}

void starter::share_half() noexcept {
    if (!run_.take_helper()) return;
    std::uint32_t const kept = list_.count / 2;
    std::uint32_t last = list_.head;
    for (std::uint32_t i = 1; i < kept; ++i) last = in_.links_[last];
    try {
        auto* const given = new given_tasks(in_, in_.links_[last], list_.count - kept, true);
        in_.set_apart();
        list_.count = kept;
        run_.on().post(*given);
    } catch (...) {
        run_.give_helper();  // out of memory: this thread keeps them
    }
}

}  // namespace frond
