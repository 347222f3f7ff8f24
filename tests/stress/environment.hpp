// What the environment says of how long and how often the stress tests try.
#pragma once

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <string>

namespace stress {

inline std::uint64_t number_from_environment(char const* name, std::uint64_t otherwise) {
    char const* const text = std::getenv(name);
    return text == nullptr ? otherwise : std::stoull(text);
}

/// After how long something is taken to never happen: FROND_PATIENCE seconds. No test that passes waits for it.
inline std::chrono::seconds patience() {
    static std::uint64_t const asked = number_from_environment("FROND_PATIENCE", 20);
    return std::chrono::seconds(asked);
}

}  // namespace stress
