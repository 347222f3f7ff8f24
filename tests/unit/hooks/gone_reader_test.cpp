// Where a reader goes away, each output that writes has an error, and the program goes on: with SIGPIPE as it comes.
#include "../../catch.hpp"

#include "frond/hooks/event_log.hpp"
#include "frond/hooks/terminal.hpp"
#include "frond/hooks/trace.hpp"

#include "log_samples.hpp"
#include "no_sigpipe.hpp"
#include "patience.hpp"
#include "scratch_folder.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <ostream>
#include <streambuf>
#include <string>
#include <system_error>
#include <utility>

using namespace frond::hooks;

namespace {

/// The writing end of a pipe, or of a pair of sockets, which has a reader until `leave`.
class one_way {
public:
    enum class kind { pipe, socket };

    explicit one_way(kind of = kind::pipe) {
        int const made =
            of == kind::pipe ? ::pipe2(ends_, O_CLOEXEC) : ::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends_);
        if (made != 0) throw std::system_error(errno, std::generic_category());
    }
    ~one_way() {
        leave();
        ::close(ends_[1]);
    }
    one_way(one_way const&) = delete;
    one_way& operator=(one_way const&) = delete;

    void leave() {
        if (ends_[0] >= 0) ::close(std::exchange(ends_[0], -1));
    }
    int writing_end() const noexcept { return ends_[1]; }
    std::string path() const { return "/proc/self/fd/" + std::to_string(ends_[1]); }

private:
    int ends_[2] = {-1, -1};
};

/// A stream on a descriptor, as a program makes one of its standard output.
class descriptor_stream : private std::streambuf, public std::ostream {
public:
    explicit descriptor_stream(int to) : std::ostream(this), to_(to) {}

private:
    std::streamsize xsputn(char const* text, std::streamsize size) override {
        return ::write(to_, text, static_cast<std::size_t>(size));
    }
    std::streambuf::int_type overflow(std::streambuf::int_type c) override {
        char const byte = std::streambuf::traits_type::to_char_type(c);
        return ::write(to_, &byte, 1) == 1 ? c : std::streambuf::traits_type::eof();
    }

    int to_;
};

bool sigpipe_is_default() {
    struct sigaction now{};
    ::sigaction(SIGPIPE, nullptr, &now);
    sigset_t blocked;
    ::pthread_sigmask(SIG_SETMASK, nullptr, &blocked);
    return now.sa_handler == SIG_DFL && ::sigismember(&blocked, SIGPIPE) == 0;
}

template <class Hook>
void check_run(Hook& hook) {
    auto const sum = run_patiently<log_samples::nested>(hook);
    CHECK(sum);
}

}  // namespace

TEST_CASE("a log whose reader goes does not end the program") {
    one_way pipe;
    event_log log(pipe.path());
    check_run(log);
    pipe.leave();
    REQUIRE(sigpipe_is_default());
    frond::run_report report;
    CHECK(run_patiently<log_samples::nested>(log, report));
    REQUIRE(report.hook_errors.size() == 1);
    CHECK(report.hook_errors.front().cause() != nullptr);
    CHECK(sigpipe_is_default());
}

TEST_CASE("a log to a pipe that nobody reads is refused, and does not wait") {
    scratch_folder folder;
    REQUIRE(::mkfifo((folder / "pipe").c_str(), 0600) == 0);
    CHECK_THROWS_AS(event_log(folder / "pipe"), std::system_error);
}

TEST_CASE("a stream whose reader goes does not end the program") {
    for (auto const kind : {one_way::kind::pipe, one_way::kind::socket}) {
        one_way pipe(kind);
        descriptor_stream to(pipe.writing_end());
        event_log log(to);
        node_trace traced(to);
        pipe.leave();
        check_run(log);
        CHECK_FALSE(to);
        to.clear();
        check_run(traced);
        CHECK_FALSE(to);
    }
    CHECK(sigpipe_is_default());
}

TEST_CASE("a trace to a pipe that nobody reads is refused, and does not end the program") {
    one_way pipe;
    pipe.leave();
    CHECK_THROWS_AS(trace(pipe.path()), std::system_error);
    CHECK(sigpipe_is_default());
}

TEST_CASE("a display whose reader goes does not end the program") {
    for (auto const kind : {one_way::kind::pipe, one_way::kind::socket}) {
        one_way pipe(kind);
        pipe.leave();
        terminal plain(terminal_options().mode(terminal_mode::plain).output(pipe.writing_end()));
        check_run(plain);
        terminal drawn(terminal_options().mode(terminal_mode::tty).output(pipe.writing_end()));
        check_run(drawn);
    }
    CHECK(sigpipe_is_default());
}

TEST_CASE("a SIGPIPE that was pending before stays pending") {
    sigset_t pipe;
    ::sigemptyset(&pipe);
    ::sigaddset(&pipe, SIGPIPE);
    sigset_t before;
    ::pthread_sigmask(SIG_BLOCK, &pipe, &before);
    ::raise(SIGPIPE);
    {
        detail::no_sigpipe const guard;
    }
    timespec const at_once{};
    CHECK(::sigtimedwait(&pipe, nullptr, &at_once) == SIGPIPE);
    {
        one_way closed;
        closed.leave();
        detail::no_sigpipe const guard;
        CHECK(::write(closed.writing_end(), "x", 1) == -1);
        CHECK(errno == EPIPE);
    }
    CHECK(::sigtimedwait(&pipe, nullptr, &at_once) == -1);
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
}
