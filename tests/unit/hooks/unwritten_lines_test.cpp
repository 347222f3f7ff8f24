// A log's file where a write comes to nothing, or to a part: full disks, kept locks, pipes that are full, paths that cannot be seen.
#include "../../catch.hpp"

#include "log/log_file.hpp"
#include "log/shared_file.hpp"

#include "kept_lock.hpp"
#include "scratch_folder.hpp"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>

using namespace std::chrono_literals;
using frond::hooks::detail::rotation;
using frond::hooks::detail::shared_file;

namespace {

void append_all(shared_file& to, std::string_view lines) {
    to.append(lines);
    CHECK(lines.empty());
}

/// No file gets longer than so many bytes: a write that goes further writes a part, and the next one fails.
class short_files {
public:
    explicit short_files(rlim_t bytes) : handler_(::signal(SIGXFSZ, SIG_IGN)) {
        ::getrlimit(RLIMIT_FSIZE, &before_);
        rlimit const now{bytes, before_.rlim_max};
        if (::setrlimit(RLIMIT_FSIZE, &now) != 0) throw std::system_error(errno, std::generic_category());
    }
    ~short_files() {
        ::setrlimit(RLIMIT_FSIZE, &before_);
        ::signal(SIGXFSZ, handler_);
    }
    short_files(short_files const&) = delete;
    short_files& operator=(short_files const&) = delete;

private:
    void (*handler_)(int);
    rlimit before_{};
};

/// Appends lines of which only the first bytes find room. Gives what is left to be written.
std::string_view append_without_room(shared_file& to, std::string_view lines, rlim_t room) {
    bool failed = false;
    {
        short_files const here(room);
        try {
            to.append(lines);
        } catch (std::system_error const&) {
            failed = true;
        }
    }
    CHECK(failed);
    return lines;
}

}  // namespace

TEST_CASE("lines for which there is no room leave no part of themselves behind") {
    scratch_folder folder;
    shared_file log(folder / "log", {});
    append_all(log, "one\n");
    auto const left = append_without_room(log, "two\nthree\n", 6);
    CHECK(left == "two\nthree\n");
    CHECK(text_of(folder / "log") == "one\n");
    append_all(log, left);
    CHECK(text_of(folder / "log") == "one\ntwo\nthree\n");
}

TEST_CASE("without the lock nothing is taken back, and a part of a line is ended before the next one") {
    scratch_folder folder;
    shared_file log(folder / "log", {.patience = 0s});
    append_all(log, "one\n");
    {
        kept_lock const other(folder / "log");
        CHECK(append_without_room(log, "two\n", 6) == "two\n");
        CHECK(text_of(folder / "log") == "one\ntw");
    }
    append_all(log, "three\n");
    CHECK(text_of(folder / "log") == "one\ntw\nthree\n");
}

TEST_CASE("a pipe that is full is waited for") {
    scratch_folder folder;
    REQUIRE(::mkfifo((folder / "pipe").c_str(), 0600) == 0);
    int const reading_end = ::open((folder / "pipe").c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    REQUIRE(reading_end >= 0);
    int const room = ::fcntl(reading_end, F_SETPIPE_SZ, 4096);
    REQUIRE(room >= 4096);
    std::optional<shared_file> log(std::in_place, folder / "pipe", rotation{});
    std::string const lines(100 * static_cast<std::size_t>(room), '\n');
    std::atomic<bool> over = false;
    std::size_t read = 0;
    std::thread reader([&] {
        std::string some(static_cast<std::size_t>(room), ' ');
        while (read < lines.size()) {
            bool const last = over;
            int waiting = 0;
            ::ioctl(reading_end, FIONREAD, &waiting);
            if (waiting < room && !last) {
                std::this_thread::yield();
                continue;
            }
            auto const more = ::read(reading_end, some.data(), some.size());
            if (more <= 0) break;
            read += static_cast<std::size_t>(more);
        }
    });
    std::string_view left = lines;
    try {
        log->append(left);
    } catch (std::system_error const&) {
        // Lost lines show in the lines that the test reads.
    }
    log.reset();
    over = true;
    reader.join();
    ::close(reading_end);
    CHECK(read == lines.size());
}

TEST_CASE("a rotation that has failed is tried again when the file has grown by as much again") {
    scratch_folder folder;
    std::filesystem::create_directories(folder / "log.1" / "in the way");
    shared_file log(folder / "log", {.at = 8, .keep = 1});
    append_all(log, "one\ntwo\n");
    append_all(log, "3\n");
    CHECK_THROWS_AS(log.complain(), std::system_error);
    append_all(log, "four\n");
    log.complain();  // it has not been tried
    std::filesystem::remove_all(folder / "log.1");
    append_all(log, "5\n");
    log.complain();
    CHECK(text_of(folder / "log.1") == "one\ntwo\n3\nfour\n");
    CHECK(text_of(folder / "log") == "5\n");
}

TEST_CASE("a writer that cannot see its path writes to the file that it has") {
    scratch_folder folder;
    std::filesystem::create_directories(folder / "logs");
    shared_file log(folder / "logs" / "log", {});
    append_all(log, "one\n");
    std::filesystem::rename(folder / "logs", folder / "elsewhere");
    write_text(folder / "logs", "no folder");
    append_all(log, "two\n");
    log.complain();
    CHECK(text_of(folder / "elsewhere" / "log") == "one\ntwo\n");
}

TEST_CASE("of lines that are written together only those are told to be lost that are in no file") {
    scratch_folder folder;
    frond::hooks::detail::log_file log(folder / "log", frond::hooks::event_log_options().rotate_at(8).keep(9));
    auto const add = [&log](std::string const& line) {
        std::size_t const begin = log.buffer().size();
        log.buffer() += line;
        log.end_line(begin, {});
    };
    add("123");
    add("567");
    bool failed = false;
    {
        short_files const here(10);
        try {
            add("longer than any file");
        } catch (std::system_error const&) {
            failed = true;
        }
    }
    CHECK(failed);
    add("x");
    log.flush();
    CHECK(text_of(folder / "log.2") == "123\n567\n");
    CHECK(text_of(folder / "log.1") == "{\"event\":\"gap\",\"lines_lost\":1}\n");
    CHECK(text_of(folder / "log") == "x\n");
}
