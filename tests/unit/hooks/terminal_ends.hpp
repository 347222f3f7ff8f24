// What a display writes to in tests: a pipe or a terminal of their own, in an environment of their own.
#pragma once

#include "frond/hooks/terminal.hpp"

#include "samples.hpp"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cstddef>
#include <cstdlib>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

namespace samples {

inline std::string read_all(int descriptor) {
    std::string all;
    char buffer[4096];
    while (true) {
        auto const got = ::read(descriptor, buffer, sizeof buffer);
        if (got <= 0) return all;
        all.append(buffer, static_cast<std::size_t>(got));
    }
}

/// A pipe in the place of a terminal; what was written can be read without waiting.
class pipe_end {
public:
    pipe_end() {
        if (::pipe2(ends_, O_NONBLOCK | O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
    }
    ~pipe_end() {
        ::close(ends_[0]);
        ::close(ends_[1]);
    }
    int in() const { return ends_[1]; }
    std::string read() const { return read_all(ends_[0]); }

private:
    int ends_[2];
};

/// A terminal of a size that the test sets.
class pseudo_terminal {
public:
    pseudo_terminal() : master_(::posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK)) {
        if (master_ < 0 || ::grantpt(master_) != 0 || ::unlockpt(master_) != 0) throw std::runtime_error("no terminal");
        slave_ = ::open(::ptsname(master_), O_RDWR | O_NOCTTY);
        resize(80, 24);
    }
    ~pseudo_terminal() {
        ::close(slave_);
        ::close(master_);
    }
    int in() const { return slave_; }
    void resize(unsigned short columns, unsigned short rows) const {
        winsize size{};
        size.ws_col = columns;
        size.ws_row = rows;
        ::ioctl(slave_, TIOCSWINSZ, &size);
    }
    std::string read() const { return read_all(master_); }

private:
    int master_;
    int slave_;
};

/// The environment with one variable more, for as long as it lives.
class with_variable {
public:
    with_variable(std::string name, char const* value) : name_(std::move(name)) {
        if (char const* const before = std::getenv(name_.c_str())) before_ = before;
        if (value != nullptr) {
            ::setenv(name_.c_str(), value, 1);
        } else {
            ::unsetenv(name_.c_str());
        }
    }
    with_variable(with_variable const&) = delete;
    ~with_variable() {
        if (before_) {
            ::setenv(name_.c_str(), before_->c_str(), 1);
        } else {
            ::unsetenv(name_.c_str());
        }
    }

private:
    std::string name_;
    std::optional<std::string> before_;
};

/// An environment that says nothing against drawing in place, in ASCII.
struct plain_environment {
    with_variable term{"TERM", "xterm"};
    with_variable no_color{"NO_COLOR", nullptr};
    with_variable ci{"CI", nullptr};
    with_variable jupyter{"JPY_PARENT_PID", nullptr};
    with_variable locale{"LC_ALL", "C"};
};

inline frond::run_event event_at(frond::duration after) {
    frond::run_event made;
    made.time = start + after;
    return made;
}

inline frond::hooks::terminal_options on(pipe_end const& to, frond::hooks::terminal_mode mode) {
    return frond::hooks::terminal_options().mode(mode).output(to.in());
}

}  // namespace samples
