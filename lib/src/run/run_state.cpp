#include "run_state.hpp"

#include "expansion.hpp"

#include <algorithm>
#include <thread>

namespace frond {

namespace {

// The last run's number, for ids; only its uniqueness matters.
std::atomic<std::uint64_t> last_run_id{0};

unsigned width_of(executor const& on) {
    // Asked once: it reads a file, which costs more than a small run.
    static unsigned const machine = std::max(1U, std::thread::hardware_concurrency());
    unsigned const known = on.concurrency();
    return known != 0 ? known : machine;
}

}  // namespace

run_state::run_state(std::shared_ptr<frond::plan const> what)
    : plan(std::move(what)),
      id(last_run_id.fetch_add(1, std::memory_order_relaxed) + 1),
      spec_counters(plan->specs.size()),
      child_counters(plan->scopes.size()),
      totals(plan->scopes.size()),
      skipped_children(plan->scopes.size()),
      open_limiters(plan->scopes.size()),
      slots(plan->options.limit),
      begin_(*this, [](work& self) noexcept { static_cast<root_work&>(self).of.run_tasks(); }),
      complete_(*this, [](work& self) noexcept { static_cast<root_work&>(self).of.complete(); }),
      grace_over_(*this) {
    for (std::size_t i = 1; i < plan->scopes.size(); ++i) {
        if (plan->scopes[i].limit != 0) open_limiters[i] = std::make_unique<slot_limiter>(plan->scopes[i].limit);
    }
    root_ = instance::make(*this, plan->scopes[0], nullptr);
}

run_state::~run_state() {
    if (root_ != nullptr) root_->destroy();
}

void run_state::give(run_argument const& argument) {
    auto const& input = plan->inputs[argument.input];
    input.type->move(root_->at(input.where), argument.value);
    root_->made(input.value_index);
}

void run_state::give_default(std::size_t input_index) {
    auto const& input = plan->inputs[input_index];
    input.body->make_default(root_->at(input.where), input.self);
    root_->made(input.value_index);
}

// ---- its life

void run_state::begin(run_start start) {
    start_ = std::move(start);
    single_threaded = on().concurrency() == 1;
    width_ = width_of(on());
    width_known_ = on().concurrency() != 0;
    helpers_.store(static_cast<int>(width_) - 1, std::memory_order_relaxed);
    begin_.on = complete_.on = grace_over_.on = &on();
    for (any_hook const& hook : start_.hooks) {
        if (hook.wraps_nodes()) around_nodes_.push_back(hook);
        if (hook.wraps_tasks()) around_tasks_.push_back(hook);
        wraps_ = wraps_ || hook.wraps_nodes() || hook.wraps_tasks();
        if (!hook.listens().any()) continue;
        bool const awaited = start_.awaits_all_hooks || !hook.owns();
        observers_.push_back(std::make_shared<observer>(*this, hook, awaited));
        if (hook.policy().lossless()) lossless_.push_back(observers_.back().get());
        hook_moments heard = hook.listens();
        if (hook.policy().samples()) heard.remove(task_moments);
        listened_.add(heard);
        copies_parameters = copies_parameters || (heard.has(hook_moment::on_yield) && hook.policy().parameters());
        exact_time = exact_time || (heard.has_any(task_moments) && !hook.policy().coarse());
    }
    start_.hooks = {};
    if (!lossless_.empty()) room.also_release(*this);
    self_ = shared_from_this();
    started = time().now();
    on().post(begin_);
}

void run_state::run_tasks() noexcept {
    for (std::uint32_t const spec : plan->scopes[0].specs)
        spec_counters[spec].yielded.store(1, std::memory_order_relaxed);
    auto const awaited =
        std::count_if(observers_.begin(), observers_.end(), [](auto const& o) { return o->awaited(); });
    observers_left_.store(observers_.size() + 1, std::memory_order_relaxed);
    awaited_left_.store(static_cast<std::size_t>(awaited) + 1, std::memory_order_relaxed);
    auto const keep = shared_from_this();
    tell_run(hook_moment::after_graph_construction);
    tell_run(hook_moment::before_run);
    tell_run(hook_moment::after_grouping);
    for (auto const& each : observers_) each->start();
    slot_credit credit;
    if (root_->start(credit)) tasks_ended();
}

void run_state::tasks_ended() noexcept {
    ended_at_ = time().now();
    ended_.store(true, std::memory_order_release);
    if (observers_.empty()) {
        finish();
        return;
    }
    tell_run(hook_moment::after_run);
    for (auto const& each : observers_) each->close();
    grace_over_.keep = shared_from_this();
    grace_over_.when = time().now() + plan->options.grace;
    time().wait(grace_over_);
    observer_ended(true);
}

void run_state::observer_ended(bool awaited) noexcept {
    if (observers_left_.fetch_sub(1, std::memory_order_acq_rel) == 1 && time().cancel(grace_over_)) {
        grace_over_.keep.reset();
    }
    if (awaited && awaited_left_.fetch_sub(1, std::memory_order_acq_rel) == 1) finish();
}

// The hooks had their time: they are interrupted. Frames of those that the run waits for end before it does, if they end
// within a second grace.
void run_state::end_grace() noexcept {
    for (auto const& each : observers_) each->cancel();
    if (awaited_left_.load() != 0 && !std::exchange(interrupted_, true)) {
        grace_over_.keep = shared_from_this();
        grace_over_.when = time().now() + plan->options.grace;
        time().wait(grace_over_);
        // The last one may have ended meanwhile, and have found no alarm to cancel.
        if (observers_left_.load() == 0 && time().cancel(grace_over_)) grace_over_.keep.reset();
        return;
    }
    finish();
}

// Once.
void run_state::finish() noexcept {
    if (!completing_.exchange(true)) on().wake(complete_);
}

void run_state::complete() noexcept {
    auto const keep = std::exchange(self_, nullptr);
    run_outcome outcome;
    outcome.plan = plan;
    std::vector<void*> outputs;
    try {
        if (start_.wants_progress) outcome.progress = progress();
        if (start_.report != nullptr) fill(*start_.report);
        if (domain.failures_total() != 0) {
            outcome.failure = domain.outcome();
        } else {
            for (auto const& output : plan->outputs) outputs.push_back(root_->at(output.where));
            outcome.outputs = outputs;
        }
    } catch (...) {
        outcome.failure = error::out_of_memory();
    }
    start_.completion->complete(outcome);
    // Whoever learns of the end may end what runs the executors.
    for (auto const& [node, executor] : plan->options.executors) executor->wait_for_posts();
    // What is left of the values goes now, not when the last handle does.
    std::exchange(root_, nullptr)->destroy();
    start_.completion->released();
}

void run_state::cancel() noexcept {
    if (!ended_.load(std::memory_order_acquire)) domain.fail(error::canceled(), room, true);
}

// ---- for tasks

bool run_state::over_budget(time_point now) noexcept {
    auto& slice = pump::current()->slice();
    if (slice == time_point{}) slice = now;
    return now - slice > plan->options.budget;
}

bool run_state::take_helper() noexcept {
    int seen = helpers_.load(std::memory_order_relaxed);
    while (seen > 0) {
        if (helpers_.compare_exchange_weak(seen, seen - 1, std::memory_order_relaxed)) return true;
    }
    return false;
}

void run_state::helper_was_in_vain() noexcept {
    constexpr int patience = 3;
    if (vain_helpers_.fetch_add(1, std::memory_order_relaxed) >= patience) {
        helpers_.fetch_sub(1, std::memory_order_relaxed);  // it is given back when the lane leaves; this keeps it away
    }
}

void run_state::saw_threads(bool other) noexcept {
    if (width_known_) return;
    if (other) {
        same_thread_.store(0, std::memory_order_relaxed);
        alone_.store(false, std::memory_order_relaxed);
        return;
    }
    constexpr int patience = 3;
    if (same_thread_.fetch_add(1, std::memory_order_relaxed) >= patience) alone_.store(true, std::memory_order_relaxed);
}

task_id run_state::id_of(instance const& in, task_spec const& spec) const {
    task_id made;
    made.plan = plan;
    made.spec = index_of(spec);
    if (in.of == nullptr) return made;
    made.index = in.index;
    made.key = in.key;
    std::vector<instance const*> around;  // innermost first
    for (auto const* each = &in.of->parent; each->of != nullptr; each = &each->of->parent) around.push_back(each);
    for (auto each = around.rbegin(); each != around.rend(); ++each) {
        made.enclosing =
            std::make_shared<child_path const>(child_path{std::move(made.enclosing), (*each)->index, (*each)->key});
    }
    return made;
}

// ---- bodies that tell of themselves

void run_state::body_progress(task_context& of, double done, double whole) noexcept {
    {
        std::lock_guard const guard(bodies_mutex_);
        auto const found =
            std::find_if(bodies_.begin(), bodies_.end(), [&](told_body const& each) { return each.of == &of; });
        constexpr std::size_t most = 64;  // for displays; the others are told by on_progress alone
        if (found != bodies_.end()) {
            found->done = done;
            found->whole = whole;
        } else if (bodies_.size() < most) {
            try {
                bodies_.push_back({&of, done, whole});
                of.told = true;
            } catch (...) {
            }
        }
    }
    event_record record;
    record.moment = hook_moment::on_progress;
    event_detail detail;
    detail.done = done;
    detail.of = whole;
    tell_task(*of.in, *of.spec, record, std::move(detail));
}

void run_state::forget(task_context& of) noexcept {
    of.told = false;
    std::lock_guard const guard(bodies_mutex_);
    std::erase_if(bodies_, [&](told_body const& each) { return each.of == &of; });
}

// ---- telling hooks

task_event run_state::event_of(instance const& in, task_spec const& spec) const {
    task_event made;
    made.run_id = id;
    made.id = id_of(in, spec);
    made.purpose = spec.purpose;
    made.steps = spec.steps;
    if (in.of != nullptr) made.total = in.of->total();
    made.depth = plan->scopes[spec.scope].depth;
    made.time = time().now();
    made.thread = std::this_thread::get_id();
    made.so_far = spec_counters[index_of(spec)].read();
    return made;
}

void run_state::tell(event_batch&& batch) noexcept {
    try {
        auto const shared = std::make_shared<event_batch const>(std::move(batch));
        for (auto const& each : observers_) {
            std::size_t const events = each->events_in(*shared);
            if (events != 0) each->push(shared, events);
        }
    } catch (...) {
        // Out of memory: the events are lost, the counters still tell the truth.
    }
}

void run_state::tell_task(instance const& in, task_spec const& spec, hook_moment moment, task_state state,
                          error const* failure) noexcept {
    if (!tells(moment)) return;
    event_record record;
    record.moment = moment;
    record.state = state;
    event_detail detail;
    if (failure != nullptr) detail.failure = *failure;
    tell_task(in, spec, record, std::move(detail));
}

void run_state::tell_task(instance const& in, task_spec const& spec, event_record record,
                          event_detail detail) noexcept {
    if (!tells(record.moment)) return;
    try {
        event_batch batch;
        batch.thread = std::this_thread::get_id();
        record.spec = index_of(spec);
        record.time = time().now();
        if (in.of != nullptr) {
            batch.enclosing = in.of->path;
            batch.inside = true;
            record.index = in.index;
            record.total = in.of->total().value_or(event_record::unknown);
            detail.key = in.key;
        }
        batch.add(record, std::move(detail));
        tell(std::move(batch));
    } catch (...) {
    }
}

void run_state::tell_expansion(expansion const& of, event_record record, error const* failure) noexcept {
    if (!tells(record.moment)) return;
    try {
        event_batch batch;
        batch.thread = std::this_thread::get_id();
        batch.enclosing = of.path;
        record.spec = index_of(of.spec);
        record.time = time().now();
        event_detail detail;
        if (failure != nullptr) detail.failure = *failure;
        batch.add(record, std::move(detail));
        tell(std::move(batch));
    } catch (...) {
    }
}

void run_state::tell_run(hook_moment moment) noexcept {
    if (!tells(moment)) return;
    try {
        auto made = std::make_shared<run_event>();
        made->run_id = id;
        made->plan = plan;
        made->time = time().now();
        if (moment == hook_moment::after_run) {
            made->progress = progress();
            if (domain.failures_total() != 0) made->failure = domain.outcome();
        }
        for (auto const& each : observers_) {
            if (!each->listens(moment)) continue;
            event_batch batch;
            batch.run_moment = moment;
            batch.run = made;
            each->push(std::make_shared<event_batch const>(std::move(batch)), 0);
        }
    } catch (...) {
    }
}

void run_state::hook_failed(error failure) noexcept {
    constexpr std::size_t kept = 16;
    std::lock_guard const guard(hook_errors_mutex_);
    ++hook_errors_total_;
    if (hook_errors_.size() >= kept) return;
    try {
        hook_errors_.push_back(std::move(failure));
    } catch (...) {
        // Out of memory: it is counted, not kept.
    }
}

bool run_state::admits(wakeable& waiting) noexcept {
    return std::all_of(lossless_.begin(), lossless_.end(), [&](observer* each) { return each->admit(waiting); });
}

void run_state::release_lanes() noexcept {
    for (observer* const each : lossless_) each->release();
}

void run_state::fill(run_report& report) const {
    auto const add = [](counters& to, counters const& more) {
        to.yielded += more.yielded;
        to.running += more.running;
        to.succeeded += more.succeeded;
        to.failed += more.failed;
        to.cancelled += more.cancelled;
        to.skipped += more.skipped;
        to.timed_out += more.timed_out;
    };
    report = run_report();
    report.run_id = id;
    report.took = ended_at_ - started;
    for (auto const& each : spec_counters) add(report.tasks, each.read());
    for (auto const& each : child_counters) add(report.children, each.read());
    report.retries = retries.load(std::memory_order_relaxed);
    for (auto const& each : observers_) report.hooks.push_back(each->report());
    std::lock_guard const guard(hook_errors_mutex_);
    report.hook_errors = hook_errors_;
    report.hook_errors_total = hook_errors_total_;
}

}  // namespace frond
