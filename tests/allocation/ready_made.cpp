// Runs with the ready-made hooks.
#include "graphs.hpp"

#include "frond/hooks/broadcast.hpp"
#include "frond/hooks/event_log.hpp"
#include "frond/hooks/rate_limit.hpp"
#include "frond/hooks/substitute.hpp"
#include "frond/hooks/terminal.hpp"
#include "frond/hooks/timing_report.hpp"
#include "frond/hooks/trace.hpp"
#include "frond/hooks/tracer.hpp"

#include <chrono>
#include <stdexcept>

#include <fcntl.h>
#include <unistd.h>

namespace scarce {

using frond::arg;
using namespace std::chrono_literals;

namespace {

int fails(frond::in<nodes::number> n) {
    if (*n == 2) throw std::runtime_error("the second one, with a text that is long enough to need memory");
    return *n;
}
int sum_without_failures(frond::all<fails> all) { return static_cast<int>(all.size()); }

}  // namespace

SCENARIO("terminal, not on a terminal") {
    int const nowhere = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
    ending ended{};
    {
        frond::hooks::terminal bars(frond::hooks::terminal_options().output(nowhere));
        ended = judge(run_here(frond::plan_for<nodes::sum_of_doubled>(), arg<"count">(10), bars), 110);
    }
    ::close(nowhere);
    return ended;
}

SCENARIO("broadcast with a subscriber") {
    frond::hooks::broadcast hook(frond::hooks::broadcast_options().interval(100us));
    auto subscriber = hook.subscribe();
    return judge(run_here(frond::plan_for<nodes::sum_after_a_while>(), arg<"count">(5), hook), 15);
}

SCENARIO("event_log") {
    frond::hooks::event_log log("/dev/null");
    return judge(run_here(frond::plan_for<nodes::sum_of_doubled>(), arg<"count">(5), log), 30);
}

SCENARIO("timing_report") {
    frond::hooks::timing_report report;
    return judge(run_here(frond::plan_for<nodes::sum_of_doubled>(), arg<"count">(5), report), 30);
}

SCENARIO("trace") {
    frond::hooks::trace trace("/dev/null");
    return judge(run_here(frond::plan_for<nodes::sum_of_doubled>(), arg<"count">(5), trace), 30);
}

SCENARIO("rate_limit, substitute and tracer") {
    frond::hooks::rate_limit slowly(100000);
    frond::hooks::substitute<int> instead("fails", 7);
    frond::hooks::tracer<std::string> tracing([](frond::node_event const& event) { return std::string(event.name()); },
                                              [](std::string&, frond::error const*) {});
    return judge(run_here(frond::plan_for<sum_without_failures>(), arg<"count">(4), slowly, instead, tracing), 4);
}

}  // namespace scarce
