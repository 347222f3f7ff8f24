// Labels of the metrics of one hook, from names that may be anything.
#pragma once

#include "../text.hpp"

#include <prometheus/labels.h>

#include <string>
#include <string_view>

namespace frond::hooks::detail {

class metric_labels {
public:
    /// `plan`: empty for none.
    explicit metric_labels(std::string_view plan) {
        if (!plan.empty()) common_.emplace("plan", printable(plan, true));
    }

    prometheus::Labels const& common() const noexcept { return common_; }
    prometheus::Labels with(char const* name, std::string_view value) const {
        prometheus::Labels made = common_;
        made.emplace(name, printable(value, true));
        return made;
    }
    /// A second one, which is a word of ours.
    prometheus::Labels with(char const* name, std::string_view value, char const* other, char const* word) const {
        prometheus::Labels made = with(name, value);
        made.emplace(other, word);
        return made;
    }

private:
    prometheus::Labels common_;
};

}  // namespace frond::hooks::detail
