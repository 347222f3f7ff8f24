#include "child_runner.hpp"

#include "run_core.hpp"

#include <cassert>
#include <exception>
#include <utility>

namespace frond {

child_runner::child_runner(expansion& of, child_batch& batch)
    : needs_open(!of.straight || of.scope.limit != 0 || of.scope.limit_each != 0),
      needs_slot(of.straight ? !of.scope.specs.empty() : of.scope.begins_with_block),
      chunks(of),
      notes(of),
      of_(of),
      batch_(batch),
      spare_(of, notes) {}

bool child_runner::run() noexcept {
    assert(equipped() && !batch_.empty());
    bool const quiet = !of_.run.news.tells_tasks() && !of_.run.wraps();
    // The child of a batch of one may take long. It is not gathered, so that hooks see it begin.
    bool const gathers = !of_.run.wraps() && batch_.keys.empty() && batch_.count > 1;
    if (of_.scope.single != nullptr && (quiet || gathers)) {
        run_single();
    } else if (of_.straight) {
        run_straight();
    } else if (of_.scope.single_coroutine != nullptr && quiet) {
        return run_single_coroutines();
    } else {
        return run_any();
    }
    return false;
}

// ---- what it holds

void child_runner::got() noexcept {
    assert(here_ == 0);
    here_ = batch_.count;
    if (reserved() != 0) of_.pending.add(reserved());
    notes.yielded(batch_);
}

void child_runner::end_batch() noexcept {
    assert(batch_.empty());
    if (reserved() != 0) of_.pending.give_back(reserved());
    ended_ += std::exchange(here_, 0U);
    count_succeeded();
    notes.tell();
}

bool child_runner::give_tail(unsigned from, child_runner& heir) noexcept {
    unsigned const gone = batch_.give_tail(from, heir.batch_);
    if (gone == 0) return false;
    assert(here_ >= gone);
    heir.here_ = gone;
    here_ -= gone;
    heir.notes.stamp_like(notes);
    return true;
}

void child_runner::hand_over() noexcept {
    count_succeeded();
    notes.tell();  // before the results can be read
    chunks.push();
    if (ended_ != 0) of_.came_back(std::exchange(ended_, 0U));
}

void child_runner::push_full() noexcept {
    if (!chunks.any_full()) return;
    notes.tell();
    chunks.push_full();
}

void child_runner::count_succeeded() noexcept {
    if (succeeded_ != 0) of_.run.counts.straight_succeeded(of_.scope, std::exchange(succeeded_, 0U));
}

void child_runner::give_slots() noexcept {
    of_.run.limits.give(credit);
    if (std::exchange(has_open, false)) of_.give_open();
}

void child_runner::skip_rest() noexcept {
    of_.skip(batch_.index(), batch_.count - batch_.position);
    batch_.destroy_rest();
}

void child_runner::out_of_memory() noexcept {
    of_.parent.fail(error::out_of_memory(), &of_.spec, nullptr);
    skip_rest();
}

// ---- one child

// Moves the next parameter out of the batch into the spare child. False if the move throws: the expansion has failed
// then.
bool child_runner::take_parameter() noexcept {
    try {
        spare_.take_parameter(batch_);
        return true;
    } catch (...) {
        of_.parent.fail(error::from_exception(std::current_exception()), &of_.spec, nullptr);
        skip_rest();
        return false;
    }
}

// Puts the values of the spare child into every chunk. False if a copy or a move throws: the child has failed then, and
// collectors of results that have not got its value get the error.
bool child_runner::deliver(bool failed) noexcept {
    bool const failed_before = failed;
    for (std::size_t sink = 0; sink < chunks.size(); ++sink) {
        if (!of_.add(sink, *spare_, failed, chunks[sink])) return false;
    }
    return failed == failed_before;
}

}  // namespace frond
