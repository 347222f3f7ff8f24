#include "thrown.hpp"

#include "frond/base/error.hpp"

#include <cxxabi.h>
#include <cstdlib>
#include <memory>
#include <typeinfo>
#include <utility>

namespace frond {

namespace {

constexpr int most_levels = 16;

// As a programmer would write it.
std::string readable(std::type_info const* type) {
    if (type == nullptr) return "an unknown type";  // thrown by another language
    int status = 0;
    std::unique_ptr<char, void (*)(void*)> const name(abi::__cxa_demangle(type->name(), nullptr, nullptr, &status),
                                                      &std::free);
    return name != nullptr ? name.get() : type->name();
}

// The type of the exception that is being handled.
std::string type_of_current() { return readable(abi::__cxa_current_exception_type()); }

std::string text_or_type(char const* text) {
    if (text != nullptr && *text != '\0') return text;
    return "an exception of type " + type_of_current() + ", without a text";
}

/// One level of nested exceptions.
struct level {
    thrown told;
    std::exception_ptr inner;
};

std::exception_ptr inner_of(std::exception_ptr const& outer) {
    try {
        std::rethrow_exception(outer);
    } catch (std::nested_exception const& nests) {
        return nests.nested_ptr();
    } catch (...) {
        return nullptr;
    }
}

level look_at(std::exception_ptr const& what) {
    level made;
    thrown& told = made.told;
    try {
        std::rethrow_exception(what);
    } catch (std::exception const& e) {
        told.text = text_or_type(e.what());
        if (auto const* const system = dynamic_cast<std::system_error const*>(&e)) told.code = system->code();
        if (auto const* const nests = dynamic_cast<std::nested_exception const*>(&e)) made.inner = nests->nested_ptr();
        return made;
    } catch (error const& e) {
        std::string const message(e.raw_message());
        told = {text_or_type(message.c_str()), e.code()};
    } catch (std::error_code const& code) {
        told = {detail::text_of(code), code};
    } catch (std::errc code) {
        told.code = std::make_error_code(code);
        told.text = detail::text_of(told.code);
    } catch (errc code) {
        told.code = make_error_code(code);
        told.text = detail::text_of(told.code);
    } catch (std::error_condition const& condition) {
        told.text = detail::text_of(condition);
    } catch (std::string const& text) {
        told.text = text_or_type(text.c_str());
    } catch (std::string_view text) {
        told.text = text_or_type(std::string(text).c_str());
    } catch (char const* text) {
        told.text = text_or_type(text);
    } catch (int value) {
        told.text = "a value of type int was thrown: " + std::to_string(value);
    } catch (...) {
        told.text = "a value of type " + type_of_current() + " was thrown";
    }
    made.inner = inner_of(what);
    return made;
}

}  // namespace

thrown tell_thrown(std::exception_ptr const& what) {
    level at = look_at(what);
    thrown told = std::move(at.told);
    for (int levels = 1; at.inner != nullptr; ++levels) {
        if (levels == most_levels) {
            told.text += ": ...";
            break;
        }
        at = look_at(at.inner);
        told.text += ": " + at.told.text;
    }
    return told;
}

std::string tell_nested(std::exception_ptr const& outer) {
    auto const inner = inner_of(outer);
    return inner != nullptr ? tell_thrown(inner).text : std::string();
}

}  // namespace frond
