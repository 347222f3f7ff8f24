#include "run_core.hpp"

#include <algorithm>
#include <thread>
#include <utility>

namespace frond {

namespace {

// How many threads the machine has. Asked once: it reads a file, which costs more than a small run.
unsigned machine_threads() noexcept {
    static unsigned const known = std::max(1U, std::thread::hardware_concurrency());
    return known;
}

}  // namespace

run_core::run_core(std::shared_ptr<frond::plan const> what, std::uint64_t number, task_flow const& of)
    : observed_run(std::move(what), number),
      flow(of),
      counts(*plan),
      limits(*plan),
      growth(plan->options.stream_memory) {}

void run_core::set_up(executor& on, clock& time, std::span<any_hook const> hooks, bool awaits_all_hooks,
                      std::shared_ptr<void> keep) {
    on_ = &on;
    time_ = &time;
    keep_ = std::move(keep);
    unsigned const concurrency = on.concurrency();
    threads.begin(concurrency, concurrency != 0 ? concurrency : machine_threads());
    for (any_hook const& hook : hooks) {
        if (hook.wraps_nodes()) around_nodes_.push_back(hook);
        if (hook.wraps_tasks()) around_tasks_.push_back(hook);
        if (hook.listens().any()) news.add(hook, awaits_all_hooks || !hook.owns());
    }
    wraps_ = !around_nodes_.empty() || !around_tasks_.empty();
    if (news.has_lossless_hooks()) {
        // Lanes that wait for a hook are let go when something is interrupted.
        room.on_interruption([](void* of) noexcept { static_cast<run_core*>(of)->news.release_lanes(); }, this);
    }
}

clock_look run_core::look(time_point now) noexcept {
    if (pump::current() == nullptr) return {};  // no pump runs on this thread, so no run holds it
    return pump::current()->slice().look(now);
}

bool run_core::gives_back(time_point now) const noexcept {
    if (look(now).held <= plan->options.budget) return false;
    if (!pump::current()->idle()) pump::current()->hand_over();
    return true;
}

void run_core::give_back_what_waits() const noexcept {
    pump& here = *pump::current();
    if (here.idle() || !here.pace().is_due()) return;
    time_point const now = time().now();
    here.pace().looked(now);
    static_cast<void>(gives_back(now));
}

}  // namespace frond
