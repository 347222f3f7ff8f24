#include "spare_child.hpp"

#include "run_core.hpp"

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

}  // namespace frond
