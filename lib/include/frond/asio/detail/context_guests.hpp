// The things that run on a context and end with it: runs, spawned coroutines, shared executors.
//
// Asio destroys the handlers that a context holds when the context is destroyed. A run is held by no handler, so it asks here to be
// told of that moment.
#pragma once

#include <memory>
#include <mutex>

namespace frond::detail {

class context_guests;

/// Something that must end when the context on which it runs is destroyed before it has ended. Always owned by a shared_ptr.
class context_guest {
public:
    /// The context is being destroyed: none of its threads will run anything any more. Called once at most.
    virtual void context_ends() noexcept = 0;
    /// Keeps the guest alive; null if it is being destroyed already.
    virtual std::shared_ptr<void> keep() noexcept = 0;

protected:
    context_guest() = default;
    context_guest(context_guest const&) = delete;
    context_guest& operator=(context_guest const&) = delete;
    /// Requires: `leave_context` has been called, or the guest has entered no context.
    ~context_guest();

    /// Null: the executor does not tell its context, so nothing will be told.
    void enter_context(std::shared_ptr<context_guests> guests) noexcept;
    /// Nothing is told from now on.
    void leave_context() noexcept;

private:
    friend class context_guests;

    std::shared_ptr<context_guests> in_;
    context_guest* next_ = nullptr;
    context_guest* previous_ = nullptr;
    bool listed_ = false;
};

/// The guests of one context. May outlive the context. Thread: any.
class context_guests {
public:
    /// Tells all guests, one after the other, those too that enter meanwhile. Afterwards no guest enters.
    void end() noexcept;

private:
    friend class context_guest;

    void add(context_guest& guest) noexcept;
    void remove(context_guest& guest) noexcept;

    std::mutex mutex_;  // guards the list and its links
    context_guest* first_ = nullptr;
};

}  // namespace frond::detail
