#include "lane.hpp"

#include "run_core.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace frond {

namespace {

// A batch that takes less is worth a larger one; one that takes more keeps others waiting.
constexpr auto short_batch = std::chrono::microseconds(20);
constexpr auto long_batch = std::chrono::microseconds(100);

// An expansion that is younger may be over before another thread has come.
constexpr auto too_young_for_help = std::chrono::microseconds(5);

}  // namespace

// ---- how lanes come and go

lane::lane(expansion& of, place why)
    : puller([](work& self) noexcept { static_cast<lane&>(self).run(); }, *of.scope.parameter, of.batch_capacity),
      of_(of),
      place_(why),
      inviter_(of.run.on().this_thread()),
      children_(of, batch) {
    on = &of.run.on();
}

void lane::begin(expansion& of) noexcept {
    of.prepare();
    try {
        pump::current()->push_front(*new lane(of, place::first));
    } catch (...) {
        of.fail_to_begin();
    }
}

// One more lane, on a thread that is free, where a child takes so long that this is worth it, and so short that the
// lanes are counted run-wide: see `keep_invitation` for longer ones.
void lane::invite_helper(expansion& of, time_point now) noexcept {
    if (!of.threads || of.cost().is_trivial() || !of.has_more()) return;
    if (of.age(now) < too_young_for_help || !of.run.threads.take_helper()) return;
    try {
        auto* const helper = new lane(of, place::helper);
        of.pending.add();
        of.run.on().post(*helper);
    } catch (...) {
        of.run.threads.give_helper();  // out of memory: the expansion goes on without a helper
    }
}

// Where a child may take long: one lane more waits in the executor's queue for whichever thread gets free first.
void lane::keep_invitation(expansion& of) noexcept {
    if (!of.has_more() || !of.lanes.may_invite(of.run.threads.width(), of.run.threads.alone())) return;
    try {
        auto* const invited = new lane(of, place::invited);
        of.lanes.came();
        of.pending.add();
        of.run.on().post(*invited);
    } catch (...) {
        of.lanes.invitation_over();  // out of memory: the expansion goes on without a further lane
    }
}

// Called when the lane first runs. False if it runs on the thread that invited it, and so brings no further thread.
bool lane::stays() noexcept {
    if (place_ == place::first || place_ == place::heir) return true;
    bool const on_other_thread = inviter_ != of_.run.on().this_thread();
    if (place_ == place::invited) {
        of_.lanes.invitation_over();
        of_.run.threads.invited_came(on_other_thread);
    } else if (!on_other_thread) {
        of_.run.threads.helper_was_in_vain();
    }
    return on_other_thread;
}

// Two threads take longer for trivial children than one: a helper came since some of them seemed to be longer.
bool lane::helps_in_vain() const noexcept { return place_ == place::helper && of_.cost().is_trivial(); }

void lane::leave() noexcept {
    children_.end_batch();
    let_go();
    if (has_own_) of_.own_limit()->give();
    if (place_ == place::helper) of_.run.threads.give_helper();
    if (place_ == place::invited || place_ == place::heir) of_.lanes.left();
    expansion& of = of_;
    delete this;
    of.pending.drop();
}

// ---- its life

void lane::run() noexcept {
    if (waiting_ == waiting_for::shared_slot) {
        children_.has_open = true;
        has_own_ = false;
    }
    if (waiting_ == waiting_for::slot) children_.credit.held = true;
    waiting_ = waiting_for::nothing;
    if (!std::exchange(entered_, true) && !stays()) {
        leave();
        return;
    }
    bool stamped = false;
    for (;;) {
        if (batch.empty()) {
            if (!take_batch()) return;
            stamped = false;
        }
        while (!children_.equipped()) {
            if (!take_chunks() || !take_slots()) return;
        }
        // Children begin when the source has given them and what they need is there.
        if (!std::exchange(stamped, true)) children_.notes.stamp_begin();
        if (of_.may_be_long()) {
            give_tail(batch.position + 1);
            clear_the_way();
        }
        if (run_children()) {
            away_ = true;
            let_go();
            pump::current()->push_back(*this);
            return;
        }
        see_long_child();
    }
}

bool lane::take_batch() noexcept {
    // No look at the clock where nothing is left to learn from it.
    if (of_.is_over() && (!of_.threads || of_.cost().is_trivial())) {
        leave();
        return false;
    }
    time_point const now = of_.run.time().now();
    if (place_ == place::first && batch_began_ == time_point{}) of_.begins(now);
    if (batch.count != 0) {
        auto const took = now - batch_began_;
        if (took < short_batch && want_ < batch.capacity) want_ = std::min(want_ * 2, batch.capacity);
        if (took > long_batch && want_ > 1) want_ /= 2;
        learn_cost(now);
    }
    children_.end_batch();
    batch.clear();
    if (of_.stopping() || (guest() && of_.lanes.is_over(of_.run.threads.width())) || helps_in_vain()) {
        leave();
        return false;
    }
    // Results do not wait for a chunk to fill up where children take their time.
    if (now - handed_over_ > short_batch) {
        handed_over_ = now;
        children_.hand_over();
    }
    if (of_.run.gives_back(now)) {
        let_go();
        pump::current()->post_for_later(*this);
        return false;
    }
    // What this lane has woken or opened comes before its next children: once, since others stand back for it as well.
    if (!pump::current()->idle() && !std::exchange(stood_back_, true)) {
        children_.give_slots();
        pump::current()->push_back(*this);
        return false;
    }
    stood_back_ = false;
    if (of_.run.news.has_lossless_hooks()) {
        let_go();
        if (!of_.run.news.admits(*this)) return false;
    }
    if (of_.may_be_long()) {
        want_ = 1;
        if (!pump::current()->idle()) pump::current()->hand_over();  // the expander may take long, too
    } else {
        invite_helper(of_, now);
    }
    batch_began_ = now;
    switch (of_.pull(*this, want_, guest())) {
        case pull_result::some: return true;
        case pull_result::parked: return false;
        case pull_result::busy:
        case pull_result::over: break;
    }
    leave();
    return false;
}

void lane::got(std::uint64_t first_index, unsigned count) noexcept {
    batch.first_index = first_index;
    batch.position = 0;
    batch.count = count;
    children_.got();
}

bool lane::take_chunks() noexcept {
    try {
        auto const full = children_.chunks.take();
        if (!full) return true;
        let_go();
        away_ = true;
        return children_.chunks.take(*full, *this);
    } catch (...) {
        children_.out_of_memory();
        leave();
        return false;
    }
}

// Takes both slots that an open child needs. A lane that waits for the shared slot keeps the slot of its expansion, which no other
// expansion could use.
bool lane::take_open() noexcept {
    auto* const own = of_.own_limit();
    auto* const shared = of_.shared_limit();
    if (own != nullptr && !std::exchange(has_own_, true) && !take_open_of(*own, waiting_for::own_slot)) return false;
    if (shared != nullptr && !take_open_of(*shared, waiting_for::shared_slot)) return false;
    children_.has_open = true;
    return true;
}

bool lane::take_open_of(slot_limiter& limit, waiting_for what) noexcept {
    if (limit.try_take()) return true;
    let_go();
    away_ = true;
    waiting_ = what;
    if (!of_.pending.take_or_park(*this, [&] { return limit.take(*this); })) return false;
    waiting_ = waiting_for::nothing;
    return true;
}

bool lane::take_slots() noexcept {
    if (children_.needs_open && !children_.has_open) {
        if (!take_open()) return false;
        has_own_ = false;
    }
    slot_limiter& slots = of_.run.limits.slots;
    if (children_.needs_slot && !children_.credit.held) {
        if (!slots.try_take()) {
            children_.hand_over();
            away_ = true;
            waiting_ = waiting_for::slot;
            if (!slots.take(*this)) return false;
            waiting_ = waiting_for::nothing;
        }
        children_.credit.held = true;
    }
    return true;
}

void lane::let_go() noexcept {
    weight = children_.weight();
    children_.hand_over();
    children_.give_slots();
}

// ---- children that take long

// True if other work of this thread must run before the next child.
bool lane::run_children() noexcept {
    working_thread* const thread = of_.threads ? pump::thread_here() : nullptr;
    expansion_at_hand mine(*this);
    working_thread::holds const held(thread, mine);
    working_thread::body const inside(thread);
    return children_.run();
}

lane::expansion_at_hand::expansion_at_hand(lane& owner) noexcept
    : at_hand([](at_hand& self) noexcept {
          lane& me = static_cast<expansion_at_hand&>(self).of;
          me.children_.tail_wanted.store(true, std::memory_order_relaxed);
          keep_invitation(me.of_);
      }),
      of(owner) {}

// Before children that may take long: whatever else this thread could do goes to where other threads find it.
void lane::clear_the_way() noexcept {
    keep_invitation(of_);
    if (!pump::current()->idle()) pump::current()->hand_over();
}

// Gives the children of the batch from there on to a lane of their own, which other threads may run.
void lane::give_tail(unsigned from) noexcept {
    if (from >= batch.count) return;
    lane* heir = nullptr;
    try {
        heir = new lane(of_, place::heir);
    } catch (...) {
        return;  // out of memory: they stay
    }
    if (!children_.give_tail(from, heir->children_)) {
        delete heir;
        return;
    }
    heir->away_ = true;
    of_.lanes.came();
    of_.pending.add();
    on->post(*heir);
}

// A child that was taken for short was not: others of the batch go to another lane, and its like are unknown again.
void lane::see_long_child() noexcept {
    if (!children_.tail_wanted.load(std::memory_order_relaxed)) return;
    children_.tail_wanted.store(false, std::memory_order_relaxed);
    if (auto* const thread = pump::thread_here()) static_cast<void>(thread->was_relieved());
    of_.cost().forget();
    away_ = true;
    give_tail(batch.position);
}

void lane::learn_cost(time_point now) noexcept {
    if (!of_.threads || std::exchange(away_, false)) return;
    duration const took = now - batch_began_;
    // Where nothing is to be learnt, no division, which costs as much as a trivial child.
    if (of_.cost().is_surely_trivial() && took <= batch.count * body_cost::trivial) return;
    of_.cost().learn(took / batch.count);
}

}  // namespace frond
