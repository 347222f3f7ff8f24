#include "frond/base/error.hpp"

#include "frond/base/printable.hpp"
#include "frond/base/result.hpp"
#include "thrown.hpp"

#include <cstddef>
#include <new>
#include <utility>

namespace frond {

namespace {

class frond_category final : public std::error_category {
public:
    char const* name() const noexcept override { return "frond"; }
    std::string message(int code) const override {
        switch (static_cast<errc>(code)) {
            case errc::node_failed: return "a node failed";
            case errc::invalid_graph: return "the graph is not well wired";
            case errc::invalid_plan: return "the graph cannot be planned as asked";
            case errc::invalid_arguments: return "the arguments do not fit the plan";
            case errc::stream_memory: return "streams may not grow any more";
            case errc::abandoned: return "what was waited for will not come";
        }
        return "unknown error";
    }
};

/// A message as it may be shown; `between` stands between its lines.
std::string printable_lines(std::string_view message, std::string_view between) {
    while (message.ends_with('\n') || message.ends_with('\r')) message.remove_suffix(1);
    std::string text;
    for (;;) {
        auto const end = message.find('\n');
        auto line = message.substr(0, end);
        if (line.ends_with('\r')) line.remove_suffix(1);
        text += printable(line);
        if (end == std::string_view::npos) return text;
        text += between;
        message.remove_prefix(end + 1);
    }
}

}  // namespace

std::error_category const& category() noexcept {
    static frond_category const instance;
    return instance;
}

std::error_code make_error_code(errc code) noexcept { return {static_cast<int>(code), category()}; }

namespace {

template <class Code>
std::string message_of(Code const& code) {
    try {
        return code.message();
    } catch (std::bad_alloc const&) {
        throw;
    } catch (...) {
        return std::string(code.category().name()) + ' ' + std::to_string(code.value());
    }
}

/// A text from outside, with what may be shown of it.
class kept_text {
public:
    kept_text() = default;
    /// `shown`: as it may be shown.
    kept_text(std::string raw, std::string shown) : raw_(std::move(raw)), is_shown_raw_(raw_ == shown) {
        if (!is_shown_raw_) shown_ = std::move(shown);
    }

    bool empty() const noexcept { return raw_.empty(); }
    std::string_view raw() const noexcept { return raw_; }
    std::string_view shown() const noexcept { return is_shown_raw_ ? raw_ : shown_; }

private:
    std::string raw_;
    bool is_shown_raw_ = true;  // then nothing is kept twice
    std::string shown_;
};

kept_text keep_message(std::string raw) {
    auto shown = printable_lines(raw, "\n");
    return {std::move(raw), std::move(shown)};
}

kept_text keep_name(std::string raw) {
    auto shown = printable(raw);
    return {std::move(raw), std::move(shown)};
}

}  // namespace

std::string detail::text_of(std::error_code const& code) { return message_of(code); }
std::string detail::text_of(std::error_condition const& condition) { return message_of(condition); }

struct error::details {
    std::error_code code;
    kept_text message, task, node;
    std::exception_ptr cause;
    std::vector<error> others;
    std::size_t others_dropped = 0;
    bool cancellation = false;   // a copy of canceled()
    std::string_view literal{};  // stands for `message` in errors that are made without memory
};

// Details that are made without memory, and are never destroyed: static objects may fail, too, while they are destroyed.
template <auto Code>
error error::permanent(std::string_view literal) noexcept {
    alignas(details) static std::byte memory[sizeof(details)];
    static auto const* const made =
        ::new (memory) details{make_error_code(Code), {}, {}, {}, {}, {}, 0, false, literal};
    return error(std::shared_ptr<details const>(std::shared_ptr<void>(), made));
}

error::error(std::error_code code, std::string message)
    : details_(std::make_shared<details>(details{
          code, keep_message(message.empty() ? detail::text_of(code) : std::move(message)), {}, {}, {}, {}, 0})) {}

error::error(errc code, std::string message) : error(make_error_code(code), std::move(message)) {}

error::details const& error::get() const noexcept {
    static details const none{};
    return details_ ? *details_ : none;
}

error error::out_of_memory() noexcept { return permanent<std::errc::not_enough_memory>("Cannot allocate memory"); }

error error::canceled() noexcept { return permanent<std::errc::operation_canceled>("Operation canceled"); }

error error::executor_gone() noexcept {
    return permanent<errc::abandoned>("it has not come to its end, since the context of its executor was destroyed");
}

error error::from_exception(std::exception_ptr cause) noexcept {
    try {
        error kept;
        try {
            std::rethrow_exception(cause);
        } catch (bad_result const& e) {  // an error that came through `value()` keeps its own place
            kept = e.error();
        } catch (error const& e) {
            kept = e;
        } catch (std::bad_alloc const&) {
            return out_of_memory();
        } catch (...) {
        }
        if (kept.details_ == nullptr) {
            thrown const what = tell_thrown(cause);
            auto made = std::make_shared<details>(details{what.code ? what.code : make_error_code(errc::node_failed),
                                                          keep_message(what.text),
                                                          {},
                                                          {},
                                                          {},
                                                          {},
                                                          0});
            made->cause = std::move(cause);
            return error(std::shared_ptr<details const>(std::move(made)));
        }
        std::string const inner = tell_nested(cause);
        if (inner.empty()) return kept;
        auto made = kept.copy();
        made->message = keep_message(std::string(kept.raw_message()) + ": " + inner);
        made->literal = {};
        return error(std::shared_ptr<details const>(std::move(made)));
    } catch (...) {
        return out_of_memory();
    }
}

std::error_code error::code() const noexcept { return get().code; }
bool error::is_canceled() const noexcept {
    return details_ != nullptr && (details_->cancellation || details_ == canceled().details_);
}
std::string_view error::message() const noexcept {
    return get().literal.empty() ? get().message.shown() : get().literal;
}
std::string_view error::task() const noexcept { return get().task.shown(); }
std::string_view error::node() const noexcept { return get().node.shown(); }
std::string_view error::raw_message() const noexcept {
    return get().literal.empty() ? get().message.raw() : get().literal;
}
std::string_view error::raw_task() const noexcept { return get().task.raw(); }
std::string_view error::raw_node() const noexcept { return get().node.raw(); }
std::exception_ptr error::cause() const noexcept { return get().cause; }
std::span<error const> error::others() const noexcept { return get().others; }
std::size_t error::others_dropped() const noexcept { return get().others_dropped; }

std::shared_ptr<error::details> error::copy() const {
    auto made = std::make_shared<details>(get());
    made->cancellation = is_canceled();
    return made;
}

error error::at(std::string task, std::string node) const {
    auto made = copy();
    if (made->task.empty()) made->task = keep_name(std::move(task));
    if (made->node.empty()) made->node = keep_name(std::move(node));
    return error(std::shared_ptr<details const>(std::move(made)));
}

error error::with_others(std::vector<error> others, std::size_t dropped) const {
    auto made = copy();
    made->others = std::move(others);
    made->others_dropped = dropped;
    return error(std::shared_ptr<details const>(std::move(made)));
}

error error::and_also(error const& another) const noexcept {
    if (another.details_ == details_) return *this;
    try {
        auto made = copy();
        made->others.push_back(another);
        return error(std::shared_ptr<details const>(std::move(made)));
    } catch (...) {
        return *this;
    }
}

error error::judged(bool interrupted) const noexcept {
    if (interrupted && code() == std::errc::operation_canceled) return canceled();
    if (!is_canceled()) return *this;
    try {
        auto made = copy();
        made->cancellation = false;
        return error(std::shared_ptr<details const>(std::move(made)));
    } catch (...) {
        return out_of_memory();
    }
}

std::string error::to_string() const {
    // Lines after the first one are indented, so that none of them can pass for another error.
    std::string text = printable_lines(raw_message(), "\n    ");
    if (!node().empty()) text.append(" (in node ").append(node());
    if (!task().empty()) text.append(node().empty() ? " (in task " : ", task ").append(task());
    if (!node().empty() || !task().empty()) text += ')';
    for (auto const& other : others()) text.append("\nalso: ").append(other.to_string());
    if (others_dropped() != 0) text.append("\nand ").append(std::to_string(others_dropped())).append(" more");
    return text;
}

}  // namespace frond
