#include "frond/asio/detail/context_guests.hpp"

#include <cassert>
#include <utility>

namespace frond::detail {

context_guest::~context_guest() { assert(!listed_); }

void context_guest::enter_context(std::shared_ptr<context_guests> guests) noexcept {
    in_ = std::move(guests);
    if (in_ != nullptr) in_->add(*this);
}

void context_guest::leave_context() noexcept {
    if (in_ != nullptr) in_->remove(*this);
}

void context_guests::add(context_guest& guest) noexcept {
    std::lock_guard const guard(mutex_);
    guest.listed_ = true;
    guest.previous_ = nullptr;
    guest.next_ = first_;
    if (first_ != nullptr) first_->previous_ = &guest;
    first_ = &guest;
}

void context_guests::remove(context_guest& guest) noexcept {
    std::lock_guard const guard(mutex_);
    if (!std::exchange(guest.listed_, false)) return;
    (guest.previous_ != nullptr ? guest.previous_->next_ : first_) = guest.next_;
    if (guest.next_ != nullptr) guest.next_->previous_ = guest.previous_;
}

void context_guests::end() noexcept {
    for (;;) {
        std::shared_ptr<void> alive;
        context_guest* guest = nullptr;
        {
            std::lock_guard const guard(mutex_);
            guest = first_;
            if (guest == nullptr) return;
            alive = guest->keep();
            first_ = guest->next_;
            if (first_ != nullptr) first_->previous_ = nullptr;
            guest->listed_ = false;
        }
        if (alive != nullptr) guest->context_ends();
    }
}

}  // namespace frond::detail
