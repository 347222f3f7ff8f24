// What went wrong in a run: a code, the task, the node, the cause and the other errors.
//
// An error is one pointer to immutable, shared details: cheap to move, cheap to copy, safe to share between threads.
// It knows nothing of graphs and plans; the names come in from the place that makes the error.
#pragma once

#include <cstddef>
#include <exception>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace frond {

/// Why something failed. Exhausted memory is `std::errc::not_enough_memory`. A cancellation of the run has the code
/// `std::errc::operation_canceled`, and so may the failure of a body whose own operation was aborted: `is_canceled` tells
/// the two apart. A thrown std::system_error keeps its own code.
enum class errc {
    node_failed = 1,    // a node threw, or returned an error
    invalid_graph,      // the wiring of a graph is wrong; the message lists every fault
    invalid_plan,       // the options ask for a plan that cannot be made; the message lists every fault
    invalid_arguments,  // the arguments of a run do not fit its plan; the message lists every fault
    stream_memory,      // streams would have to grow beyond the plan's bound; the message says which nodes wait
    abandoned,          // an operation or an executor has let go of what waited for it
};

std::error_category const& category() noexcept;
std::error_code make_error_code(errc code) noexcept;

namespace detail {

/// The text of a code. Where its category throws instead of giving one, the text is the category's name with the number.
/// Errors: throws std::bad_alloc.
std::string text_of(std::error_code const& code);
std::string text_of(std::error_condition const& condition);

}  // namespace detail

class error {
public:
    /// No error at all, as Outcome asks for; `code()` is zero.
    error() noexcept = default;
    /// An error with a code and a text that says what happened, where, and what to do.
    explicit error(std::error_code code, std::string message = {});
    explicit error(errc code, std::string message = {});

    /// Whatever was thrown, kept as the cause. The message is its text, and the text of all that is nested in it; a thing
    /// without a text is told by its type. A thrown `error` stays as it is, and so does the error of a `bad_result`.
    static error from_exception(std::exception_ptr cause) noexcept;
    static error out_of_memory() noexcept;  // allocates nothing
    static error canceled() noexcept;       // allocates nothing
    /// Something ends early, since the context of its executor is being destroyed. Allocates nothing.
    static error executor_gone() noexcept;

    std::error_code code() const noexcept;
    /// True if the run was cancelled, or what encloses the task or the wait that ended with the error. It is a mark, and
    /// not inferred from the code: a task that fails with any other error of the same code has failed.
    bool is_canceled() const noexcept;

    /// What happened, without task and node, as it may be shown: each line is `printable`. Ends with a null character.
    std::string_view message() const noexcept;
    /// The task's id, such as `expand-file.3.block-file`, as it may be shown; empty if no task is concerned.
    std::string_view task() const noexcept;
    /// The node's name, as it may be shown; empty if no node is concerned.
    std::string_view node() const noexcept;
    /// The same as they came, for an output with escapes of its own.
    std::string_view raw_message() const noexcept;
    std::string_view raw_task() const noexcept;
    std::string_view raw_node() const noexcept;
    /// The exception that the node threw; null if there was none.
    std::exception_ptr cause() const noexcept;

    /// The other errors of the same run, in the order in which they came; bounded.
    std::span<error const> others() const noexcept;
    /// How many further errors were counted but not kept.
    std::size_t others_dropped() const noexcept;

    /// The error and the others in one text that may be shown: the first line is the error itself, and each of the
    /// others begins a line. Indented lines continue a message. Names and messages are `printable`.
    std::string to_string() const;

    /// The same error with the names of a task and a node.
    /// A name that the error has already stays: the innermost place is the true one.
    error at(std::string task, std::string node) const;
    /// The same error with others attached, in the place of those that it has.
    error with_others(std::vector<error> others, std::size_t dropped) const;
    /// The same error with one more attached at the end of its others, unless that is the error itself. Out of memory: the
    /// error as it is.
    error and_also(error const& another) const noexcept;
    /// The error as the end of a body. `interrupted`: its run, or what encloses it, was cancelled. Then an error with the code
    /// operation_canceled is a cancellation. Any other error is the body's own failure, whatever it was a cancellation of.
    error judged(bool interrupted) const noexcept;

private:
    struct details;
    std::shared_ptr<details> copy() const;
    details const& get() const noexcept;
    /// `literal` is the message, and lives as long as the program.
    template <auto Code>
    static error permanent(std::string_view literal) noexcept;
    explicit error(std::shared_ptr<details const> shared) noexcept : details_(std::move(shared)) {}

    std::shared_ptr<details const> details_;
};

/// Thrown where a value is taken out of a `result` that holds an error.
class bad_result : public std::exception {
public:
    explicit bad_result(frond::error failure) noexcept : failure_(std::move(failure)) {}

    char const* what() const noexcept override { return failure_.message().data(); }
    frond::error const& error() const noexcept { return failure_; }

private:
    frond::error failure_;
};

}  // namespace frond

template <>
struct std::is_error_code_enum<frond::errc> : std::true_type {};
