#include "memory_track.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <optional>

namespace frond::hooks::detail {

namespace {

constexpr unsigned looks_before_doubling = 256;

std::optional<std::uint64_t> resident_bytes() noexcept {
    int const file = ::open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
    if (file < 0) return std::nullopt;
    char text[128];
    auto const got = ::read(file, text, sizeof text - 1);
    ::close(file);
    if (got <= 0) return std::nullopt;
    text[got] = '\0';
    // In pages: all, resident, and more.
    char* after_all = nullptr;
    std::strtoull(text, &after_all, 10);
    char* end = nullptr;
    auto const pages = std::strtoull(after_all, &end, 10);
    if (end == after_all) return std::nullopt;
    return std::uint64_t{pages} * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

}  // namespace

void memory_track::look(trace_process& to, trace_time now) {
    if (now < next_ || !shown_) return;
    if (++looks_ % looks_before_doubling == 0) between_ *= 2;
    next_ = now + between_;
    auto const bytes = resident_bytes();
    if (!bytes) return;
    json_members args;
    args.add("resident MiB", static_cast<double>(*bytes) / (1 << 20));
    to.write({.phase = trace_phase::counter, .name = "\"memory\"", .at = now, .args = args.text()});
}

void memory_track::look_at_last(trace_process& to, trace_time now) {
    next_ = now;
    look(to, now);
}

}  // namespace frond::hooks::detail
