#include "run_state.hpp"

#include "expansion.hpp"

#include <algorithm>
#include <thread>

namespace frond {

namespace {

// The last run's number, for ids; only its uniqueness matters.
std::atomic<std::uint64_t> last_run_id{0};

// Of an executor that does not tell how many threads it has: as many as the machine has processors, for bodies so short that more
// would not help.
unsigned threads_of(executor const& on) {
    // Asked once: it reads a file, which costs more than a small run.
    static unsigned const machine = std::max(1U, std::thread::hardware_concurrency());
    unsigned const known = on.concurrency();
    return known != 0 ? known : machine;
}

// Lanes of one expansion. Only a free thread takes up an invitation, so where the threads are not known there need be no closer bound.
constexpr unsigned most_lanes = 256;

}  // namespace

run_state::run_state(std::shared_ptr<frond::plan const> what)
    : observed_run(std::move(what), last_run_id.fetch_add(1, std::memory_order_relaxed) + 1),
      counts(*plan),
      limits(*plan),
      growth(plan->options.stream_memory),
      begin_(*this, [](work& self) noexcept { static_cast<root_work&>(self).of.run_tasks(); }),
      complete_(*this, [](work& self) noexcept { static_cast<root_work&>(self).of.complete(); }),
      grace_over_(*this) {
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
    width_known_ = on().concurrency() != 0;
    width_ = width_known_ ? on().concurrency() : most_lanes;
    helpers_.store(static_cast<int>(threads_of(on())) - 1, std::memory_order_relaxed);
    begin_.on = complete_.on = grace_over_.on = &on();
    for (any_hook const& hook : start_.hooks) {
        if (hook.wraps_nodes()) around_nodes_.push_back(hook);
        if (hook.wraps_tasks()) around_tasks_.push_back(hook);
        wraps_ = wraps_ || hook.wraps_nodes() || hook.wraps_tasks();
        if (!hook.listens().any()) continue;
        news.add(hook, start_.awaits_all_hooks || !hook.owns());
    }
    start_.hooks = {};
    if (news.has_lossless_hooks()) {
        // Lanes that wait for a hook are let go when something is interrupted.
        room.on_interruption([](void* of) noexcept { static_cast<run_state*>(of)->news.release_lanes(); }, this);
    }
    self_ = shared_from_this();
    started = time().now();
    on().post(begin_);
}

void run_state::run_tasks() noexcept {
    counts.begin();
    observers_left_.store(news.observers() + 1, std::memory_order_relaxed);
    awaited_left_.store(news.awaited() + 1, std::memory_order_relaxed);
    auto const alive = shared_from_this();
    news.tell_run(hook_moment::after_graph_construction);
    news.tell_run(hook_moment::before_run);
    news.tell_run(hook_moment::after_grouping);
    news.start();
    slot_credit credit;
    if (root_->start(credit)) tasks_ended();
}

void run_state::tasks_ended() noexcept {
    ended_at_ = time().now();
    ended_.store(true, std::memory_order_release);
    if (news.observers() == 0) {
        finish();
        return;
    }
    tell_end();
    news.close();
    grace_over_.keep = shared_from_this();
    grace_over_.when = time().now() + plan->options.grace;
    time().wait(grace_over_);
    observer_ended(true);
}

void run_state::tell_end() noexcept {
    if (!tells(hook_moment::after_run)) return;
    std::optional<error> failure;
    try {
        if (domain.failures_total() != 0) failure = domain.outcome();
    } catch (...) {
        failure = error::out_of_memory();
    }
    news.tell_run(hook_moment::after_run, std::move(failure));
}

void run_state::observer_ended(bool awaited) noexcept {
    if (observers_left_.fetch_sub(1, std::memory_order_acq_rel) == 1 && time().cancel(grace_over_)) {
        grace_over_.keep.reset();
    }
    if (awaited && awaited_left_.fetch_sub(1, std::memory_order_acq_rel) == 1) finish();
}

// A grace period is over. The first time: cancels all hooks, and waits once more if the run must not complete before some
// of them have ended. The second time: completes without them.
void run_state::end_grace() noexcept {
    news.cancel();
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
    constexpr int patience = 16;
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
    made.so_far = counts.of_spec(index_of(spec));
    return made;
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
    task_place place;
    place.spec = index_of(spec);
    if (in.of != nullptr) {
        place.inside = true;
        place.enclosing = in.of->path;
        place.index = in.index;
        place.key = in.key;
        place.total = in.of->total().value_or(event_record::unknown);
    }
    news.tell_task(std::move(place), record, std::move(detail));
}

void run_state::tell_expansion(expansion const& of, event_record record, error const* failure) noexcept {
    news.tell_expansion(of.path, index_of(of.spec), record, failure);
}

void run_state::stream_grown(expansion const& of, task_spec const& reader, std::uint64_t chunks,
                             std::uint64_t bytes) noexcept {
    growth.count(chunks);
    event_record record;
    record.moment = hook_moment::on_stream_growth;
    record.reader = index_of(reader);
    record.index = chunks;
    record.total = bytes;
    tell_expansion(of, record);
}

void run_state::fill(run_report& report) const {
    report = run_report();
    report.run_id = id;
    report.took = ended_at_ - started;
    report.tasks = counts.tasks();
    report.children = counts.children();
    report.retries = counts.retries();
    report.streams_grown = growth.times();
    report.most_stream_chunks = growth.most_chunks();
    news.fill(report);
}

}  // namespace frond
