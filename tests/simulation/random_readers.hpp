// A graph of expansions and readers of which some order of reading stands still, made at random, with the values that its readers have
// to give.
#pragma once

#include "simulator.hpp"

#include "frond/graph/graph_builder.hpp"
#include "frond/run/run.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace frond::simulation {

/// How a body reads two streams.
enum class reading : std::uint8_t { one_by_one, other_first, in_turn, at_random };

/// What the children of an expansion give, whatever their order.
struct sum_of {
    std::uint64_t count = 0;
    std::uint64_t sum = 0;
};

/// What the graph may be like.
struct reader_settings {
    bool nested = false;
    std::uint64_t most = 200;                // children of an expander that reads nothing
    bool in_step = false;                    // readers take from their streams in turn, and lists are not taken
    unsigned failing_percent = 0;            // how many seeds have a child that fails
    bool cancelled = false;                  // at some moment
    std::optional<std::size_t> memory = {};  // stream_memory
};

/// Some expansions and readers of them, and what these have to give.
class random_readers final : public run_completion {
public:
    random_readers(simulator& world, reader_settings const& how);

    /// False: the graph is refused.
    bool plan();
    void play();

    bool failed() const noexcept { return failure_.has_value(); }
    run_report report;

private:
    static constexpr std::uint64_t never = UINT64_MAX;
    void complete(run_outcome& outcome) noexcept override;
    plan_options with_known_limits(plan_options options);
    async<void> rest() const;

    /// The children of the expander `x`: their numbers, three times as large and one more.
    void add_children(std::string const& x, sum_of yielded);
    void add_source(std::uint64_t count);
    std::size_t any_part() { return world_.random().below(parts_.size()); }
    std::string f(std::size_t part);
    reading any_reading() { return how_.in_step ? reading::in_turn : static_cast<reading>(world_.random().below(4)); }

    /// Yields what it reads, of one or two expansions.
    void add_expander();
    void add_reader();

    simulator& world_;
    reader_settings how_;
    graph_builder builder_;
    std::uint64_t instances_ = 1;
    std::uint64_t failing_ = never;
    std::vector<sum_of> parts_;  // what f0, f1, ... give
    std::vector<std::string> read_;
    std::pair<std::string, std::uint64_t> last_reader_;
    std::vector<std::pair<std::string, std::uint64_t>> wanted_;  // with their values
    std::vector<std::uint64_t> found_;
    std::shared_ptr<frond::plan const> plan_;
    run_handle handle_;
    bool over_ = false;
    std::optional<error> failure_;
};

}  // namespace frond::simulation
