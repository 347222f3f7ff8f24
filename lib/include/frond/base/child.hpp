// What an expander can say beside the parameters it yields: a child's key, and how many children there will be.
//
//     co_yield frond::expect(files.size());
//     for (auto const& file : files) co_yield frond::child(file.string(), file);
//
// With g++ 12 never make an aggregate inside co_yield: it destroys the temporary twice. Name it first and move it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace frond {

/// The name that an expander gave to a child, if it gave one. The name comes from outside and may hold anything, so it has to
/// be opened: as it may be shown, or as it came. Shared by all events and ids of the child.
class child_key {
public:
    child_key() noexcept = default;
    child_key(std::nullptr_t) noexcept {}
    child_key(std::shared_ptr<std::string const> text) noexcept : text_(std::move(text)) {}

    explicit operator bool() const noexcept { return text_ != nullptr; }
    void reset() noexcept { text_.reset(); }

    /// The name as it may be shown (`printable`); empty where there is none.
    std::string to_string() const;
    /// The name as it came: to find something by it, or for an output with escapes of its own. Empty where there is none.
    std::string_view raw() const noexcept { return text_ != nullptr ? std::string_view(*text_) : std::string_view(); }

    friend bool operator==(child_key const& key, std::nullptr_t) noexcept { return key.text_ == nullptr; }
    friend bool operator==(child_key const& a, child_key const& b) noexcept {
        return a.text_ == b.text_ || (a && b && *a.text_ == *b.text_);
    }

private:
    std::shared_ptr<std::string const> text_;
};

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
