// A run or a coroutine that outlives its context, since a body awaits something of somebody else: of what belongs to the context
// nothing is left, neither the handler nor a copy of the executor.
#include "catch.hpp"

#include "frond/asio.hpp"
#include "frond/frond.hpp"

#include <memory>
#include <optional>
#include <utility>

namespace net = frond::net;
using frond::async;
using frond::in;
using frond::input;

namespace outlived {

/// Shared by everything that has to be destroyed.
using life = std::shared_ptr<int>;

/// Keeps the handler of an operation that never ends.
struct keep_handler {
    template <class Handler>
    void operator()(Handler&& handler, std::shared_ptr<void>* where) const {
        *where = std::make_shared<std::decay_t<Handler>>(std::forward<Handler>(handler));
    }
};

async<int> kept(input<"operation", std::shared_ptr<void>&> where, input<"life", life> held) {
    life const local = *held;
    auto never = net::async_initiate<frond::use_async_t const, void(int)>(keep_handler(), frond::use_async, &*where);
    co_return co_await never;
}
auto plan() { return frond::plan_for<kept>(); }

/// An executor of a context, of which each copy holds the life.
class living_executor {
public:
    living_executor(net::io_context& on, life held) : on_(&on), held_(std::move(held)) {}

    template <class Function>
    void execute(Function&& function) const {
        net::post(*on_, std::forward<Function>(function));
    }
    net::execution_context& query(net::execution::context_t) const noexcept { return *on_; }
    static constexpr net::execution::blocking_t::never_t query(net::execution::blocking_t) noexcept { return {}; }

    friend bool operator==(living_executor const& a, living_executor const& b) noexcept { return a.on_ == b.on_; }
    friend bool operator!=(living_executor const& a, living_executor const& b) noexcept { return a.on_ != b.on_; }

private:
    net::io_context* on_;
    life held_;
};

auto must_not_end(life held) {
    return [held = std::move(held)](auto const&) { FAIL("it must not end"); };
}

/// `begin(context, of_context, operation)` begins something that waits for the operation.
template <class Begin>
void check_nothing_is_left(Begin&& begin) {
    auto const of_context = std::make_shared<int>(1);
    std::shared_ptr<void> operation;
    {
        net::io_context context(1);
        begin(context, of_context, operation);
        context.poll();
        REQUIRE(operation != nullptr);
        CHECK(of_context.use_count() > 1);
    }
    CHECK(of_context.use_count() == 1);
    operation.reset();
}

}  // namespace outlived

using namespace outlived;

TEST_CASE("a run that outlives its context has destroyed its handler with the context, and its values when it ends") {
    auto const value = std::make_shared<int>(1);
    check_nothing_is_left([&](net::io_context& context, life const& of_context, std::shared_ptr<void>& operation) {
        auto const on = net::make_strand(context);
        plan().async_run(on, frond::arg<"operation">(operation), frond::arg<"life">(value),
                         net::bind_executor(net::make_strand(context), must_not_end(of_context)));
    });
    CHECK(value.use_count() == 1);
}

TEST_CASE("a run that outlives its context holds no executor of it") {
    auto const value = std::make_shared<int>(1);
    check_nothing_is_left([&](net::io_context& context, life const& of_context, std::shared_ptr<void>& operation) {
        plan().async_run(living_executor(context, of_context), frond::arg<"operation">(operation),
                         frond::arg<"life">(value), must_not_end(nullptr));
    });
    CHECK(value.use_count() == 1);
}

TEST_CASE(
    "a coroutine that was spawned and outlives its context holds neither its handler nor an executor of the context") {
    auto const value = std::make_shared<int>(1);
    check_nothing_is_left([&](net::io_context& context, life const& of_context, std::shared_ptr<void>& operation) {
        frond::spawn(living_executor(context, of_context), kept(operation, value), must_not_end(of_context));
    });
    CHECK(value.use_count() == 1);
}

TEST_CASE(
    "a context has run out of work when a handler was posted elsewhere, and the handler is called though the context "
    "is gone") {
    net::io_context other(1);
    int got = 0;
    {
        net::io_context context(1);
        frond::plan_for<kept>(frond::options().override_node<kept>())
            .async_run(context, frond::override_with<kept>(7),
                       net::bind_executor(other, [&got](auto const& outcome) { got = outcome.value(); }));
        frond::spawn(
            context.get_executor(), []() -> async<int> { co_return 5; }(),
            net::bind_executor(other, [&got](auto const& outcome) { got += outcome.value(); }));
        context.run();
    }
    other.run();
    CHECK(got == 12);
}
