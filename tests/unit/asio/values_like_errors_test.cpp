// Values that can themselves be made of an error, or of anything: a value and a failure stay what they are on every way.
#include "catch.hpp"

#include "frond/asio.hpp"
#include "frond/frond.hpp"

#include <any>
#include <optional>
#include <stdexcept>
#include <utility>
#include <variant>

namespace net = frond::net;
using frond::all;
using frond::all_results;
using frond::async;
using frond::each_result;
using frond::error;
using frond::in;
using frond::input;

namespace like_errors {

error an_error() { return error(frond::errc::node_failed, "a value"); }

template <class T>
struct nodes {
    static frond::expander<int> item(input<"fails", bool>) {
        co_yield 0;
        co_yield 1;
    }
    static T made(in<item> i, input<"fails", bool> fails) {
        if (*fails && *i == 1) throw std::runtime_error("a failure");
        return T(an_error());
    }
    static int listed(all<made> of) { return static_cast<int>(of.size()); }
    static int listed_results(all_results<made> of) {
        int failed = 0;
        for (auto const& each : of) failed += each.has_error() ? 1 : 0;
        return failed;
    }
    static async<T> streamed(each_result<made> of) {
        std::optional<error> failure;
        std::optional<T> last;
        while (auto next = co_await of.next()) {
            if (*next) {
                last = std::move(*next).value();
            } else {
                failure = next->error();
            }
        }
        if (failure) throw frond::bad_result(*failure);
        co_return std::move(*last);
    }
    static async<T> awaits(input<"fails", bool> fails) {
        auto outcome = co_await frond::plan_for<streamed>().async_run(frond::arg<"fails">(*fails), frond::use_async);
        co_return std::move(outcome).value();
    }
};

}  // namespace like_errors

template <class T>
void check_values_like_errors() {
    using n = like_errors::nodes<T>;
    bool const fails = GENERATE(false, true);
    auto const argument = [&] { return frond::arg<"fails">(bool(fails)); };
    auto const outcome = frond::run_blocking<n::streamed>(argument());
    CHECK(outcome.has_value() == !fails);
    if (fails) CHECK(outcome.error().message() == "a failure");
    CHECK(frond::run_blocking<n::listed>(argument()).has_value() == !fails);
    CHECK(frond::run_blocking<n::listed_results>(argument()).value() == (fails ? 1 : 0));

    net::io_context context(1);
    int values = 0;
    int failures = 0;
    auto const count = [&](frond::result<T> const& ended) { ++(ended.has_value() ? values : failures); };
    frond::plan_for<n::awaits>().async_run(context, argument(), count);
    frond::spawn(context.get_executor(), n::awaits(bool(fails)), count);
    context.run();
    CHECK(values == (fails ? 0 : 2));
    CHECK(failures == (fails ? 2 : 0));
}

TEST_CASE("a value that can be made of an error is a value, and a failure beside it a failure") {
    SECTION("an optional error") { check_values_like_errors<std::optional<error>>(); }
    SECTION("an any") { check_values_like_errors<std::any>(); }
    SECTION("a variant with an error") { check_values_like_errors<std::variant<int, error>>(); }
}
