// A log's file among other writers: processes that rotate it, programs that rename it, locks that somebody keeps.
#include "../../catch.hpp"

#include "log/shared_file.hpp"

#include "kept_lock.hpp"
#include "scratch_folder.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <map>
#include <sstream>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>
#include <vector>

using namespace std::chrono_literals;
using frond::hooks::detail::rotation;
using frond::hooks::detail::shared_file;

namespace {

void add(shared_file& to, std::string_view lines) {
    to.append(lines);
    CHECK(lines.empty());
}

/// How often each line stands in the files of a folder.
std::map<std::string, int> lines_in(scratch_folder const& folder) {
    std::map<std::string, int> made;
    for (auto const& each : std::filesystem::directory_iterator(folder / "")) {
        std::istringstream lines(text_of(each.path()));
        for (std::string line; std::getline(lines, line);) ++made[line];
    }
    return made;
}

constexpr int lines_each = 300;

void write_lines(shared_file& to, char const* name) {
    for (int i = 0; i < lines_each; ++i) {
        std::string const line = name + std::to_string(i) + "\n";
        std::string_view left = line;
        to.append(left);
    }
}

void check_all_lines(scratch_folder const& folder, std::vector<char const*> const& names) {
    auto const lines = lines_in(folder);
    CHECK(lines.size() == names.size() * lines_each);
    for (auto const& [line, count] : lines) {
        CAPTURE(line);
        CHECK(count == 1);
    }
}

}  // namespace

TEST_CASE("two writers that rotate the same file write to the newest one") {
    scratch_folder folder;
    shared_file a(folder / "log", {.at = 8, .keep = 9});
    shared_file b(folder / "log", {.at = 8, .keep = 9});
    add(a, "a1\n");
    add(b, "b1\n");
    add(a, "a2\n");  // rotates what b has open
    add(b, "b2\n");
    add(b, "b3\n");  // rotates what a has open
    add(a, "a3\n");
    CHECK(text_of(folder / "log.2") == "a1\nb1\n");
    CHECK(text_of(folder / "log.1") == "a2\nb2\n");
    CHECK(text_of(folder / "log") == "b3\na3\n");
    CHECK(folder.files() == 3);
}

TEST_CASE("a writer that never rotates follows one that does") {
    scratch_folder folder;
    shared_file rotates(folder / "log", {.at = 6, .keep = 1});
    shared_file appends(folder / "log", {});
    add(appends, "a1\n");
    add(rotates, "b1\nb2\n");
    add(appends, "a2\n");
    CHECK(text_of(folder / "log.1") == "a1\nb1\n");
    CHECK(text_of(folder / "log") == "b2\na2\n");
}

TEST_CASE("threads that rotate the same file lose no line and write none twice") {
    scratch_folder folder;
    std::vector<char const*> const names = {"a", "b", "c"};
    std::vector<std::thread> threads;
    for (char const* const name : names) {
        threads.emplace_back([&folder, name] {
            shared_file to(folder / "log", {.at = 40, .keep = 1000, .patience = 60s});
            write_lines(to, name);
        });
    }
    for (auto& each : threads) each.join();
    check_all_lines(folder, names);
}

TEST_CASE("processes that rotate the same file lose no line and write none twice") {
    scratch_folder folder;
    // One of them has the file from its parent.
    shared_file inherited(folder / "log", {.at = 40, .keep = 1000, .patience = 60s});
    std::vector<char const*> const names = {"a", "b"};
    std::vector<pid_t> children;
    for (char const* const name : names) {
        pid_t const child = ::fork();
        REQUIRE(child >= 0);
        if (child == 0) {
            try {
                write_lines(inherited, name);
                ::_exit(0);
            } catch (...) {
                ::_exit(1);
            }
        }
        children.push_back(child);
    }
    write_lines(inherited, "parent");
    for (pid_t const child : children) {
        int status = 1;
        CHECK(::waitpid(child, &status, 0) == child);
        CHECK(status == 0);
    }
    check_all_lines(folder, {"a", "b", "parent"});
}

TEST_CASE("a file that somebody has renamed or removed gets no further line") {
    scratch_folder folder;
    shared_file log(folder / "log", {});
    add(log, "one\n");
    std::filesystem::rename(folder / "log", folder / "log.old");
    add(log, "two\n");
    CHECK(text_of(folder / "log.old") == "one\n");
    CHECK(text_of(folder / "log") == "two\n");
    std::filesystem::rename(folder / "log", folder / "log.old");
    write_text(folder / "log", "new: ");  // as `create` of logrotate does
    add(log, "three\n");
    CHECK(text_of(folder / "log") == "new: \nthree\n");
    std::filesystem::remove(folder / "log");
    add(log, "four\n");
    CHECK(text_of(folder / "log") == "four\n");
    log.complain();
}

TEST_CASE("a file that is opened anew has the path before the next line") {
    scratch_folder folder;
    shared_file log(folder / "log", {});
    add(log, "one\n");
    std::filesystem::rename(folder / "log", folder / "log.old");
    log.reopen();
    CHECK(std::filesystem::exists(folder / "log"));
    CHECK(text_of(folder / "log.old") == "one\n");
}

TEST_CASE("a path that cannot be opened anew is told of, and the lines go where they went") {
    scratch_folder folder;
    shared_file log(folder / "log", {.at = 8, .keep = 2});
    add(log, "one\n");
    std::filesystem::rename(folder / "log", folder / "log.old");
    std::filesystem::create_directories(folder / "log");
    add(log, "two\n");
    add(log, "three\n");
    CHECK(text_of(folder / "log.old") == "one\ntwo\nthree\n");
    CHECK_THROWS_AS(log.complain(), std::system_error);
    log.complain();  // once
    CHECK_THROWS_AS(log.reopen(), std::system_error);
    std::filesystem::remove(folder / "log");
    add(log, "four\n");
    CHECK(text_of(folder / "log") == "four\n");
}

TEST_CASE("while a lock is kept lines are written, and the file is not rotated") {
    scratch_folder folder;
    shared_file log(folder / "log", {.at = 8, .keep = 2, .patience = 0s});
    {
        write_text(folder / "log", "one\n");
        kept_lock const other(folder / "log");
        add(log, "two\nthree\n");
        CHECK(text_of(folder / "log") == "one\ntwo\nthree\n");
        try {
            log.complain();
            FAIL("nothing was told");
        } catch (std::system_error const& e) {
            CHECK(std::string(e.what()).find((folder / "log").string()) != std::string::npos);
        }
    }
    add(log, "four\n");
    log.complain();
    CHECK(text_of(folder / "log") == "four\n");
    CHECK(text_of(folder / "log.1") == "one\ntwo\nthree\n");
}

TEST_CASE("half a line that another process has left is ended before the next line") {
    scratch_folder folder;
    shared_file log(folder / "log", {});
    add(log, "one\n");
    std::ofstream(folder / "log", std::ios::app) << "hal";
    add(log, "two\n");
    CHECK(text_of(folder / "log") == "one\nhal\ntwo\n");
}

TEST_CASE("a file that has the name of its successor as well is written to, and not rotated for ever") {
    scratch_folder folder;
    shared_file log(folder / "log", {.at = 4, .keep = 1});
    add(log, "one\n");
    std::filesystem::create_hard_link(folder / "log", folder / "log.1");
    add(log, "two\nthree\n");
    CHECK(text_of(folder / "log.1") == "one\ntwo\nthree\n");
}

TEST_CASE("a batch is split between files where a line ends") {
    scratch_folder folder;
    shared_file log(folder / "log", {.at = 8, .keep = 9});
    add(log, "123\n567\n9\nlonger than a file\na\n");
    CHECK(text_of(folder / "log.3") == "123\n567\n");
    CHECK(text_of(folder / "log.2") == "9\n");
    CHECK(text_of(folder / "log.1") == "longer than a file\n");
    CHECK(text_of(folder / "log") == "a\n");
}
