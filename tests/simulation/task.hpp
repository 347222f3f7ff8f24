// An async<void> on a fiber of its own: the smallest driver, for tests of what needs no run.
#pragma once

#include <exception>
#include <optional>
#include <utility>

#include "frond/base/async.hpp"

namespace frond::simulation {

/// Thread: one. Lives longer than what it drives.
class task {
public:
    task(executor& home, async<void> body) : body_(std::move(body)), fiber_(home, *this), begin_(*this) {
        home.post(begin_);
    }
    task(task const&) = delete;
    task& operator=(task const&) = delete;

    void cancel() noexcept {
        if (!over_) fiber_.cancel();
    }
    bool over() const noexcept { return over_; }
    unsigned times_over() const noexcept { return times_over_; }
    bool canceled() const noexcept { return canceled_; }
    /// What it threw, unless that was a cancellation.
    std::exception_ptr thrown() const noexcept { return thrown_; }

private:
    struct own_fiber : frond::fiber {
        own_fiber(executor& home, task& driver) noexcept : frond::fiber(home, &task::stopped), of(driver) {}
        task& of;
    };
    struct beginning : work {
        explicit beginning(task& driver) noexcept : work(&task::begin), of(driver) {}
        task& of;
    };

    static void begin(work& self) noexcept {
        task& me = static_cast<beginning&>(self).of;
        if (me.fiber_.run(me.body_->start_on(me.fiber_))) me.end();
    }
    static void stopped(frond::fiber& self) noexcept { static_cast<own_fiber&>(self).of.end(); }

    void end() noexcept {
        over_ = true;
        ++times_over_;
        try {
            body_->take();
        } catch (bad_result const& failed) {
            canceled_ = failed.error().is_canceled();
            if (!canceled_) thrown_ = std::current_exception();
        } catch (...) {
            thrown_ = std::current_exception();
        }
        body_.reset();
    }

    std::optional<async<void>> body_;
    own_fiber fiber_;
    beginning begin_;
    bool over_ = false;
    unsigned times_over_ = 0;
    bool canceled_ = false;
    std::exception_ptr thrown_;
};

}  // namespace frond::simulation
