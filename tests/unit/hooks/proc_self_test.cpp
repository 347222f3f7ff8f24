// What is in the files of /proc/self.
#include "../../catch.hpp"

#include "resources/proc_self.hpp"

#include <fcntl.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <string>
#include <thread>

using namespace frond::hooks::detail;
using namespace std::chrono_literals;

namespace {

std::string stat_of(std::string const& name) {
    return "4242 (" + name +
           ") S 1 4242 4242 0 -1 4194560 1000 0 3 0 1234 56 7 8 20 0 9 0 100000 "
           "200000000 3000 18446744073709551615 1 1 0 0 0 0\n";
}

/// The process under another name, as long as it lives.
class renamed {
public:
    explicit renamed(char const* name) {
        ::prctl(PR_GET_NAME, before_.data());
        ::prctl(PR_SET_NAME, name);
    }
    renamed(renamed const&) = delete;
    renamed& operator=(renamed const&) = delete;
    ~renamed() { ::prctl(PR_SET_NAME, before_.data()); }

private:
    std::array<char, 16> before_{};
};

}  // namespace

TEST_CASE("CPU time and threads are found behind the name, whatever that is") {
    for (std::string const name : {"frond", "a b", ") R 1 (", "))) S 1 2 3 4", "\n\n)\n", "\x1b[2J\xff", ""}) {
        auto const found = parse_stat(stat_of(name));
        REQUIRE(found);
        CHECK(found->user == 1234);
        CHECK(found->system == 56);
        CHECK(found->threads == 9);
    }
}

TEST_CASE("what is no stat gives nothing") {
    for (std::string const text : {"", "4242", "4242 (frond", "4242 (frond)", "4242 (frond) S 1 2 3",
                                   "4242 (f) S 1 1 1 0 -1 0 0 0 0 0 x 56 7 8 20 0 9 0",
                                   "4242 (f) S 1 1 1 0 -1 0 0 0 0 0 99999999999999999999 56 7 8 20 0 9 0"}) {
        CHECK_FALSE(parse_stat(text));
    }
    auto const whole = stat_of("frond");
    for (std::size_t cut = 0; cut < whole.find(" 9 0 1000"); ++cut) CHECK_FALSE(parse_stat(whole.substr(0, cut)));
}

TEST_CASE("resident memory is the second number of statm") {
    CHECK(parse_statm("48828 3000 700 120 0 4000 0\n") == 3000U);
    CHECK_FALSE(parse_statm("48828"));
    CHECK_FALSE(parse_statm("48828 -1 7"));
    CHECK_FALSE(parse_statm(""));
}

TEST_CASE("ticks become time without a loss, for years of them too") {
    CHECK(time_of(1, 100) == 10ms);
    CHECK(time_of(12'345, 100) == 123'450ms);
    CHECK(time_of(100ULL * 3600 * 24 * 365 * 100, 100) == 24h * 365 * 100);
}

TEST_CASE("this process is read, whatever it is called") {
    renamed const hostile(") R 0 0 (x");
    usage const before = read_usage();
    CHECK(before.memory > 100'000);
    CHECK(before.threads >= 1);
    std::uint64_t open = 0;
    for (int each = 0; each < 4096; ++each) open += ::fcntl(each, F_GETFD) >= 0;
    CHECK(before.open_files == open);
    int const file = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    REQUIRE(file >= 0);
    CHECK(read_usage().open_files == before.open_files + 1);
    ::close(file);
    CHECK(read_usage().open_files == before.open_files);
}
