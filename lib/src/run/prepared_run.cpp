#include "frond/run/detail/prepared_run.hpp"

#include <utility>

namespace frond::detail {

void set_report(prepared_run& made, run_report& report, std::vector<std::string>& faults) {
    if (made.report != nullptr) faults.emplace_back("two run_reports are given; a run fills in one");
    made.report = &report;
}

void check_hooks(std::vector<any_hook> const& hooks, plan const& of, std::vector<std::string>& faults) {
    std::size_t number = 0;
    for (any_hook const& each : hooks) {
        ++number;
        if (std::string wrong = each.policy().fault(); !wrong.empty()) {
            faults.push_back("the policy of hook " + std::to_string(number) + " is " + std::move(wrong));
        }
        if (std::string wrong = each.check_plan(of); !wrong.empty()) faults.push_back(std::move(wrong));
    }
}

}  // namespace frond::detail
