#include "scope_values.hpp"

#include <algorithm>

namespace frond {

namespace {

constexpr std::size_t round_up(std::size_t size) {
    constexpr std::size_t unit = alignof(scope_values);
    return (size + unit - 1) / unit * unit;
}

// Where the parts lie, one after the other.
struct layout {
    std::size_t parameter, block, flags, end;

    explicit layout(plan_scope const& scope) {
        parameter = round_up((plan_scope::first_outer_base + scope.outer_bases.size()) * sizeof(std::byte*));
        block = parameter + (scope.parameter != nullptr ? round_up(scope.parameter->size) : 0);
        flags = block + round_up(scope.block_size);
        end = flags + round_up(scope.values.size());
    }
};

}  // namespace

std::size_t scope_values::bytes(plan_scope const& of) noexcept { return layout(of).end; }

void scope_values::lie_at(std::byte* memory, std::byte* const* outer) noexcept {
    layout const at(scope);
    bases = reinterpret_cast<std::byte**>(memory);
    parameter = memory + at.parameter;
    block = memory + at.block;
    flags_ = reinterpret_cast<std::uint8_t*>(memory + at.flags);
    std::fill_n(flags_, scope.values.size(), std::uint8_t{0});
    bases[plan_scope::block_base] = block;
    bases[plan_scope::parameter_base] = parameter;
    for (std::size_t i = 0; i < scope.outer_bases.size(); ++i) {
        bases[plan_scope::first_outer_base + i] = outer[scope.outer_bases[i]];
    }
}

}  // namespace frond
