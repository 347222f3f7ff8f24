// Where lines go: when they are written, into which file, and what becomes of them when they cannot be.
#include "../../catch.hpp"

#include "log/log_file.hpp"

#include "samples.hpp"
#include "scratch_folder.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <system_error>

using namespace samples;
using frond::hooks::event_log_options;
using frond::hooks::detail::log_file;

namespace {

void add(log_file& to, std::string const& line, frond::time_point at = start) {
    std::size_t const begin = to.buffer().size();
    to.buffer() += line;
    to.end_line(begin, at);
}

}  // namespace

TEST_CASE("lines wait until there are many, or until one has waited for long") {
    scratch_folder folder;
    log_file log(folder / "log", event_log_options().write_after(1s));
    add(log, "one");
    add(log, "two", start + 999ms);
    CHECK(text_of(folder / "log").empty());
    add(log, "three", start + 1s);
    CHECK(text_of(folder / "log") == "one\ntwo\nthree\n");
    add(log, std::string(70'000, 'x'), start + 1s);
    CHECK(text_of(folder / "log").size() == 14 + 70'001);
}

TEST_CASE("what is left is written when the log goes") {
    scratch_folder folder;
    {
        log_file log(folder / "log", {});
        add(log, "one");
    }
    CHECK(text_of(folder / "log") == "one\n");
}

TEST_CASE("what a fork has inherited unwritten is written by its parent alone") {
    scratch_folder folder;
    log_file log(folder / "log", {});
    add(log, "one");
    pid_t const child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        try {
            log.flush();
            std::size_t const begin = log.buffer().size();
            log.buffer() += "two";
            log.end_line(begin, start);
            log.flush();
            ::_exit(0);
        } catch (...) {
            ::_exit(1);
        }
    }
    int status = 1;
    REQUIRE(::waitpid(child, &status, 0) == child);
    CHECK(status == 0);
    log.flush();
    CHECK(text_of(folder / "log") == "two\none\n");
}

TEST_CASE("a file is appended to, and half a line of before stays by itself") {
    scratch_folder folder;
    write_text(folder / "log", "old\n");
    {
        log_file log(folder / "log", {});
        add(log, "new");
    }
    CHECK(text_of(folder / "log") == "old\nnew\n");
    write_text(folder / "log", "old\nhal");
    {
        log_file log(folder / "log", {});
        add(log, "new");
    }
    CHECK(text_of(folder / "log") == "old\nhal\nnew\n");
}

TEST_CASE("a file is rotated before it would be too long, between two lines") {
    scratch_folder folder;
    {
        log_file log(folder / "log", event_log_options().rotate_at(10).keep(2));
        for (char const* const line : {"1234", "5678", "abc", "longer than a file", "d", "e"}) add(log, line);
    }
    CHECK(text_of(folder / "log") == "d\ne\n");
    CHECK(text_of(folder / "log.1") == "longer than a file\n");
    CHECK(text_of(folder / "log.2") == "abc\n");
    CHECK(folder.files() == 3);
}

TEST_CASE("what a file held before counts for its length") {
    scratch_folder folder;
    write_text(folder / "log", "12345678\n");
    {
        log_file log(folder / "log", event_log_options().rotate_at(10));
        add(log, "new");
    }
    CHECK(text_of(folder / "log") == "new\n");
    CHECK(text_of(folder / "log.1") == "12345678\n");
}

TEST_CASE("a log that keeps no old files begins anew") {
    scratch_folder folder;
    {
        log_file log(folder / "log", event_log_options().rotate_at(6).keep(0));
        add(log, "1234");
        add(log, "5678");
        add(log, "90");
    }
    CHECK(text_of(folder / "log") == "90\n");
    CHECK(folder.files() == 1);
}

TEST_CASE("a log that cannot be rotated goes on in the file that it has") {
    scratch_folder folder;
    std::filesystem::create_directories(folder / "log.1" / "in the way");
    {
        log_file log(folder / "log", event_log_options().rotate_at(10).keep(1));
        add(log, "1234");
        add(log, "5678");
        CHECK_THROWS_AS(add(log, "9"), std::system_error);
        CHECK(text_of(folder / "log") == "1234\n5678\n9\n");  // told of, and not lost
        add(log, "a");
    }
    CHECK(text_of(folder / "log") == "1234\n5678\n9\na\n");
}

TEST_CASE("a log that is opened anew has written what it had, and tells what has gone wrong with that") {
    scratch_folder folder;
    std::filesystem::create_directories(folder / "log.1" / "in the way");
    log_file log(folder / "log", event_log_options().rotate_at(10).keep(1));
    add(log, "1234");
    std::ofstream(folder / "log", std::ios::app) << "another\n";
    CHECK_THROWS_AS(log.reopen(), std::system_error);
    CHECK(text_of(folder / "log") == "another\n1234\n");
    log.reopen();  // told of once
}

TEST_CASE("a file that cannot be opened is refused by name") {
    scratch_folder folder;
    try {
        log_file log(folder / "none" / "log", {});
        FAIL("it was opened");
    } catch (std::system_error const& e) {
        CHECK(e.code() == std::errc::no_such_file_or_directory);
        CHECK(std::string(e.what()).find((folder / "none" / "log").string()) != std::string::npos);
    }
    CHECK_THROWS_AS(log_file(folder / "", {}), std::system_error);
}

TEST_CASE("a disk that is full is told of, and neither waited for nor filled up in memory") {
    log_file log("/dev/full", event_log_options().rotate_at(5));  // a device is not rotated
    add(log, "one");
    add(log, "two");
    try {
        log.flush();
        FAIL("it was written");
    } catch (std::system_error const& e) {
        CHECK(e.code() == std::errc::no_space_on_device);
        CHECK(std::string(e.what()).find("/dev/full") != std::string::npos);
    }
    CHECK(log.buffer().empty());
    CHECK(std::filesystem::exists("/dev/full"));
}

TEST_CASE("lines that were lost are told of as soon as one can be written") {
    std::ostringstream out;
    log_file log(out, {});
    out.setstate(std::ios::failbit);
    add(log, "one");
    add(log, "two");
    CHECK_THROWS_AS(log.flush(), std::system_error);
    add(log, "and one");
    CHECK_THROWS_AS(log.flush(), std::system_error);
    out.clear();
    add(log, "three");
    log.flush();
    add(log, "four");
    log.flush();
    CHECK(out.str() == "{\"event\":\"gap\",\"lines_lost\":3}\nthree\nfour\n");
}
