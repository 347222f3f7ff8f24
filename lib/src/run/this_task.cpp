#include "frond/run/this_task.hpp"

#include "child_notes.hpp"
#include "event_record.hpp"
#include "instance.hpp"
#include "open_expansion.hpp"
#include "run_core.hpp"
#include "task_context.hpp"
#include "task_news.hpp"

#include <utility>

namespace frond::this_task {

namespace {

task_context* current() noexcept { return static_cast<task_context*>(current_context::get()); }

}  // namespace

told progress(double done, double of) noexcept {
    if (task_context* const here = current()) {
        // What the lane holds back comes before.
        if (here->notes != nullptr) here->notes->tell_from_inside(*here->in);
        run_core& run = here->in->run;
        run.news.bodies.note(*here, done, of);
        event_record record;
        record.moment = hook_moment::on_progress;
        event_detail detail;
        detail.done = done;
        detail.of = of;
        tell_task(*here->in, *here->spec, record, std::move(detail));
    }
    return {};
}

task_id id() {
    task_context const* const here = current();
    return here != nullptr ? here->in->id_of(*here->spec) : task_id();
}

std::optional<std::uint64_t> index() noexcept {
    task_context const* const here = current();
    return here != nullptr && here->in->of != nullptr ? std::optional(here->in->index) : std::nullopt;
}

std::optional<std::uint64_t> total() noexcept {
    task_context const* const here = current();
    return here != nullptr && here->in->of != nullptr ? here->in->of->total() : std::nullopt;
}

std::uint32_t attempt() noexcept {
    task_context const* const here = current();
    return here != nullptr ? here->attempt : 1;
}

bool cancelled() noexcept {
    task_context const* const here = current();
    return here != nullptr && here->in->domain->cancelled();
}

carried_context* carried() noexcept {
    task_context const* const here = current();
    return here != nullptr ? here->carried : nullptr;
}

}  // namespace frond::this_task
