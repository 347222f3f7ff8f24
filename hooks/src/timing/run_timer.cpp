#include "run_timer.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace frond::hooks::detail {

namespace {

constexpr std::size_t most_activities = 64;  // of specs, and as many of threads
constexpr std::uint64_t most_named = 1 << 18;

std::string key_of(task_mark const& task) { return std::string(task.key.raw()); }

}  // namespace

run_timer::run_timer(run_event const& begun, std::size_t slowest)
    : plan_(begun.plan),
      facts_(*plan_),
      run_id_(begun.run_id),
      start_(begun.time),
      latest_(begun.time),
      specs_(facts_.specs.size()),
      slowest_(slowest),
      tree_(facts_) {}

// ---- where open tasks are remembered

run_timer::open_task& run_timer::put(task_id const& of) {
    std::size_t const scope = facts_.specs[of.spec].scope;
    if (scope == 0 || !of.index) return specs_[of.spec].alone;
    return open_.put(task_identity(child_identity(scope, *of.index, of.enclosing.get()), of.spec));
}

// One that has not begun: it is not known.
run_timer::open_task run_timer::take(task_id const& of) {
    std::size_t const scope = facts_.specs[of.spec].scope;
    if (scope == 0 || !of.index) return std::exchange(specs_[of.spec].alone, {});
    return open_.take(task_identity(child_identity(scope, *of.index, of.enclosing.get()), of.spec))
        .value_or(open_task());
}

// ---- children

void run_timer::yielded(yield_event const& event) {
    see(event.time);
    auto const opens = facts_.specs[event.expander.spec].opens;
    if (!opens) return;
    expansion_timing& sums = specs_[event.expander.spec].expansion;
    ++sums.yielded;
    live_expansion* const of = tree_.children_of(event.expander);
    if (of != nullptr) of->gaps.queue(event.time, 1, sums);
    yield_mark& mark = waiting_.put(child_identity(*opens, event.index, event.expander));
    mark.known = true;
    mark.at = event.time;
    mark.alone = of != nullptr ? of->gaps.alone() : duration::zero();
    mark.before = tree_.before_yield(event.expander, event.time);
}

void run_timer::not_started(not_started_event const& event) {
    see(event.time);
    auto const opens = facts_.specs[event.expander.spec].opens;
    if (!opens) return;
    expansion_timing& sums = specs_[event.expander.spec].expansion;
    sums.not_started += event.count;
    std::uint64_t forgotten = 0;
    // More than are remembered need not be looked for.
    for (std::uint64_t i = 0; i < std::min<std::uint64_t>(event.count, most_named); ++i) {
        if (waiting_.take(child_identity(*opens, event.first + i, event.expander))) ++forgotten;
    }
    live_expansion* const of = tree_.children_of(event.expander);
    if (of != nullptr) of->gaps.queue(event.time, -static_cast<std::int64_t>(forgotten), sums);
}

// ---- tasks

void run_timer::submitted(task_event const& event) {
    see(event.time);
    open_task& open = put(event.id);
    open.was_submitted = true;
    open.submitted = event.time;
}

void run_timer::begun(task_event const& event) {
    see(event.time);
    spec_facts const& facts = facts_.specs[event.id.spec];
    spec_state& spec = specs_[event.id.spec];
    open_task& open = put(event.id);
    open.has_begun = true;
    open.begun = event.time;
    open.thread = event.thread;
    ++spec.running;
    if (spec.activity == nullptr && activities_ < most_activities) {
        spec.activity = std::make_unique<activity_meter>();
        ++activities_;
    }
    if (spec.activity != nullptr) spec.activity->change(event.time - start_, 1);

    if (facts.scope != 0 && event.id.index) {
        live_instance* const in = tree_.make_around(event.id);
        auto const child = child_identity(facts.scope, *event.id.index, event.id.enclosing.get());
        open.yielded = waiting_.take(child).value_or(yield_mark());
        if (in != nullptr && open.yielded.known) in->yielded = open.yielded;
        if (live_expansion* const of = tree_.expansion_of(event.id)) {
            expansion_timing& sums = specs_[facts_.scopes[facts.scope].expand_spec].expansion;
            if (open.yielded.known) of->gaps.queue(event.time, -1, sums);
            of->gaps.run(event.time, 1, sums);
        }
    }
    if (open.yielded.known) {
        spec.queued.add(event.time - open.yielded.at);
    } else if (open.was_submitted) {
        spec.queued.add(event.time - open.submitted);
    }
    if (facts.opens) tree_.begin(event.id, event.time);
}

void run_timer::ended(task_event const& event) {
    see(event.time);
    spec_facts const& facts = facts_.specs[event.id.spec];
    spec_state& spec = specs_[event.id.spec];
    count_end(spec, event.state);
    open_task open = take(event.id);
    if (!open.has_begun) {
        ++spec.untimed;
        return;
    }
    time_point const from = open.begun;
    --spec.running;
    spec.tasks.add(event.time - from);
    if (spec.activity != nullptr) {
        spec.activity->change(std::max(event.time, from) - start_, -1);
        spec.sample.see(event.id, from, event.time);
    }
    use_thread(event, open);
    if (facts.purpose == purpose::execute_block) slowest_.see(event, from);
    if (facts.purpose == purpose::collect) time_collector(event, from);
    if (facts.opens) {
        if (live_expansion* const opened = tree_.children_of(event.id)) opened->gaps.end(event.time, spec.expansion);
    }
    if (live_expansion* const of = tree_.expansion_of(event.id)) {
        of->gaps.run(event.time, -1, specs_[facts_.scopes[facts.scope].expand_spec].expansion);
    }
    tree_.end(event.id, from, event.time, std::move(open.yielded));
}

void run_timer::count_end(spec_state& spec, task_state state) noexcept {
    if (state == task_state::failed) ++spec.failed;
    if (state == task_state::timed_out) ++spec.timed_out;
    if (state == task_state::cancelled) ++spec.cancelled;
}

void run_timer::use_thread(task_event const& event, open_task const& open) {
    auto const took = std::max(event.time - open.begun, duration::zero());
    thread_use const use = facts_.specs[event.id.spec].use;
    if (use == thread_use::elsewhere) elsewhere_ += took;
    if (use == thread_use::open && facts_.specs[event.id.spec].purpose != purpose::expand) suspending_ += took;
    if (use != thread_use::busy || open.thread != event.thread) return;
    thread_state* const thread = state_of(event.thread);
    if (thread == nullptr) return;
    ++thread->tasks;
    thread->busy += took;
    thread->activity.change(open.begun - start_, 1);
    thread->activity.change(open.begun + took - start_, -1);
}

void run_timer::time_collector(task_event const& event, time_point from) {
    collector_timing& sums = specs_[event.id.spec].collector;
    time_point const to = std::max(event.time, from);
    // A collector that is cancelled, or fails, may be told to have ended before children that it waited for.
    bool const cut_short = event.state != task_state::succeeded && tree_.has_more(event.id);
    time_point const last = cut_short ? to : std::clamp(tree_.last_child(event.id, to).value_or(from), from, to);
    sums.with_children += last - from;
    sums.after_children += to - last;
}

run_timer::thread_state* run_timer::state_of(std::thread::id thread) {
    for (auto const& known : threads_) {
        if (known->id == thread) return known.get();
    }
    if (threads_.size() == most_activities) return nullptr;
    threads_.push_back(std::make_unique<thread_state>());
    threads_.back()->id = thread;
    return threads_.back().get();
}

// ---- results

run_timing run_timer::timing() const {
    run_timing made;
    made.run_id = run_id_;
    made.elapsed = latest_ - start_;
    for (std::size_t i = 0; i < specs_.size(); ++i) {
        spec_state const& from = specs_[i];
        spec_timing to;
        to.name = plan_->specs[i].name;
        to.purpose = facts_.specs[i].purpose;
        to.depth = facts_.scopes[facts_.specs[i].scope].depth;
        if (facts_.specs[i].scope != 0) to.expander = facts_.scopes[facts_.specs[i].scope].expand_spec;
        to.tasks = from.tasks.spread();
        to.running = from.running;
        to.failed = from.failed;
        to.timed_out = from.timed_out;
        to.cancelled = from.cancelled;
        to.untimed = from.untimed;
        to.queued = from.queued.spread();
        if (from.activity != nullptr) to.running_over_time = from.activity->until(made.elapsed);
        made.specs.push_back(std::move(to));
        if (facts_.specs[i].opens) {
            made.expansions.push_back(from.expansion);
            made.expansions.back().name = plan_->specs[i].name;
        }
        if (facts_.specs[i].purpose == purpose::collect) {
            made.collectors.push_back(from.collector);
            made.collectors.back().name = plan_->specs[i].name;
        }
        for (auto const& each : from.sample.kept()) {
            made.timeline.push_back({i, each.from - start_, each.to - start_, each.task.id(plan_).raw()});
        }
    }
    for (auto const& each : slowest_.in_order()) {
        made.slowest.push_back(
            {each.task.id(plan_).raw(), key_of(each.task), each.from - start_, each.took, each.state});
    }
    for (auto const& each : threads_) {
        made.threads.push_back({each->tasks, each->busy, each->activity.until(made.elapsed)});
    }
    made.elsewhere = elsewhere_;
    made.suspending = suspending_;
    add_path(made);
    return made;
}

void run_timer::add_path(run_timing& to) const {
    way const last = tree_.longest();
    for (step const* each = last.get(); each != nullptr; each = each->before.get()) {
        critical_step& made = to.critical_path.emplace_back();
        made.task = each->task.id(plan_).raw();
        made.spec = each->task.spec;
        made.from = each->from - start_;
        made.to = each->to - start_;
        if (facts_.specs[made.spec].opens)
            made.children_ran = std::max(made.to - made.from - each->alone, duration::zero());
        if (each->cut) to.path_is_whole = false;
    }
    std::reverse(to.critical_path.begin(), to.critical_path.end());
    // Each task counts from when the one before it ended: a collector begins long before its last child ends.
    duration at{};
    for (critical_step& each : to.critical_path) {
        each.waited = std::max(each.from - at, duration::zero());
        each.from = std::max(each.from, at);
        each.to = std::max(each.to, each.from);
        each.children_ran = std::min(each.children_ran, each.to - each.from);
        at = each.to;
    }
}

run_timing run_timer::timing(run_event const& after_run) const {
    run_timing made = timing();
    made.ended = true;
    made.events_dropped = after_run.events_dropped;
    made.elapsed = std::max(made.elapsed, after_run.time - start_);
    if (after_run.failure) {
        made.cancelled = after_run.failure->is_canceled();
        made.failure = after_run.failure->to_string();
    }
    return made;
}

}  // namespace frond::hooks::detail
