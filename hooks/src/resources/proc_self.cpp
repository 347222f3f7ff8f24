#include "proc_self.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <system_error>

namespace frond::hooks::detail {

namespace {

/// The next word of a text, which is taken off it; empty at its end.
std::string_view next_word(std::string_view& text) noexcept {
    auto const first = text.find_first_not_of(" \n");
    if (first == std::string_view::npos) return {};
    text.remove_prefix(first);
    auto const word = text.substr(0, text.find_first_of(" \n"));
    text.remove_prefix(word.size());
    return word;
}

std::optional<std::uint64_t> number(std::string_view word) noexcept {
    std::uint64_t value = 0;
    auto const [end, failure] = std::from_chars(word.data(), word.data() + word.size(), value);
    if (failure != std::errc() || end != word.data() + word.size()) return std::nullopt;
    return value;
}

[[noreturn]] void fail(std::error_code code, char const* path) {
    throw std::system_error(code, std::string("cannot read ") + path);
}
[[noreturn]] void fail(char const* path) { fail(std::error_code(errno, std::generic_category()), path); }

/// The files are short, and read in one go each.
template <std::size_t Size>
std::string_view read_file(char const* path, std::array<char, Size>& into) {
    int const file = ::open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) fail(path);
    ssize_t const size = ::read(file, into.data(), into.size());
    int const failure = errno;
    ::close(file);
    if (size < 0) fail(std::error_code(failure, std::generic_category()), path);
    return {into.data(), static_cast<std::size_t>(size)};
}

std::uint64_t count_open_files() {
    constexpr char const* path = "/proc/self/fd";
    std::unique_ptr<DIR, int (*)(DIR*)> const folder(::opendir(path), &::closedir);
    if (folder == nullptr) fail(path);
    std::uint64_t entries = 0;
    errno = 0;
    while (::readdir(folder.get()) != nullptr) ++entries;
    if (errno != 0) fail(path);
    // Not the folder's own, nor "." and "..".
    return entries > 3 ? entries - 3 : 0;
}

}  // namespace

std::optional<stat_text> parse_stat(std::string_view text) noexcept {
    // The name may have spaces, line ends and parentheses in it, but nothing after it has.
    auto const name_end = text.rfind(')');
    if (name_end == std::string_view::npos) return std::nullopt;
    text.remove_prefix(name_end + 1);
    // Counted as proc(5) does: the name is the second.
    std::optional<std::uint64_t> user;
    std::optional<std::uint64_t> system;
    for (int field = 3; field <= 20; ++field) {
        auto const word = next_word(text);
        if (field == 14) user = number(word);
        if (field == 15) system = number(word);
        if (field != 20) continue;
        auto const threads = number(word);
        if (user && system && threads) return stat_text{*user, *system, *threads};
    }
    return std::nullopt;
}

std::optional<std::uint64_t> parse_statm(std::string_view text) noexcept {
    next_word(text);
    return number(next_word(text));
}

duration time_of(std::uint64_t ticks, std::uint64_t per_second) noexcept {
    // Apart, so that years of CPU time do not overflow.
    std::chrono::duration<double> const rest(static_cast<double>(ticks % per_second) / static_cast<double>(per_second));
    return std::chrono::seconds(ticks / per_second) + std::chrono::duration_cast<duration>(rest);
}

usage read_usage() {
    constexpr char const* stat_path = "/proc/self/stat";
    constexpr char const* statm_path = "/proc/self/statm";
    auto const unknown = std::make_error_code(std::errc::bad_message);
    std::array<char, 4096> buffer{};
    auto const stat = parse_stat(read_file(stat_path, buffer));
    if (!stat) fail(unknown, stat_path);
    auto const pages = parse_statm(read_file(statm_path, buffer));
    if (!pages) fail(unknown, statm_path);
    auto const per_second = static_cast<std::uint64_t>(::sysconf(_SC_CLK_TCK));
    usage made;
    made.user = time_of(stat->user, per_second);
    made.system = time_of(stat->system, per_second);
    made.memory = *pages * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
    made.threads = stat->threads;
    made.open_files = count_open_files();
    return made;
}

}  // namespace frond::hooks::detail
