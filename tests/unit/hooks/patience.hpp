// Runs that wait for their hooks as long as it takes, so that what a test finds does not depend on the machine's speed: by
// default a run that is over gives its hooks a second.
#pragma once

#include "frond/plan/typed_options.hpp"
#include "frond/run/run_blocking.hpp"
#include "frond/run/typed_plan.hpp"

#include <chrono>
#include <utility>

inline frond::options patient_options() { return frond::options().grace(std::chrono::hours(1)); }

template <auto... Wanted>
auto patient_plan() {
    return frond::plan_for<Wanted...>(patient_options());
}

template <auto... Wanted, class... Arguments>
auto run_patiently(Arguments&&... arguments) {
    return frond::run_blocking(patient_plan<Wanted...>(), std::forward<Arguments>(arguments)...);
}
