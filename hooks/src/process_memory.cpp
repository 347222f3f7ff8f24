#include "process_memory.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>

namespace frond::hooks::detail {

std::optional<std::uint64_t> resident_bytes() noexcept {
    int const file = ::open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
    if (file < 0) return std::nullopt;
    char text[128];
    auto const got = ::read(file, text, sizeof text - 1);
    ::close(file);
    if (got <= 0) return std::nullopt;
    text[got] = '\0';
    // Pages: "total resident ...".
    char* after = nullptr;
    std::strtoull(text, &after, 10);
    char* end = nullptr;
    auto const pages = std::strtoull(after, &end, 10);
    if (end == after) return std::nullopt;
    return std::uint64_t{pages} * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

}  // namespace frond::hooks::detail
