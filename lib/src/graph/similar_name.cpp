#include "frond/graph/detail/similar_name.hpp"

#include <algorithm>
#include <array>

namespace frond::detail {

namespace {

constexpr std::size_t longest = 64;

constexpr char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

// Row by row through the table of all beginnings of the two names.
std::optional<std::size_t> distance_of(std::string_view a, std::string_view b, std::size_t most) noexcept {
    if (a.size() > longest || b.size() > longest) return std::nullopt;
    std::array<std::array<std::size_t, longest + 1>, 3> rows{};
    for (std::size_t j = 0; j <= b.size(); ++j) rows[0][j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        auto const& above = rows[(i - 1) % 3];
        auto const& two_above = rows[(i + 1) % 3];
        auto& row = rows[i % 3];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            bool const same = lower(a[i - 1]) == lower(b[j - 1]);
            row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + (same ? 0U : 1U)});
            if (i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) && lower(a[i - 2]) == lower(b[j - 1])) {
                row[j] = std::min(row[j], two_above[j - 2] + 1);
            }
        }
    }
    std::size_t const found = rows[a.size() % 3][b.size()];
    return found <= most ? std::optional(found) : std::nullopt;
}

std::string name_hints::of(std::string_view asked) {
    if (looks_left_ < among_.size()) return {};
    looks_left_ -= among_.size();
    std::size_t most = std::min<std::size_t>(asked.size() / 3, 3);
    node const* best = nullptr;
    for (node const& each : among_) {
        std::size_t const longer = std::max(each.name.size(), asked.size());
        if (longer - std::min(each.name.size(), asked.size()) > most) continue;
        auto const distance = distance_of(asked, each.name, most);
        if (!distance || (best != nullptr && *distance == most)) continue;
        best = &each;
        most = *distance;
    }
    return best != nullptr ? "; did you mean \"" + best->name + "\"?" : std::string();
}

}  // namespace frond::detail
