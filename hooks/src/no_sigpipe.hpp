// Writing to a pipe or a socket whose reader has gone gives an error, and does not end the process.
#pragma once

#include <csignal>

namespace frond::hooks::detail {

/// Keeps SIGPIPE from the thread while it lives. A SIGPIPE that a write of this thread has raised meanwhile is taken, so the
/// write's EPIPE is all that is left of it. The signal's disposition, which belongs to the program, stays as it is.
/// Thread: made and destroyed by the same one.
class no_sigpipe {
public:
    no_sigpipe() noexcept;
    ~no_sigpipe();
    no_sigpipe(no_sigpipe const&) = delete;
    no_sigpipe& operator=(no_sigpipe const&) = delete;

private:
    bool blocks_ = false;  // false: one was pending already, so the thread has blocked it itself
    sigset_t before_{};
};

}  // namespace frond::hooks::detail
