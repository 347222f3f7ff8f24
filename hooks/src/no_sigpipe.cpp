#include "no_sigpipe.hpp"

#include <cerrno>
#include <ctime>

namespace frond::hooks::detail {

namespace {

sigset_t only_sigpipe() noexcept {
    sigset_t made;
    ::sigemptyset(&made);
    ::sigaddset(&made, SIGPIPE);
    return made;
}

bool is_pending() noexcept {
    sigset_t pending;
    return ::sigpending(&pending) == 0 && ::sigismember(&pending, SIGPIPE) == 1;
}

}  // namespace

no_sigpipe::no_sigpipe() noexcept {
    if (is_pending()) return;
    sigset_t const pipe = only_sigpipe();
    blocks_ = ::pthread_sigmask(SIG_BLOCK, &pipe, &before_) == 0;
}

no_sigpipe::~no_sigpipe() {
    if (!blocks_) return;
    int const kept = errno;
    if (is_pending()) {
        sigset_t const pipe = only_sigpipe();
        timespec const at_once{};
        while (::sigtimedwait(&pipe, nullptr, &at_once) < 0 && errno == EINTR) {
        }
    }
    ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
    errno = kept;
}

}  // namespace frond::hooks::detail
