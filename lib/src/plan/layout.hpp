// Where every value lies: one block for each scope, in which the plan knows every offset.
#pragma once

#include "frond/plan/plan.hpp"
#include "selection.hpp"
#include "sinks.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace frond::detail {

/// The block of one scope, while it grows.
class block_layout {
public:
    std::size_t add(std::size_t size, std::size_t align) noexcept {
        std::size_t const at = (end_ + align - 1) / align * align;
        end_ = at + size;
        align_ = align > align_ ? align : align_;
        return at;
    }
    std::size_t size() const noexcept { return end_ != 0 ? end_ : 1; }
    std::size_t align() const noexcept { return align_; }

private:
    std::size_t end_ = 0;
    std::size_t align_ = 1;
};

/// Lays out what the plan's specs, scopes and inputs need, and fills in every place. Faults: a block that is too large.
void lay_out(plan& made, selection const& from, sink_table const& sinks, std::vector<std::string>& faults);

}  // namespace frond::detail
