// Runs and coroutines that are started wrongly on Asio, one for each CASE; case 0 is right. refused.py compiles each and looks
// for the message.
#include "frond/asio.hpp"
#include "frond/frond.hpp"
#include "frond/graph/graph_builder.hpp"
#include "frond/run/named_plan.hpp"

#include <utility>

namespace {

struct watcher {
    void before_task(frond::task_event const&) {}
};

int one(frond::input<"root", int> root) { return *root; }
frond::async<int> own() { co_return 1; }
frond::net::awaitable<int> theirs() { co_return 1; }
/// With an executor that frond has none of.
frond::net::awaitable<int, frond::net::io_context::executor_type> elsewhere() { co_return 1; }

void start(frond::net::io_context& context) {
    auto const plan = frond::plan_for<one>();
    auto const on = context.get_executor();
    [[maybe_unused]] watcher seen;
#if CASE == 0
    plan.async_run(frond::arg<"root">(1), seen, frond::net::bind_executor(on, [](frond::result<int> const&) {}));
    frond::spawn(on, own(), [](frond::result<int> const&) {});
    frond::net::co_spawn(on, theirs(), [](std::exception_ptr const&, int) {});
#elif CASE == 1
    plan.async_run(frond::arg<"root">(1));
#elif CASE == 2
    plan.async_run(frond::arg<"root">(1), seen);
#elif CASE == 3
    plan.async_run();
#elif CASE == 4
    auto const named = frond::plan_for(frond::graph_builder().build().value(), frond::plan_options());
    named.async_run(frond::arg("root", 1));
#elif CASE == 5
    frond::spawn(on, frond::result<int>(1), [](frond::result<int> const&) {});
#elif CASE == 6
    frond::spawn(on, own, [](frond::result<int> const&) {});
#elif CASE == 7
    frond::spawn(on, 1, [](frond::result<int> const&) {});
#elif CASE == 8
    static_cast<void>(frond::plan_for<elsewhere>());
#else
#error "there is no such case"
#endif
}

}  // namespace
