// A log in a process that forks.
#include "../../catch.hpp"

#include "frond/hooks/event_log.hpp"

#include "log_lines.hpp"
#include "log_samples.hpp"
#include "patience.hpp"
#include "scratch_folder.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

using namespace std::chrono_literals;

TEST_CASE("the first run of a fork is in the log whole, beside what its parent has not written yet") {
    scratch_folder folder;
    frond::hooks::event_log log(folder / "log", frond::hooks::event_log_options().write_after(1h));
    frond::run_event run;
    run.plan = patient_plan<log_samples::nested>().get();
    run.run_id = 1;
    log.before_run(run);
    pid_t const child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        try {
            run.run_id = 2;
            log.before_run(run);
            log.after_run(run);
            ::_exit(0);
        } catch (...) {
            ::_exit(1);
        }
    }
    int status = 1;
    REQUIRE(::waitpid(child, &status, 0) == child);
    CHECK(status == 0);
    log.after_run(run);
    std::vector<std::string> told;
    for (auto const& line : log_lines::lines_of(text_of(folder / "log"))) {
        told.push_back(line.at("event").get<std::string>() + ' ' + std::to_string(line.at("run").get<std::uint64_t>()));
    }
    CHECK(told == std::vector<std::string>{"before_run 2", "after_run 2", "before_run 1", "after_run 1"});
}
