#include "output.hpp"

#include "../no_sigpipe.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <cstdio>
#include <cstdlib>
#include <iterator>
#include <string>

namespace frond::hooks::detail {

namespace {

std::string_view variable(char const* name) noexcept {
    char const* const value = std::getenv(name);
    return value != nullptr ? value : std::string_view();
}

bool plain_is_asked_for() noexcept {
    auto const asks = [](std::string_view value) { return !value.empty() && value != "0" && value != "false"; };
    return !variable("NO_COLOR").empty() || asks(variable("CI"));
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
    auto const term = variable("TERM");
    return !plain_is_asked_for() && !term.empty() && term != "dumb" && ::isatty(descriptor) == 1;
}

bool shown_in_notebook(int descriptor) noexcept {
    // Set by Jupyter for its kernels; what they start inherits it.
    if (plain_is_asked_for() || variable("JPY_PARENT_PID").empty()) return false;
    struct stat what{};
    if (::fstat(descriptor, &what) != 0) return false;
    return S_ISFIFO(what.st_mode) || S_ISSOCK(what.st_mode) || ::isatty(descriptor) == 1;
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

output::output(int descriptor) noexcept : descriptor_(descriptor) {
    unsigned number = 0;
    bool const master = ::ioctl(descriptor, TIOCGPTN, &number) == 0;  // opened anew it would be another terminal
    if (::isatty(descriptor) != 1 || master) return;
    // poll calls a terminal ready that has room for one character. Opened anew it can be told not to wait, which others who
    // write to the same descriptor are not to notice.
    std::array<char, 32> path{};
    std::snprintf(path.data(), path.size(), "/proc/self/fd/%d", descriptor);
    own_ = ::open(path.data(), O_WRONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
}

output::~output() {
    if (own_ >= 0) ::close(own_);
}

bool output::write(std::string_view bytes, patience how) {
    int const wait = how == patience::none ? 0 : 1000;
    if (!rest_.empty()) {
        rest_.erase(0, write_some(rest_, wait));
        if (!rest_.empty()) return false;
    }
    rest_.reserve(bytes.size());
    std::size_t const written = write_some(bytes, wait);
    if (written == 0) return false;
    rest_ = bytes.substr(written);
    return true;
}

// As much as there is room for.
std::size_t output::write_some(std::string_view bytes, int milliseconds) noexcept {
    int const to = own_ >= 0 ? own_ : descriptor_;
    no_sigpipe const guard;
    std::size_t done = 0;
    while (done < bytes.size() && takes(to, milliseconds)) {
        // A pipe that is ready takes this much.
        auto const written = ::write(to, bytes.data() + done, std::min<std::size_t>(bytes.size() - done, PIPE_BUF));
        if (written > 0) {
            done += static_cast<std::size_t>(written);
        } else if (errno != EINTR && (errno != EAGAIN || milliseconds == 0)) {
            break;
        }
    }
    return done;
}

}  // namespace frond::hooks::detail
