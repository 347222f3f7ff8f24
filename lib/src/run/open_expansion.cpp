#include "open_expansion.hpp"

namespace frond {

void open_expansion::know_total(std::uint64_t total) noexcept {
    auto const known = [](std::uint64_t said) {
        return said != event_record::unknown ? std::optional(said) : std::nullopt;
    };
    run.counts.know_total(scope, known(total_.exchange(total, std::memory_order_relaxed)), known(total));
}

}  // namespace frond
