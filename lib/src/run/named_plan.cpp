#include "frond/run/named_plan.hpp"

#include "frond/run/blocking_executor.hpp"

#include <new>
#include <utility>

namespace frond {

namespace {

std::string quoted(std::string_view name) { return '"' + std::string(name) + '"'; }

result<std::shared_ptr<plan const>> make_plan(graph of, plan_options asked) {
    try {
        if (!asked.blocking.empty() && asked.blocking_executor == nullptr)
            asked.blocking_executor = blocking_executor();
        return plan::make(std::move(of), std::move(asked));
    } catch (...) {
        return error::from_exception(std::current_exception());
    }
}

}  // namespace

// Plain operator new serves every output: a plan refuses values that need more alignment.
named_results::kept::kept(plan::output const& from, void* value) : what_(&from), value_(nullptr, deleter{nullptr}) {
    bool const list = from.list != nullptr;
    value_.reset(::operator new(list ? from.list->size : from.type->size));
    (list ? from.list->move : from.type->move)(value_.get(), value);
    value_.get_deleter().destroy = list ? from.list->destroy : from.type->destroy;
}

void named_results::kept::deleter::operator()(void* value) const noexcept {
    if (destroy != nullptr) destroy(value);
    ::operator delete(value);
}

named_results::named_results(run_outcome const& ended) : plan_(ended.plan) {
    values_.reserve(ended.outputs.size());
    for (std::size_t i = 0; i < ended.outputs.size(); ++i) values_.emplace_back(plan_->outputs[i], ended.outputs[i]);
}

void* named_results::find(std::string_view name, value_type const& type, value_type const* element) const {
    for (kept const& each : values_) {
        plan::output const& output = each.what();
        if (output.name != name) continue;
        bool const same =
            output.list == nullptr ? *output.type == type : element != nullptr && *output.type == *element;
        if (same) return each.get();
        std::string const is = output.list == nullptr ? std::string(output.type->name)
                                                      : "a std::vector of " + std::string(output.type->name);
        throw bad_result(
            error(errc::invalid_arguments, "output " + quoted(name) + " is " + is + ", not " + std::string(type.name)));
    }
    throw bad_result(error(errc::invalid_arguments, quoted(name) + " is no output: it was not wanted"));
}

named_plan::named_plan(frond::graph of, plan_options const& asked)
    : made_(std::make_shared<result<std::shared_ptr<plan const>> const>(make_plan(std::move(of), asked))) {}

result<named_plan::output> named_plan::take(run_outcome& ended) noexcept {
    try {
        if (ended.failure) return *ended.failure;
        return named_results(ended);
    } catch (...) {
        return error::from_exception(std::current_exception());
    }
}

std::optional<std::size_t> named_plan::giving::find(std::string const& name) {
    std::string known;
    for (std::size_t i = 0; i < of_.inputs.size(); ++i) {
        if (of_.inputs[i].name == name) return i;
        known += (known.empty() ? "" : ", ") + of_.inputs[i].name;
    }
    faults_.push_back(quoted(name) + " is given, and is neither an input that is needed nor an overridden node; " +
                      (known.empty() ? "this plan needs none" : "these are " + known));
    return std::nullopt;
}

bool named_plan::giving::fits(plan::input const& input, value_type const& type, value_type const* element) {
    bool const ranged = input.element != nullptr;
    if (ranged ? element != nullptr && *element == *input.element : type == *input.type) return true;
    faults_.push_back("input " + quoted(input.name) + " is " +
                      (ranged ? "a range of " + std::string(input.element->name) : std::string(input.type->name)) +
                      ", and is given " + std::string(type.name));
    return false;
}

result<run_handle> named_plan::giving::prepare(std::shared_ptr<plan const> const& what,
                                               std::vector<any_hook> const& hooks) {
    detail::check_hooks(hooks, of_, faults_);
    return prepare_run(what, values_, std::move(faults_));
}

}  // namespace frond
