#include "find_waits.hpp"

#include "components.hpp"

#include <algorithm>
#include <cstddef>
#include <span>
#include <utility>

namespace frond::detail {

namespace {

/// Streams by the task at one of their ends.
class streams_by {
public:
    streams_by(std::size_t tasks, std::vector<scope_waits::stream> const& all, std::uint32_t scope_waits::stream::* end)
        : begin_(tasks + 1, 0), streams_(all.size()), rank_(all.size()) {
        for (auto const& each : all) ++begin_[each.*end + 1];
        for (std::size_t i = 0; i < tasks; ++i) begin_[i + 1] += begin_[i];
        std::vector<std::size_t> next(begin_.begin(), begin_.end() - 1);
        for (std::uint32_t i = 0; i < all.size(); ++i) {
            rank_[i] = static_cast<std::uint32_t>(next[all[i].*end]++);
            streams_[rank_[i]] = i;
        }
    }
    std::span<std::uint32_t const> operator[](std::size_t task) const noexcept {
        return {streams_.data() + begin_[task], begin_[task + 1] - begin_[task]};
    }
    /// The streams of a stream's task that come before it, the nearest first, and the streams that come after it.
    std::uint32_t before(std::uint32_t stream, std::size_t task) const noexcept {
        return rank_[stream] == begin_[task] ? scope_waits::none : streams_[rank_[stream] - 1];
    }
    std::uint32_t after(std::uint32_t stream, std::size_t task) const noexcept {
        return rank_[stream] + 1 == begin_[task + 1] ? scope_waits::none : streams_[rank_[stream] + 1];
    }

private:
    std::vector<std::size_t> begin_;
    std::vector<std::uint32_t> streams_;
    std::vector<std::uint32_t> rank_;  // of each stream in the above
};

// The situations that tasks and streams of a scope can be in, each with the situations that it can be due to. A cycle among
// them is a standstill of some order of reading.
//
// A task has not begun: what it needs has not begun or not ended. It has not ended: it has not begun, waits for an element of
// a stream, or a stream that it writes is full. A stream is full: its reader has not begun, waits for an element of another
// stream, or cannot write. A feedback, whose reader is its own expander, is never full. A stream is empty: its expander has not
// begun, waits for an element, or another stream that it writes is full. "Another" is told by two chains, over the streams
// before and after one, so that all this stays linear.
class situations {
public:
    situations(plan const& made, plan_scope const& scope) : made_(made), scope_(scope) {
        find_streams();
        if (streams_.size() < 2) return;
        reads_.emplace(scope.specs.size(), streams_, &scope_waits::stream::reader);
        writes_.emplace(scope.specs.size(), streams_, &scope_waits::stream::expander);
        add_tasks();
        add_streams();
        on_cycle_ = on_cycles(wait_graph(vertices(), edges_));
        for (std::uint32_t i = 0; i < streams_.size(); ++i) {
            streams_[i].may_fill = on_cycle_[of_stream(full, i)];
            any_ = any_ || streams_[i].may_fill;
        }
    }

    std::optional<scope_waits> waits() && {
        if (!any_) return std::nullopt;
        scope_waits made;
        made.task_at.assign(scope_.specs.size(), scope_waits::none);
        for (std::uint32_t i = 0; i < streams_.size(); ++i) {
            if (!streams_[i].may_fill && !on_cycle_[of_stream(empty, i)]) continue;
            auto stream = streams_[i];
            stream.expander = task_at(made, streams_[i].expander);
            stream.reader = task_at(made, streams_[i].reader);
            auto const place = static_cast<std::uint32_t>(made.streams.size());
            made.tasks[stream.expander].writes.push_back(place);
            made.tasks[stream.reader].reads.push_back(place);
            made.streams.push_back(stream);
        }
        for (std::uint32_t position = 0; position < scope_.specs.size(); ++position) {
            if (on_cycle_[not_begun(position)] || on_cycle_[not_ended(position)]) task_at(made, position);
        }
        for (std::uint32_t position = 0; position < scope_.specs.size(); ++position) {
            std::uint32_t const needed = made.task_at[position];
            if (needed == scope_waits::none) continue;
            for (auto const& dependent : spec_at(position).dependents) {
                std::uint32_t const task = made.task_at[dependent.position];
                if (task == scope_waits::none) continue;
                made.tasks[task].needs.push_back({needed, dependent.on == trigger::opened});
            }
        }
        return made;
    }

private:
    enum about_stream : std::uint32_t {
        full,
        empty,
        written_before,  // this or an earlier stream of the expander is full
        written_after,
        read_before,  // this or an earlier stream of the reader is empty
        read_after,
        kinds,
    };

    std::size_t vertices() const noexcept { return 2 * scope_.specs.size() + kinds * streams_.size(); }
    static std::uint32_t not_begun(std::uint32_t position) noexcept { return 2 * position; }
    static std::uint32_t not_ended(std::uint32_t position) noexcept { return 2 * position + 1; }
    std::uint32_t of_stream(about_stream what, std::uint32_t stream) const noexcept {
        return static_cast<std::uint32_t>(2 * scope_.specs.size()) + kinds * stream + what;
    }
    task_spec const& spec_at(std::uint32_t position) const noexcept { return made_.specs[scope_.specs[position]]; }

    // A stream lies where its reader looks for it.
    void find_streams() {
        std::vector<std::pair<std::uint32_t, scope_waits::stream>> targets;
        for (std::uint32_t position = 0; position < scope_.specs.size(); ++position) {
            if (!spec_at(position).opens) continue;
            auto const& sinks = made_.scopes[*spec_at(position).opens].sinks;
            for (std::uint32_t sink = 0; sink < sinks.size(); ++sink) {
                if (lists(sinks[sink].how)) continue;
                targets.push_back({sinks[sink].target, {position, scope_waits::none, sink, false}});
            }
        }
        if (targets.size() < 2) return;
        std::sort(targets.begin(), targets.end(), [](auto const& a, auto const& b) { return a.first < b.first; });
        for (std::uint32_t position = 0; position < scope_.specs.size(); ++position) {
            for (auto const& step : spec_at(position).steps) {
                for (place const& argument : step.arguments) {
                    if (argument.base != plan_scope::block_base) continue;
                    auto const found =
                        std::lower_bound(targets.begin(), targets.end(), argument.offset,
                                         [](auto const& each, std::uint32_t offset) { return each.first < offset; });
                    if (found == targets.end() || found->first != argument.offset) continue;
                    streams_.push_back(found->second);
                    streams_.back().reader = position;
                }
            }
        }
    }

    void add(std::uint32_t from, std::uint32_t to) { edges_.push_back({from, to, 0}); }

    void add_tasks() {
        for (std::uint32_t position = 0; position < scope_.specs.size(); ++position) {
            for (auto const& dependent : spec_at(position).dependents) {
                bool const opened = dependent.on == trigger::opened;
                add(not_begun(dependent.position), opened ? not_begun(position) : not_ended(position));
            }
            add(not_ended(position), not_begun(position));
            for (auto const stream : (*reads_)[position]) add(not_ended(position), of_stream(empty, stream));
            for (auto const stream : (*writes_)[position]) add(not_ended(position), of_stream(full, stream));
        }
    }

    void add_streams() {
        for (std::uint32_t i = 0; i < streams_.size(); ++i) {
            auto const& stream = streams_[i];
            add(of_stream(written_before, i), of_stream(full, i));
            add(of_stream(written_after, i), of_stream(full, i));
            add(of_stream(read_before, i), of_stream(empty, i));
            add(of_stream(read_after, i), of_stream(empty, i));
            add_others(i, *writes_, stream.expander, written_before, written_after, empty);
            add_others(i, *reads_, stream.reader, read_before, read_after, full);
            // A feedback: its expander has begun, and waits for nothing else meanwhile.
            if (stream.reader == stream.expander) continue;
            add(of_stream(empty, i), not_begun(stream.expander));
            add(of_stream(full, i), not_begun(stream.reader));
            for (auto const written : (*writes_)[stream.reader]) add(of_stream(full, i), of_stream(full, written));
            for (auto const read : (*reads_)[stream.expander]) add(of_stream(empty, i), of_stream(empty, read));
        }
    }
    // What is due to another stream of the same task than stream `i`; and the two chains.
    void add_others(std::uint32_t i, streams_by const& by, std::uint32_t task, about_stream before, about_stream after,
                    about_stream due) {
        std::uint32_t const previous = by.before(i, task);
        std::uint32_t const next = by.after(i, task);
        bool const never = due == full && streams_[i].reader == streams_[i].expander;
        if (previous != scope_waits::none) {
            add(of_stream(before, i), of_stream(before, previous));
            if (!never) add(of_stream(due, i), of_stream(before, previous));
        }
        if (next != scope_waits::none) {
            add(of_stream(after, i), of_stream(after, next));
            if (!never) add(of_stream(due, i), of_stream(after, next));
        }
    }

    std::uint32_t task_at(scope_waits& made, std::uint32_t position) const {
        auto& task = made.task_at[position];
        if (task == scope_waits::none) {
            task = static_cast<std::uint32_t>(made.tasks.size());
            made.tasks.push_back({position, spec_at(position).opens.has_value(), {}, {}, {}});
        }
        return task;
    }

    plan const& made_;
    plan_scope const& scope_;
    std::vector<scope_waits::stream> streams_;  // their tasks by position
    std::optional<streams_by> reads_;
    std::optional<streams_by> writes_;
    std::vector<wait_edge> edges_;
    std::vector<bool> on_cycle_;
    bool any_ = false;
};

}  // namespace

std::optional<scope_waits> find_waits(plan const& made, plan_scope const& scope) {
    return situations(made, scope).waits();
}

}  // namespace frond::detail
