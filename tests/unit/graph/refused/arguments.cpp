// Wrong arguments and options, one for each CASE; case 0 is right. refused.py compiles each and looks for the message.
#include "frond/graph/graph_builder.hpp"
#include "frond/run/named_plan.hpp"
#include "frond/run/run_blocking.hpp"
#include "frond/run/typed_plan.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using frond::all;
using frond::arg;
using frond::async;
using frond::each;
using frond::expander;
using frond::in;
using frond::input;
using frond::options;
using frond::override_with;
using frond::plan_for;
using frond::run_blocking;
using frond::take;

namespace {

struct pool {};
struct watcher {
    void before_task(frond::task_event const&) {}
};
struct deaf {
    void before_taks(frond::task_event const&) {}
};

expander<int> file(input<"root", int> root) { co_yield *root; }
int words(in<file> path, input<"scale", int, 1> scale) { return *path * *scale; }
long wide(in<file> path) { return *path; }
async<int> total(each<words> counts) {
    int sum = 0;
    while (auto next = co_await counts.next()) sum += *next;
    co_return sum;
}
int files(all<file> paths, input<"db", pool&>) { return static_cast<int>(paths.size()); }

int other_rows(in<file> path) { return *path; }
int rows(in<file> path) { return *path; }
int taker(take<total> sum) { return *sum; }
expander<int> taking(take<total> sum) { co_yield *sum; }
int opened(input<"key", std::unique_ptr<int>> key) { return **key; }
int letters(input<"title", std::string_view> title) { return static_cast<int>(title->size()); }
frond::named_plan named() { return plan_for(frond::graph_builder().build().value(), frond::plan_options()); }

#if CASE == 0
void right() {
    std::string const title = "of a caller";
    static_cast<void>(plan_for<letters>().prepare(arg<"title">(title)));
    static_cast<void>(plan_for<letters>().prepare(arg<"title">(std::string_view("of a program"))));
    static_cast<void>(plan_for<letters>().prepare(arg<"title">("of a program")));
    auto key = arg<"key">(std::make_unique<int>(1));
    static_cast<void>(plan_for<opened>().prepare(std::move(key)));
    auto const root = arg<"root">(1);
    static_cast<void>(plan_for<total>().prepare(root));
    auto const kept = arg("root", 1);
    static_cast<void>(named().prepare(kept, arg("key", std::make_unique<int>(1)), std::make_shared<watcher>()));
    watcher seen;
    pool db;
    auto const plan = plan_for<total, files>(options().limit(4).limit<file>(2).override_node<file>());
    static_cast<void>(plan.prepare(override_with<file>(std::vector<int>{1, 2}), arg<"db">(db), seen,
                                   std::make_shared<watcher>(), arg<"scale">(2)));
    static_cast<void>(plan_for<total>().prepare(arg<"root">(1)));
}
#elif CASE == 1
void wrong() { static_cast<void>(plan_for<total>().prepare()); }
#elif CASE == 2
void wrong() { static_cast<void>(plan_for<total>().prepare(arg<"root">(1), arg<"rot">(2))); }
#elif CASE == 3
void wrong() { static_cast<void>(plan_for<total>().prepare(arg<"root">("text"))); }
#elif CASE == 4
void wrong() { static_cast<void>(plan_for<files>().prepare(arg<"root">(1), arg<"db">(pool()))); }
#elif CASE == 5
void wrong() {
    deaf seen;
    static_cast<void>(plan_for<total>().prepare(arg<"root">(1), seen));
}
#elif CASE == 6
void wrong() { static_cast<void>(plan_for<total>().prepare(arg<"root">(1), watcher())); }
#elif CASE == 7
void wrong() { static_cast<void>(plan_for<total>().prepare(arg<"root">(1), arg<"root">(2))); }
#elif CASE == 8
void wrong() { static_cast<void>(plan_for<total>().prepare(override_with<file>(std::vector<int>{1}))); }
#elif CASE == 9
void wrong() { static_cast<void>(plan_for<total>(options().override_node<file>()).prepare()); }
#elif CASE == 10
void wrong() { static_cast<void>(plan_for<total>(options().override_node<file>()).prepare(override_with<file>(1))); }
#elif CASE == 11
void wrong() {
    static_cast<void>(plan_for<total>(options().override_node<file>())
                          .prepare(override_with<file>(std::vector<int>{1}), arg<"root">(1)));
}
#elif CASE == 12
void wrong() { static_cast<void>(plan_for<total>(options().replace<words, wide>())); }
#elif CASE == 13
void wrong() { static_cast<void>(plan_for<total>(options().replace<words, file>())); }
#elif CASE == 14
void wrong() { static_cast<void>(plan_for<total>(options().limit<words>(2))); }
#elif CASE == 15
void wrong() { static_cast<void>(plan_for<total>(options().override_node<words>())); }
#elif CASE == 16
void wrong() { static_cast<void>(plan_for<total>(options().override_node<wide>())); }
#elif CASE == 17
void wrong(frond::results_of<total, files>& given) { static_cast<void>(given.get<file>()); }
#elif CASE == 18
int again(in<words> count) { return *count; }
void wrong() { static_cast<void>(plan_for<total>(options().replace<words, again>()).prepare(arg<"root">(1))); }
#elif CASE == 19
void wrong() { static_cast<void>(plan_for<words>().prepare(arg<"root">(1))); }
#elif CASE == 20
void wrong() { static_cast<void>(plan_for<total>(options().replace<rows, other_rows>())); }
#elif CASE == 21
void wrong() { static_cast<void>(options().retry<total>(2)); }
#elif CASE == 22
void wrong() { static_cast<void>(options().retry<taker>(2)); }
#elif CASE == 23
void wrong() { static_cast<void>(options().retry<taking>(2)); }
#elif CASE == 24
void wrong() { static_cast<void>(plan_for(options())); }
#elif CASE == 25
void wrong() { run_blocking(total, arg<"root">(1)); }
#elif CASE == 26
void wrong() { run_blocking(arg<"root">(1)); }
#elif CASE == 27  // an argument of a plan made at run time
void wrong() { static_cast<void>(plan_for<total>().prepare(arg("root", 1))); }
#elif CASE == 28
void wrong() {
    auto key = arg<"key">(std::make_unique<int>(1));
    static_cast<void>(plan_for<opened>().prepare(key));
}
#elif CASE == 29
void wrong() { static_cast<void>(plan_for<letters>().prepare(arg<"title">(std::string("temporary")))); }
#elif CASE == 30
void wrong() { static_cast<void>(plan_for<total>().prepare(arg<"root">(1), frond::run_report())); }
#elif CASE == 31
void wrong() {
    auto key = arg("key", std::make_unique<int>(1));
    static_cast<void>(named().prepare(key));
}
#elif CASE == 32
void wrong() { static_cast<void>(named().prepare(watcher())); }
#elif CASE == 33  // an argument of a typed plan
void wrong() { static_cast<void>(named().prepare(arg<"root">(1))); }
#elif CASE == 34
void wrong() { static_cast<void>(plan_for<total>(options().limit_each<words>(2))); }
#else
#error "there is no such case"
#endif

}  // namespace
