// Which expanders enclose what, outermost first. Chains share their beginnings, so that deep nesting costs no square.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace frond::detail {

/// Invariant: an expander has one chain around it, so two chains that have it in the same place begin alike.
class expansion_chains {
public:
    /// The first `length` expanders of a path. The default is the chain of what no expander encloses.
    struct chain {
        std::uint32_t path = 0;
        std::uint32_t length = 0;
    };

    std::span<std::size_t const> operator[](chain of) const noexcept { return {paths_[of.path].data(), of.length}; }

    /// The innermost expander. Requires: a chain that is not empty.
    std::size_t innermost(chain of) const noexcept { return paths_[of.path][of.length - 1]; }

    /// True if what is in `inner` is in `outer` too.
    bool encloses(chain outer, chain inner) const noexcept {
        if (outer.length == 0) return true;
        return outer.length <= inner.length && paths_[inner.path][outer.length - 1] == innermost(outer);
    }

    /// The chain of what is inside an expander that is itself in `around`.
    chain inside(chain around, std::size_t expander) {
        auto& path = paths_[around.path];
        if (around.length == path.size() && around.length != 0) {
            path.push_back(expander);
            return {around.path, around.length + 1};
        }
        std::vector<std::size_t> branch(path.begin(), path.begin() + around.length);
        branch.push_back(expander);
        paths_.push_back(std::move(branch));
        return {static_cast<std::uint32_t>(paths_.size() - 1), around.length + 1};
    }

    /// Gives every expander the number that stands in its place.
    void renumber(std::span<std::size_t const> numbers) noexcept {
        for (auto& path : paths_) {
            for (auto& expander : path) expander = numbers[expander];
        }
    }

private:
    std::vector<std::vector<std::size_t>> paths_{1};  // the first stays empty
};

}  // namespace frond::detail
