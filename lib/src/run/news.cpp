#include "news.hpp"

#include <algorithm>
#include <cassert>
#include <thread>
#include <utility>

namespace frond {

// ---- the run's life

void news::add(any_hook const& hook, bool awaited) {
    assert(hook.listens().any());
    observers_.push_back(std::make_unique<observer>(run_, errors_, hook, awaited));
    if (hook.policy().lossless()) lossless_.push_back(observers_.back().get());
    hook_moments heard = hook.listens();
    if (hook.policy().samples()) heard.remove(task_moments);
    listened_.add(heard);
    copies_parameters_ = copies_parameters_ || (heard.has(hook_moment::on_yield) && hook.policy().parameters());
    exact_time_ = exact_time_ || (heard.has_any(task_moments) && !hook.policy().coarse());
}

void news::start() noexcept {
    for (auto const& each : observers_) each->start();
}

void news::close() noexcept {
    for (auto const& each : observers_) each->close();
}

void news::cancel() noexcept {
    for (auto const& each : observers_) each->cancel();
}

std::size_t news::awaited() const noexcept {
    auto const count = std::count_if(observers_.begin(), observers_.end(), [](auto const& o) { return o->awaited(); });
    return static_cast<std::size_t>(count);
}

void news::fill(run_report& report) const {
    for (auto const& each : observers_) report.hooks.push_back(each->report());
    errors_.fill(report);
}

// ---- telling hooks

void news::tell(event_batch&& batch) noexcept {
    try {
        auto const shared = std::make_shared<event_batch const>(std::move(batch));
        for (auto const& each : observers_) {
            std::size_t const events = each->events_in(*shared);
            if (events != 0) each->push(shared, events);
        }
    } catch (...) {
        // Out of memory: the events are lost; the counters are still right.
    }
}

void news::tell_task(task_place of, event_record record, event_detail detail) noexcept {
    if (!tells(record.moment)) return;
    assert(task_moments.has(record.moment) && record.children == 0 && of.spec < run_.plan->specs.size());
    try {
        event_batch batch;
        batch.thread = std::this_thread::get_id();
        record.spec = of.spec;
        record.time = run_.time().now();
        if (of.inside) {
            batch.enclosing = std::move(of.enclosing);
            batch.inside = true;
            record.index = of.index;
            record.total = of.total;
            detail.key = std::move(of.key);
        }
        batch.add(record, std::move(detail));
        tell(std::move(batch));
    } catch (...) {
    }
}

void news::tell_expansion(std::shared_ptr<child_path const> const& path, std::uint32_t spec, event_record record,
                          error const* failure) noexcept {
    if (!tells(record.moment)) return;
    assert(task_moments.has(record.moment) && record.children == 0 && spec < run_.plan->specs.size());
    try {
        event_batch batch;
        batch.thread = std::this_thread::get_id();
        batch.enclosing = path;
        record.spec = spec;
        record.time = run_.time().now();
        event_detail detail;
        if (failure != nullptr) detail.failure = *failure;
        batch.add(record, std::move(detail));
        tell(std::move(batch));
    } catch (...) {
    }
}

void news::tell_run(hook_moment moment, std::optional<error> failure) noexcept {
    assert(!task_moments.has(moment) && moment != hook_moment::on_sample);
    if (!tells(moment)) return;
    try {
        auto made = std::make_shared<run_event>();
        made->run_id = run_.id;
        made->plan = run_.plan;
        made->time = run_.time().now();
        if (moment == hook_moment::after_run) {
            made->progress = run_.progress();
            made->failure = std::move(failure);
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

// ---- lanes that lossless hooks hold back

bool news::admits(wakeable& lane) noexcept {
    return std::all_of(lossless_.begin(), lossless_.end(), [&](observer* each) { return each->admit(lane); });
}

void news::release_lanes() noexcept {
    for (observer* const each : lossless_) each->release();
}

}  // namespace frond
