#include "frond/base/async.hpp"

namespace frond::detail {

namespace {

struct destruction {
    bool active = false;
    std::coroutine_handle<> frame = nullptr;
    promise_base* promise = nullptr;
};

thread_local destruction doomed;

}  // namespace

void destroy_flat(std::coroutine_handle<> frame, promise_base& promise) noexcept {
    destruction& here = doomed;
    if (here.active) {
        promise.continuation = here.frame;
        promise.next_doomed = here.promise;
        here.frame = frame;
        here.promise = &promise;
        return;
    }
    here.active = true;
    frame.destroy();
    while (here.frame) {
        auto const next = here.frame;
        here.frame = here.promise->continuation;
        here.promise = here.promise->next_doomed;
        next.destroy();
    }
    here.active = false;
}

}  // namespace frond::detail
