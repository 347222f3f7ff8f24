// What an expander can say beside the parameters it yields: a child's key, and how many children there will be.
//
//     co_yield frond::expect(files.size());
//     for (auto const& file : files) co_yield frond::child(file.string(), file);
//
// With g++ 12 never make an aggregate inside co_yield: it destroys the temporary twice. Name it first and move it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

namespace frond {

/// The name that an expander gave to a child; null where it gave none. Shared by all events and ids of the child.
using child_key = std::shared_ptr<std::string const>;

/// A parameter and the name of its child. Ids, events and displays show the name beside the index.
template <class T>
class child {
public:
    child(std::string name, T parameter)
        : key_(std::make_shared<std::string const>(std::move(name))), value_(std::move(parameter)) {}

    child_key& key() noexcept { return key_; }
    T& value() noexcept { return value_; }

private:
    child_key key_;
    T value_;
};

/// How many children an expander is going to yield in all; children that it has yielded already count. Displays show
/// this number as the total until the expander ends, and from then on the true total, whatever was expected.
class expect {
public:
    explicit expect(std::uint64_t children) noexcept : total_(children) {}
    std::uint64_t total() const noexcept { return total_; }

private:
    std::uint64_t total_;
};

}  // namespace frond
