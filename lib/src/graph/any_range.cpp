#include "frond/graph/any_range.hpp"

namespace frond::detail {

namespace {

step_status open_range(step_call& call) noexcept {
    ::new (call.state) any_range*(static_cast<any_range*>(call.args[0]));
    return step_status::done;
}

step_status pull_range(step_call& call, void* buffer, unsigned capacity, unsigned& count) noexcept {
    return guarded(call, [&] {
        (*static_cast<any_range**>(call.state))->pull(buffer, capacity, count);
        return step_status::done;
    });
}

std::optional<std::uint64_t> size_of_range(void* state) noexcept { return (*static_cast<any_range**>(state))->size(); }

void close_range(void*) noexcept {}  // the range is the run's

constexpr node_body make_body() {
    node_body made;
    made.state_size = sizeof(any_range*);
    made.state_align = alignof(any_range*);
    made.open = &open_range;
    made.pull = &pull_range;
    made.size = &size_of_range;
    made.close = &close_range;
    return made;
}

}  // namespace

constinit node_body const any_range_body = make_body();

}  // namespace frond::detail
