#include "task_needs.hpp"

namespace frond {

void task_needs::lie_at(std::byte* memory, std::size_t tasks) noexcept {
    counts_ = reinterpret_cast<count*>(memory);
    links_ = reinterpret_cast<link*>(memory + tasks * sizeof(count));
    for (std::size_t i = 0; i < tasks; ++i) ::new (&counts_[i]) count(0);
}

void task_needs::reset(plan const& of, plan_scope const& scope) noexcept {
    for (std::size_t i = 0; i < scope.specs.size(); ++i) {
        counts_[i].store(of.specs[scope.specs[i]].needs, std::memory_order_relaxed);
    }
    left_.store(static_cast<std::uint32_t>(scope.specs.size()), std::memory_order_relaxed);
    several_threads_.store(false, std::memory_order_relaxed);
}

ready_tasks task_needs::split(ready_tasks& list, std::uint32_t kept) noexcept {
    assert(kept != 0 && kept < list.count);
    std::uint32_t last = list.head;
    for (std::uint32_t i = 1; i < kept; ++i) last = links_[last];
    ready_tasks rest;
    rest.head = links_[last];
    rest.count = list.count - kept;
    list.count = kept;
    return rest;
}

void task_needs::meet(task_spec const& spec, trigger what, ready_tasks& list, bool single_threaded) noexcept {
    for (auto const& dependent : spec.dependents) {
        if (dependent.on != what) continue;
        bool met = dependent.alone;
        if (!met) {
            auto& unmet = counts_[dependent.position];
            assert(unmet.load(std::memory_order_relaxed) != 0);
            if (single_threaded || !several_threads_.load(std::memory_order_relaxed)) {
                auto const left = unmet.load(std::memory_order_relaxed) - 1;
                unmet.store(left, std::memory_order_relaxed);
                met = left == 0;
            } else {
                met = unmet.fetch_sub(1, std::memory_order_acq_rel) == 1;
            }
        }
        if (met) push(list, dependent.position);
    }
}

}  // namespace frond
