// Carries a context to the bodies of nodes: a span of a distributed trace, a request's id, a logger.
//
//     frond::hooks::tracer<span> tracing([&](frond::node_event const& event) { return request.child(event.name()); },
//                                        [](span& of, frond::error const* failure) { of.end(failure == nullptr); });
//     auto result = frond::run_blocking<total>(tracing);
//
// and in a body, on whatever thread it goes on: `if (span* here = tracing.current()) here->add("rows", n);`
#pragma once

#include "frond/base/async.hpp"
#include "frond/base/error.hpp"
#include "frond/run/hook.hpp"
#include "frond/run/interceptor.hpp"
#include "frond/run/this_task.hpp"

#include <functional>
#include <stdexcept>
#include <utility>

namespace frond::hooks {

/// An interceptor. Each attempt at a node has a context of its own, which lives until the attempt has ended.
/// Thread: any number of runs, at once too; the functions are called on any of their threads, at once.
template <class Context>
class tracer {
public:
    /// `begin` makes the context of an attempt; what it throws fails the node. `end` is told why the attempt has failed, or
    /// null, and throws nothing.
    /// Errors: throws std::invalid_argument if either is empty.
    tracer(std::function<Context(node_event const&)> begin, std::function<void(Context&, error const*)> end)
        : begin_(std::move(begin)), end_(std::move(end)) {
        if (!begin_ || !end_)
            throw std::invalid_argument("frond::hooks::tracer: give a function for begin and one for end");
    }

    async<void> around_node(node_call& call) {
        carried mine(this, begin_(call.event()));
        call.carry(mine);
        async<void> inner = call.next();
        co_await inner;
        call.drop();
        end_(mine.context, call.failure());
    }

    /// The context of the attempt whose body this thread runs; null if it runs none. Thread: the body's.
    Context* current() const noexcept {
        for (auto* each = this_task::carried(); each != nullptr; each = each->outer) {
            if (each->owner == this) return &static_cast<carried*>(each)->context;
        }
        return nullptr;
    }

private:
    struct carried : carried_context {
        carried(tracer const* by, Context&& what) : carried_context(by), context(std::move(what)) {}
        Context context;
    };

    std::function<Context(node_event const&)> begin_;
    std::function<void(Context&, error const*)> end_;
};

}  // namespace frond::hooks
