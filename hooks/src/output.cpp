#include "output.hpp"

#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <iterator>
#include <string>

namespace frond::hooks::detail {

namespace {

std::string_view variable(char const* name) noexcept {
    char const* const value = std::getenv(name);
    return value != nullptr ? value : std::string_view();
}

/// Whether it can take something now, or within that many milliseconds.
bool takes(int descriptor, int milliseconds) noexcept {
    pollfd asked = {descriptor, POLLOUT, 0};
    int ready = 0;
    do {
        ready = ::poll(&asked, 1, milliseconds);
    } while (ready < 0 && errno == EINTR);
    return ready > 0 && (asked.revents & POLLOUT) != 0;
}

}  // namespace

bool utf8_locale() noexcept {
    // As setlocale would look it up; the program may not have called that.
    std::string_view locale;
    for (char const* const name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
        if (locale.empty()) locale = variable(name);
    }
    auto const lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    auto const names = [&](std::string_view charset) {
        return std::search(locale.begin(), locale.end(), charset.begin(), charset.end(),
                           [&](char a, char b) { return lower(a) == b; }) != locale.end();
    };
    return names("utf-8") || names("utf8");
}

bool draws_in_place(int descriptor) noexcept {
    auto const asks = [](std::string_view value) { return !value.empty() && value != "0" && value != "false"; };
    if (!variable("NO_COLOR").empty() || asks(variable("CI"))) return false;
    auto const term = variable("TERM");
    return !term.empty() && term != "dumb" && ::isatty(descriptor) == 1;
}

look screen_of(int descriptor) noexcept {
    look on;
    winsize size{};
    if (::ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 && size.ws_row > 0) {
        on.width = size.ws_col;
        on.height = size.ws_row;
    }
    return on;
}

bool write_to(int descriptor, std::string_view bytes, patience how) noexcept {
    if (!takes(descriptor, how == patience::none ? 0 : 1000)) return false;
    while (!bytes.empty()) {
        auto const written = ::write(descriptor, bytes.data(), bytes.size());
        if (written > 0) {
            bytes.remove_prefix(static_cast<std::size_t>(written));
        } else if (errno == EAGAIN) {
            // What has been begun is ended, lest half a sequence stays behind.
            if (!takes(descriptor, 1000)) return false;
        } else if (errno != EINTR) {
            return false;
        }
    }
    return true;
}

}  // namespace frond::hooks::detail
