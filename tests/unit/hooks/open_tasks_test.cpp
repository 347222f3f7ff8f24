// How long tasks took, from events that may be missing.
#include "../../catch.hpp"

#include "metrics/open_tasks.hpp"

#include "samples.hpp"

#include <cstdint>
#include <memory>
#include <optional>

using namespace samples;
using frond::hooks::detail::open_tasks;

namespace {

frond::task_event task(std::uint64_t run, std::optional<std::uint64_t> index, frond::duration at,
                       std::shared_ptr<frond::child_path const> around = nullptr) {
    frond::task_event made;
    made.run_id = run;
    made.id.index = index;
    made.id.enclosing = std::move(around);
    made.time = start + at;
    return made;
}

std::shared_ptr<frond::child_path const> child(std::uint64_t index,
                                               std::shared_ptr<frond::child_path const> around = nullptr) {
    return std::make_shared<frond::child_path const>(frond::child_path{std::move(around), index, nullptr});
}

}  // namespace

TEST_CASE("a task took as long as from its beginning to its end, whatever began in between") {
    open_tasks open(100);
    for (std::uint64_t i = 0; i < 10; ++i) open.begin(task(1, i, i * 1s));
    open.begin(task(1, std::nullopt, 10s));
    for (std::uint64_t i = 0; i < 10; ++i) CHECK(open.end(task(1, i, 20s)) == (20 - i) * 1s);
    CHECK(open.end(task(1, std::nullopt, 20s)) == 10s);
    CHECK(open.size() == 0);
}

TEST_CASE("tasks are told apart by the run, the spec and every child around them") {
    open_tasks open(100);
    auto second_spec = task(1, 0, 2s);
    second_spec.id.spec = 1;
    open.begin(task(1, 0, 1s));
    open.begin(second_spec);
    open.begin(task(2, 0, 3s));
    open.begin(task(1, 0, 4s, child(0)));
    open.begin(task(1, 0, 5s, child(0, child(0))));
    open.begin(task(1, 0, 6s, child(0, child(1))));
    second_spec.time = start + 10s;
    CHECK(open.end(second_spec) == 8s);
    CHECK(open.end(task(1, 0, 10s)) == 9s);
    CHECK(open.end(task(2, 0, 10s)) == 7s);
    // The same children, said by other objects.
    CHECK(open.end(task(1, 0, 10s, child(0))) == 6s);
    CHECK(open.end(task(1, 0, 10s, child(0, child(1)))) == 4s);
    CHECK(open.end(task(1, 0, 10s, child(0, child(0)))) == 5s);
}

TEST_CASE("a task whose beginning was not told has no duration") {
    open_tasks open(100);
    CHECK_FALSE(open.end(task(1, 0, 1s)));
    open.begin(task(1, 1, 1s));
    CHECK_FALSE(open.end(task(1, 0, 1s)));
    open.begin(task(1, 0, 1s, child(0)));
    CHECK_FALSE(open.end(task(1, 0, 2s, child(1))));
}

TEST_CASE("beginnings whose ends are never told take bounded memory, and go with their run") {
    open_tasks open(100);
    for (std::uint64_t i = 0; i < 10'000; ++i) open.begin(task(1, i, 1s));
    CHECK(open.size() == 100);
    open.begin(task(2, 0, 1s));
    CHECK(open.end(task(2, 0, 3s)) == 2s);
    open.forget(1);
    CHECK(open.size() == 0);
}
