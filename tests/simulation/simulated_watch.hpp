// The watch over threads, in simulated time.
#pragma once

#include "simulator.hpp"

#include "frond/base/detail/working_thread.hpp"

#include <chrono>

namespace frond::simulation {

/// Looks at the threads every millisecond, as thread_watch does, until it is let go.
class simulated_watch {
public:
    explicit simulated_watch(simulator& world) : world_(world), tick_(*this) {
        tick_.on = &world.add_executor(1);
        wait();
    }
    /// A look that is on its way comes, and is the last one.
    ~simulated_watch() {
        over_ = true;
        if (world_.cancel(tick_)) return;
        while (!came_ && world_.step()) {
        }
    }
    simulated_watch(simulated_watch const&) = delete;
    simulated_watch& operator=(simulated_watch const&) = delete;

private:
    struct tick : alarm {
        explicit tick(simulated_watch& owner) noexcept
            : alarm([](work& self) noexcept {
                  working_thread::relieve_all();
                  simulated_watch& me = static_cast<tick&>(self).of;
                  if (me.over_) {
                      me.came_ = true;
                  } else {
                      me.wait();
                  }
              }),
              of(owner) {}
        simulated_watch& of;
    };
    void wait() noexcept {
        tick_.when = world_.now() + std::chrono::milliseconds(1);
        world_.wait(tick_);
    }

    simulator& world_;
    bool over_ = false;
    bool came_ = false;
    tick tick_;
};

}  // namespace frond::simulation
