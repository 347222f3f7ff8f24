// Out of memory, at any allocation, a run ends with a value or with an error: it never ends the program, never waits for ever, and
// leaves nothing behind.
//
// Each scenario runs in a process of its own for each point: the allocation of that number is refused alone, or with all that follow
// it. A cold process has called nothing of frond before, and memory is scarce from the making of the plan on. A warm process has run
// the scenario twice, and memory is scarce while the plan runs.
//
// usage: allocation-test [NAME...]                         all scenarios, or those whose names begin so
//        allocation-test --at NAME (cold|warm) (once|lasting) POINT    one point, in this process: for a debugger
// environment: FROND_ALLOCATION_POINTS: how many points of each cell are tried at most, 12 by default; 0: all
#include "scenario.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <string>
#include <string_view>
#include <thread>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

using scarce::ending;
using scarce::refused;
using scarce::scenario;

constexpr unsigned patience = 10;  // in seconds
constexpr std::size_t some_points = 12;

struct question {
    bool warm;
    refused what;
    std::size_t point;
};

/// What a process tells its parent.
struct answer {
    ending first{};          // of the run whose allocations were refused
    ending after{};          // of the run after it
    std::size_t points = 0;  // the allocations of the window
    long left = 0;           // the allocations that live in the end
};

/// One run, on a thread of its own: when the thread has ended, memory that it keeps for later has been given back.
ending run_once(scenario const& of, bool from_the_start) {
    ending ended = ending::wrong;
    std::thread([&] {
        if (from_the_start) scarce::open();
        try {
            ended = of.run();
        } catch (std::bad_alloc const&) {
            ended = ending::threw;
        } catch (...) {
            ended = ending::escaped;
        }
        scarce::close();
    }).join();
    return ended;
}

answer ask_here(scenario const& of, question const& asked) {
    answer made;
    long const at_first = scarce::alive();
    if (asked.warm) {
        for (int i = 0; i < 2; ++i) run_once(of, false);
    }
    std::size_t const before = scarce::asked();
    scarce::plan(asked.what, before + asked.point);
    made.first = run_once(of, !asked.warm);
    made.points = scarce::asked() - before;
    scarce::plan(refused::none, 0);
    // All that is made once for a process has been made after this.
    for (int i = 0; i < 2; ++i) made.after = run_once(of, false);
    made.left = scarce::alive() - at_first;
    return made;
}

struct verdict {
    bool told = false;
    bool hung = false;
    answer said;
};

class child_process {
public:
    child_process(scenario const& of, question const& asked) {
        if (::pipe(ends_) != 0) std::abort();
        process_ = ::fork();
        if (process_ < 0) std::abort();
        if (process_ != 0) {
            ::close(ends_[1]);
            return;
        }
        ::alarm(patience);
        if (std::getenv("FROND_ALLOCATION_VERBOSE") == nullptr) ::dup2(::open("/dev/null", O_WRONLY), 2);
        answer const made = ask_here(of, asked);
        bool const written = ::write(ends_[1], &made, sizeof made) == static_cast<ssize_t>(sizeof made);
        ::_exit(written ? 0 : 1);
    }
    verdict wait() {
        verdict made;
        made.told = ::read(ends_[0], &made.said, sizeof made.said) == static_cast<ssize_t>(sizeof made.said);
        ::close(ends_[0]);
        int status = 0;
        ::waitpid(process_, &status, 0);
        made.hung = WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM;
        made.told = made.told && WIFEXITED(status) && WEXITSTATUS(status) == 0;
        return made;
    }

private:
    int ends_[2]{};
    pid_t process_;
};

struct cell {
    std::size_t points = 0, values = 0, errors = 0, threw = 0, aborts = 0, hangs = 0, leaks = 0, wrong = 0;
    std::string first_fault;

    void count(verdict const& of, std::size_t point, long left) {
        ++points;
        char const* fault = nullptr;
        if (of.hung) {
            ++hangs;
            fault = "hang";
        } else if (!of.told) {
            ++aborts;
            fault = "abort";
        } else {
            switch (of.said.first) {
                case ending::value: ++values; break;
                case ending::error: ++errors; break;
                case ending::threw: ++threw; break;
                case ending::wrong: fault = "wrong outcome"; break;
                case ending::escaped: fault = "exception"; break;
            }
            if (fault == nullptr && of.said.after != ending::value) fault = "wrong outcome afterwards";
            if (fault != nullptr) ++wrong;
            if (of.said.left > left) {
                ++leaks;
                fault = "leak";
            }
        }
        if (fault != nullptr && (first_fault.empty() || std::getenv("FROND_ALLOCATION_VERBOSE") != nullptr)) {
            first_fault += std::string(first_fault.empty() ? "" : ", ") + fault + " at " + std::to_string(point);
        }
    }
    bool good() const { return first_fault.empty(); }
};

/// Several points at once, since a process that waits for a timer leaves its processor free.
cell fill(scenario const& of, bool warm, refused what, std::size_t most) {
    answer const plain = child_process(of, {warm, refused::none, 0}).wait().said;
    std::size_t const points = plain.points;
    std::size_t const step = most == 0 || points <= most ? 1 : (points + most - 1) / most;
    constexpr std::size_t at_once = 4;
    cell made;
    for (std::size_t point = 1; point <= points;) {
        std::vector<std::pair<std::size_t, child_process>> asked;
        for (; point <= points && asked.size() < at_once; point += step) {
            asked.emplace_back(point, child_process(of, {warm, what, point}));
        }
        for (auto& [number, process] : asked) made.count(process.wait(), number, plain.left);
    }
    if (plain.first != ending::value || plain.after != ending::value) {
        ++made.wrong;
        made.first_fault += " without any refusal: " + std::to_string(static_cast<int>(plain.first)) + " then " +
                            std::to_string(static_cast<int>(plain.after));
    }
    return made;
}

struct column {
    char const* name;
    bool warm;
    refused what;
};
constexpr column columns[] = {{"cold once", false, refused::one},
                              {"cold lasting", false, refused::all_further},
                              {"warm once", true, refused::one},
                              {"warm lasting", true, refused::all_further}};

bool ask_all(std::vector<scenario const*> const& asked, std::size_t most) {
    std::printf("points: value + error + threw | aborts, hangs, leaks, wrong outcomes\n%-34s", "");
    for (auto const& each : columns) std::printf(" %-38s", each.name);
    std::printf("\n");
    cell totals[std::size(columns)];
    std::size_t bad = 0;
    for (scenario const* each : asked) {
        std::printf("%-34s", each->name);
        std::string faults;
        for (std::size_t i = 0; i < std::size(columns); ++i) {
            cell const made = fill(*each, columns[i].warm, columns[i].what, most);
            std::printf(" %4zu: %4zu +%4zu +%3zu | %3zu %3zu %3zu %3zu ", made.points, made.values, made.errors,
                        made.threw, made.aborts, made.hangs, made.leaks, made.wrong);
            std::fflush(stdout);
            if (!made.good()) faults += std::string("\n    ") + columns[i].name + ": " + made.first_fault;
            cell& sum = totals[i];
            sum.points += made.points, sum.values += made.values, sum.errors += made.errors, sum.threw += made.threw;
            sum.aborts += made.aborts, sum.hangs += made.hangs, sum.leaks += made.leaks, sum.wrong += made.wrong;
        }
        std::printf("%s\n", faults.c_str());
        if (!faults.empty()) ++bad;
    }
    std::printf("%-34s", "all");
    for (auto const& sum : totals) {
        std::printf(" %4zu: %4zu +%4zu +%3zu | %3zu %3zu %3zu %3zu ", sum.points, sum.values, sum.errors, sum.threw,
                    sum.aborts, sum.hangs, sum.leaks, sum.wrong);
    }
    std::printf("\n%zu scenarios, %zu with a fault\n", asked.size(), bad);
    return bad == 0;
}

scenario const* named(std::string_view name) {
    for (auto const& each : scarce::all_scenarios()) {
        if (each.name == name) return &each;
    }
    std::fprintf(stderr, "there is no scenario %.*s\n", static_cast<int>(name.size()), name.data());
    std::exit(2);
}

}  // namespace

std::vector<scenario>& scarce::all_scenarios() {
    static std::vector<scenario> all;
    return all;
}

int main(int argc, char** argv) {
    if (argc == 6 && std::strcmp(argv[1], "--at") == 0) {
        bool const lasting = std::strcmp(argv[4], "lasting") == 0;
        question const asked{std::strcmp(argv[3], "warm") == 0, lasting ? refused::all_further : refused::one,
                             std::strtoul(argv[5], nullptr, 10)};
        answer const made = ask_here(*named(argv[2]), asked);
        std::printf("ending %d, then %d; %zu points, %ld left\n", static_cast<int>(made.first),
                    static_cast<int>(made.after), made.points, made.left);
        return 0;
    }
    std::vector<scenario const*> asked;
    for (auto const& each : scarce::all_scenarios()) {
        std::string_view const name = each.name;
        bool const wanted =
            argc == 1 || std::any_of(argv + 1, argv + argc, [&](char const* a) { return name.starts_with(a); });
        if (wanted) asked.push_back(&each);
    }
    char const* const most = std::getenv("FROND_ALLOCATION_POINTS");
    return ask_all(asked, most != nullptr ? std::strtoul(most, nullptr, 10) : some_points) ? 0 : 1;
}
