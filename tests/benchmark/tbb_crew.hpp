// The threads that oneTBB may use: all that execute, the caller's among them.
#pragma once

#include <oneapi/tbb/global_control.h>
#include <oneapi/tbb/task_arena.h>

namespace bench {

class tbb_crew {
public:
    explicit tbb_crew(unsigned threads)
        : limit_(tbb::global_control::max_allowed_parallelism, threads), arena_(static_cast<int>(threads)) {}

    /// Calls `act` inside the arena.
    template <class Act>
    void run(Act&& act) {
        arena_.execute(act);
    }

private:
    tbb::global_control limit_;
    tbb::task_arena arena_;
};

}  // namespace bench
