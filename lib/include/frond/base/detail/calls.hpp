// Parts of an object that call one of its member functions: its work, its alarms, its interruptions.
#pragma once

namespace frond {

/// `calls<Base, &owner::act>`, with Base one of work, wakeable, alarm and fiber::interrupt. The owner outlives it, but for
/// the call, inside which both may go.
template <class Base, auto Act>
class calls;

template <class Base, class Owner, void (Owner::*Act)() noexcept>
class calls<Base, Act> final : public Base {
public:
    explicit calls(Owner& owner) noexcept
        : Base([](auto& self) noexcept { (static_cast<calls&>(self).owner_.*Act)(); }), owner_(owner) {}

private:
    Owner& owner_;
};

}  // namespace frond
