// A log of runs for programs: one JSON object a line for every event, to a file that may be rotated, or to a stream.
//
//     frond::hooks::event_log log("run.jsonl", frond::hooks::event_log_options().rotate_at(100'000'000).keep(3));
//     auto result = frond::run_blocking<total>(frond::arg<"root">(path), log);
//
// docs/event_log.schema.json says what a line may hold; frond/hooks/replay.hpp reads them back. Every line is ASCII,
// whatever names, keys and errors hold. Integers are exact, so a reader needs 64 bits.
#pragma once

#include "frond/hooks/detail/option_check.hpp"
#include "frond/run/event.hpp"
#include "frond/run/hook.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <iosfwd>
#include <memory>

namespace frond::hooks {

/// Errors: each throws std::invalid_argument, which names the option, for a value that it does not take.
class event_log_options {
public:
    event_log_options() noexcept = default;

    /// How many bytes a file may have before the next one is begun: log.jsonl becomes log.jsonl.1, what was that
    /// log.jsonl.2, and so on. Only a line that is longer by itself makes a file longer. 0, which is the default: never.
    event_log_options& rotate_at(std::uint64_t bytes) noexcept {
        rotate_at_ = bytes;
        return *this;
    }
    /// How many files are kept beside the one that is written; 4 unless told otherwise, 10,000 at most.
    event_log_options& keep(unsigned files) {
        keep_ = static_cast<unsigned>(detail::within("event_log_options: keep", files, 0, 10'000));
        return *this;
    }
    /// How long a line may wait to be written when others follow it; a second unless told otherwise. The last lines before a
    /// silence wait for its end.
    event_log_options& write_after(time_span time) {
        write_after_ = detail::zero_or_longer("event_log_options: write_after", time);
        return *this;
    }
    /// `every(bound)`, which it is unless told otherwise, or `lossless(bound)` for a log without gaps.
    event_log_options& policy(observer_policy policy) {
        policy_ = detail::telling("event_log_options: policy", policy);
        return *this;
    }

    std::uint64_t rotate_at() const noexcept { return rotate_at_; }
    unsigned keep() const noexcept { return keep_; }
    duration write_after() const noexcept { return write_after_; }
    observer_policy const& policy() const noexcept { return policy_; }

private:
    std::uint64_t rotate_at_ = 0;
    unsigned keep_ = 4;
    duration write_after_ = std::chrono::seconds(1);
    observer_policy policy_ = every();
};

/// The hook. Lines are named after the moments; of before_submission and after_return, which say what before_task and
/// after_task do, there are none. `time` is in nanoseconds since the run's before_run, whose line says what time that was, by
/// the steady clock and by the calendar.
///
/// Lines wait in 64 KiB of memory, and are written when that is full, when one has waited for long, at the end of each
/// run and of the hook. What could not be told or written leaves a line "gap". Memory grows with the runs that are on, their
/// specs and threads, not with tasks.
///
/// A text from outside is told as it came, and in full once: names in after_grouping, a key as `index_key` in its child's
/// on_yield, an error in its task's after_task or on_retry. Other lines have at most 256 bytes of a name or key and 4096 of a
/// message. `key_bytes` and `message_bytes` say that there is more; where events were dropped, the full text may be lost.
///
/// A file is appended to. Several hooks and several processes may write to it and rotate it, and lose no line by that: each
/// write holds a lock on the file (flock), and goes to the file that has the path. So a file that a program such as logrotate
/// has renamed gets no further lines, and the path is opened anew. Where files cannot be locked, a log that is to be rotated is
/// refused. While another program keeps the lock, lines are written and the file is not rotated. On NFS a file that another
/// host has renamed may get lines for some seconds more. Ids of runs are those of the process, so a file that several
/// processes have written may have the same id again: it counts from the last before_run.
///
/// A file may be a pipe or a terminal ("/dev/stdout"), which is neither locked nor rotated. A reader that goes away is an error
/// of the next write, and no SIGPIPE for the program.
///
/// Errors: the methods throw std::system_error when a write fails, which a run keeps to itself; the next write is tried
/// as if nothing had been, and says how many lines are lost.
/// Thread: any number of runs, at once too.
class event_log {
public:
    /// Errors: throws std::system_error, which names the file: it cannot be opened, nobody reads the pipe, or the file is to
    /// be rotated where files cannot be locked.
    explicit event_log(std::filesystem::path const& file, event_log_options options = event_log_options());
    /// A stream is not rotated. It outlives the hook.
    explicit event_log(std::ostream& to, event_log_options options = event_log_options());
    event_log(event_log const&) = delete;
    event_log& operator=(event_log const&) = delete;
    ~event_log();

    /// Writes what is buffered, and opens the file's path anew: for a program that was told that its logs have been renamed
    /// while it had nothing to log. A log to a stream is only written. Thread: any; not a signal handler.
    /// Errors: throws std::system_error; the log goes on in the file that it has.
    void reopen();

    observer_policy policy() const noexcept { return policy_; }
    void before_run(run_event const& event);
    void after_grouping(run_event const& event);
    void on_yield(yield_event const& event);
    void total_known(expansion_event const& event);
    void after_expansion(expansion_event const& event);
    void on_not_started(not_started_event const& event);
    void on_stream_growth(stream_growth_event const& event);
    void before_task(task_event const& event);
    void on_progress(progress_event const& event);
    void on_retry(retry_event const& event);
    void after_task(task_event const& event);
    void after_run(run_event const& event);

protected:
    class writer;
    writer& to() noexcept { return *writer_; }

private:
    std::unique_ptr<writer> writer_;
    observer_policy policy_;
};

/// The same with two lines more for each node of each task. A type rather than an option, since what a run notes for a
/// hook follows from its methods: where nobody wants nodes, they cost nothing.
class event_log_with_nodes : public event_log {
public:
    using event_log::event_log;

    void before_node(node_event const& event);
    void after_node(node_event const& event);
};

}  // namespace frond::hooks
