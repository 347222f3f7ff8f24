#include "frond/base/async.hpp"

#include "frond/base/error.hpp"

namespace frond::detail {

namespace {

// How deep destructions are nested on this thread, and the frames that are destroyed when the outermost one is over.
struct destructions {
    unsigned depth = 0;
    std::coroutine_handle<> frame = nullptr;
    promise_base* promise = nullptr;
};

constexpr unsigned deepest = 100;

thread_local destructions doomed;

// The frame awaits nothing.
void destroy_one(std::coroutine_handle<> frame, promise_base& promise) noexcept {
    destructions& here = doomed;
    if (here.depth == deepest) {
        promise.continuation = here.frame;
        promise.next_doomed = here.promise;
        here.frame = frame;
        here.promise = &promise;
        return;
    }
    ++here.depth;
    frame.destroy();
    while (here.depth == 1 && here.frame) {
        auto const next = here.frame;
        here.frame = here.promise->continuation;
        here.promise = here.promise->next_doomed;
        next.destroy();
    }
    --here.depth;
}

}  // namespace

void destroy_flat(std::coroutine_handle<> frame, promise_base& promise) noexcept {
    promise_base* innermost = &promise;
    while (innermost->awaits != nullptr) innermost = innermost->awaits;
    while (innermost != &promise) {
        promise_base& ending = *innermost;
        innermost = ending.awaited_by;
        innermost->awaits = nullptr;
        destroy_one(std::exchange(*ending.held_by, nullptr), ending);
    }
    destroy_one(frame, promise);
}

void throw_unfinished() { throw bad_result(error::executor_gone()); }

}  // namespace frond::detail
