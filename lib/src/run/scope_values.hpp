// The values of one execution of a scope and its parameter, and the addresses at which bodies find them.
//
// Invariant: a value exists exactly if its flag is set.
// Thread: tasks of one execution may make values on several threads, each its own.
#pragma once

#include "frond/plan/plan.hpp"

#include <cstddef>
#include <cstdint>

namespace frond {

class alignas(std::max_align_t) scope_values {
public:
    /// The memory that they take, aligned like them; a multiple of that.
    static std::size_t bytes(plan_scope const& of) noexcept;

    /// The value exists.
    void made(std::uint32_t value) noexcept { flags_[value] = 1; }
    std::byte* at(place where) const noexcept { return bases[where.base] + where.offset; }

    plan_scope const& scope;
    std::byte** bases = nullptr;  // see plan_scope::outer_bases
    std::byte* block = nullptr;
    std::byte* parameter = nullptr;
    bool parameter_made = false;  // by moving it here

protected:
    /// The scope outlives them.
    explicit scope_values(plan_scope const& of) noexcept : scope(of) {}
    ~scope_values() = default;

    /// Before all else. `memory`: bytes(scope), and outlives them. `outer`: the bases of the enclosing scope; null for the run's.
    void lie_at(std::byte* memory, std::byte* const* outer) noexcept;
    /// Destroys the values that exist, the last one of the scope first, and then the parameter.
    void destroy_values() noexcept {
        for (std::size_t i = scope.values.size(); i-- > 0;) {
            if (flags_[i] == 0) continue;
            flags_[i] = 0;
            if (auto* const destroy = scope.values[i].destroy()) destroy(block + scope.values[i].offset);
        }
        if (parameter_made) {
            parameter_made = false;
            if (scope.parameter->destroy != nullptr) scope.parameter->destroy(parameter);
        }
    }

private:
    std::uint8_t* flags_ = nullptr;  // by value
};

}  // namespace frond
