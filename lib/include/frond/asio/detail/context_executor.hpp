// An executor whose functions find the task for which they run: what Asio resumes there is a part of the task's body.
#pragma once

#include "frond/asio/detail/net.hpp"
#include "frond/base/fiber.hpp"

#include <type_traits>
#include <utility>

namespace frond::detail {

/// Thread: as the inner executor. The context outlives every function that is handed over.
template <class Inner>
class context_executor {
public:
    context_executor(Inner inner, void* context) : inner_(std::move(inner)), context_(context) {}

    template <class Function>
    void execute(Function&& function) const {
        inner_.execute(in_context<std::decay_t<Function>>(std::forward<Function>(function), context_));
    }

    template <class Property>
        requires(net::can_query<Inner const&, Property>::value)
    decltype(auto) query(Property const& property) const {
        return net::query(inner_, property);
    }
    template <class Property>
        requires(net::can_require<Inner const&, Property>::value)
    auto require(Property const& property) const {
        return with(net::require(inner_, property));
    }
    template <class Property>
        requires(net::can_prefer<Inner const&, Property>::value)
    auto prefer(Property const& property) const {
        return with(net::prefer(inner_, property));
    }

    friend bool operator==(context_executor const& a, context_executor const& b) noexcept {
        return a.inner_ == b.inner_ && a.context_ == b.context_;
    }
    friend bool operator!=(context_executor const& a, context_executor const& b) noexcept { return !(a == b); }

private:
    template <class Function>
    class in_context {
    public:
        template <class F>
        in_context(F&& function, void* context) : function_(std::forward<F>(function)), context_(context) {}
        void operator()() {
            current_context const here(context_);
            std::move(function_)();
        }

    private:
        Function function_;
        void* context_;
    };

    template <class Other>
    context_executor<Other> with(Other inner) const {
        return {std::move(inner), context_};
    }

    Inner inner_;
    void* context_;
};

}  // namespace frond::detail
