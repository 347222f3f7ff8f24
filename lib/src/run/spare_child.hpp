// The instance that a lane keeps for its next child, and the task of that child where it is a single coroutine. A child that
// does not suspend leaves both for the next child.
#pragma once

#include "child_batch.hpp"
#include "expansion.hpp"
#include "instance.hpp"
#include "task_context.hpp"
#include "task_run.hpp"

#include <cassert>
#include <cstddef>
#include <cstring>
#include <memory>

namespace frond {

class child_notes;

/// Thread: one at a time.
class spare_child {
public:
    /// Both outlive it. `notes`: where events of children that run straight through are held back.
    spare_child(expansion& of, child_notes& notes) noexcept : of_(of) { context.notes = &notes; }
    ~spare_child();
    spare_child(spare_child const&) = delete;
    spare_child& operator=(spare_child const&) = delete;

    /// Makes the instance, and the task too, where they are missing. False: memory is out.
    bool make() noexcept { return instance_ != nullptr || make_instance(); }
    bool make_with_task() noexcept { return task_ != nullptr || make_task(); }

    /// Requires: made, and not left since.
    instance& operator*() const noexcept { return *instance_; }
    instance* operator->() const noexcept { return instance_; }
    task_run& task() const noexcept { return *task_; }

    /// The child at `position` of the batch gets the key that it has there.
    void name(child_batch const& batch, unsigned position) noexcept {
        if (!batch.keys.empty()) {
            instance_->key = batch.key_at(position);
        } else if (instance_->key != nullptr) {
            instance_->key.reset();  // of the child before
        }
    }
    /// Moves the next parameter out of the batch. Errors: throws what moving it throws.
    void take_parameter(child_batch& batch) {
        std::byte* const parameter = batch.parameter(batch.position);
        if (batch.type.trivial) {
            std::memcpy(instance_->parameter, parameter, batch.type.size);
        } else {
            batch.type.move(instance_->parameter, parameter);
            instance_->parameter_made = true;
            if (batch.type.destroy != nullptr) batch.type.destroy(parameter);
        }
        ++batch.position;
    }
    /// The child goes on by itself: the instance is its own.
    void leave() noexcept { instance_ = nullptr; }
    /// The child did not suspend after all.
    void take_back(instance& child) noexcept {
        assert(instance_ == nullptr);
        instance_ = &child;
    }
    /// As `leave`. Gives the task, which is the child's own too.
    task_run& leave_with_task() noexcept {
        leave();
        return *task_.release();
    }
    /// Forgets the progress that a child told while it ran straight through.
    void forget_progress() noexcept {
        if (context.told) of_.run.news.bodies.forget(context);
    }

    task_context context;  // of a child that runs straight through

private:
    bool make_instance() noexcept;
    bool make_task() noexcept;

    expansion& of_;
    instance* instance_ = nullptr;
    std::unique_ptr<task_run> task_;
};

}  // namespace frond
