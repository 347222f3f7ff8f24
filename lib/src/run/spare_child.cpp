#include "spare_child.hpp"

#include "run_core.hpp"

#include <cstring>

namespace frond {

spare_child::~spare_child() {
    task_.reset();
    if (instance_ != nullptr) instance_->destroy();
}

bool spare_child::make_instance() noexcept {
    try {
        instance_ = instance::make(of_.run, of_.scope, &of_);
        context.in = instance_;
        return true;
    } catch (...) {
        return false;
    }
}

bool spare_child::make_task() noexcept {
    if (!make()) return false;
    try {
        task_ = std::make_unique<task_run>(*instance_, of_.run.plan->specs[of_.scope.specs.front()]);
        task_->prepare_single();
        return true;
    } catch (...) {
        return false;
    }
}

void spare_child::name(child_batch const& batch, unsigned position) noexcept {
    if (!batch.keys.empty()) {
        instance_->key = batch.key_at(position);
    } else if (instance_->key != nullptr) {
        instance_->key.reset();  // of the child before
    }
}

void spare_child::take_parameter(child_batch& batch) {
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

}  // namespace frond
