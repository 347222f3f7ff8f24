// The plan: which tasks the wanted outputs need, in what order, and where every value lies. Made once, immutable,
// shared between threads, run many times at once.
#pragma once

#include "frond/base/detail/result_channel.hpp"
#include "frond/graph/graph.hpp"
#include "frond/plan/detail/body_cost.hpp"
#include "frond/plan/detail/scope_waits.hpp"
#include "frond/plan/options.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace frond {

/// Why a group of nodes exists.
enum class purpose : std::uint8_t {
    execute_single,  // nodes outside every expansion
    execute_block,   // nodes inside an expansion: once for each child
    expand,          // one expander
    collect,         // one collector
};

std::string_view to_string(purpose why) noexcept;

/// One node inside a task: what to call, with what, and where its value goes.
struct plan_step {
    std::size_t node;  // in the graph
    node_body const* body;
    void* self;
    std::vector<place> arguments;  // one for each parameter
    place value;                   // where the value is made; unused by expanders
    std::uint32_t state_offset;    // in the scope's block
    std::uint32_t value_index;     // in plan_scope::values: says that the value exists
    std::uint32_t attempts = 1;    // how often it is tried, all in all
    duration retry_delay{};        // before the second attempt; each further one waits twice as long
    executor* on = nullptr;        // another executor than the run's; null: the run's
    std::int32_t direct_sink =
        -1;  // derived: the one sink of the scope that takes the value, which is made in its element
};

/// What makes another task's needs met.
enum class trigger : std::uint8_t {
    ended,     // the task has ended, and its values exist
    opened,    // its expansion has begun: streams may be read
    finished,  // its expansion is over: every child has ended and lists are made
};

/// The template of tasks: a group of nodes with its dependencies.
struct task_spec {
    std::string name;  // "expand-file", "block-file", "collect-total", or the node's name for execute_single
    frond::purpose purpose;
    body_cost cost;                // until a body ends or first waits; of an expand task: of one of its children
    body_cost woken_cost;          // from when a body that has waited is woken until it ends or waits again
    std::size_t scope;             // in plan::scopes
    std::vector<plan_step> steps;  // in order; one expander alone for purpose expand
    std::uint32_t needs = 0;       // how many triggers it waits for
    struct dependent {
        std::uint32_t spec;
        trigger on;
        // Derived, so that meeting a need touches nothing of the other spec.
        bool alone = false;          // it is the other's only need
        std::uint32_t position = 0;  // the other's
    };
    std::vector<dependent> dependents;  // each one counts as one of the other's needs
    std::optional<std::size_t> opens;   // for expand: the scope of its children
    std::uint32_t position = 0;         // derived: in plan_scope::specs
};

/// A value in a scope's block.
struct plan_value {
    std::uint32_t offset;
    value_type const* type;  // null: a list
    list_type const* list;   // of a list

    void (*destroy() const noexcept)(void*) noexcept { return type != nullptr ? type->destroy : list->destroy; }
};

/// What a collector's parameter, or one that feeds the expander back, takes from every child of an expansion. Shared by parameters
/// that take the same list.
struct plan_sink {
    need how;
    struct part {
        place from;  // as seen by the child
        value_type const* type;
        bool last_use;  // the child may move the value out; else it is copied
    };
    std::vector<part> parts;    // several for a joint stream
    std::uint32_t target;       // in the block of the expander's scope: a std::vector, or a pointer to the channel
    std::uint32_t value_index;  // lists: in the values of the expander's scope
    std::vector<element_part> element;  // derived: where the parts lie in what a child gives
    segment_hint segment;               // streams: what the last channels have found
};

/// The nodes that run once together: scope 0 is the run itself, each other one the children of an expander.
struct plan_scope {
    std::optional<std::size_t> expander_node;  // in the graph; none for the run
    std::size_t expand_spec = 0;               // the spec that opens it
    std::size_t parent = 0;                    // in plan::scopes
    std::uint32_t depth = 0;                   // 0 for the run
    std::vector<std::uint32_t> specs;          // its tasks, each after the tasks that it needs
    std::vector<plan_value> values;            // in the block; values with nothing to destroy too
    std::uint32_t block_size = 0;              // bytes, values and states; at least 1
    std::uint32_t block_align = 1;
    value_type const* parameter = nullptr;  // what the expander yields
    std::vector<plan_sink> sinks;           // the values that collectors take from its children
    std::uint32_t limit = 0;                // children open at once, in the whole run; 0: none of its own
    std::uint32_t limit_each = 0;           // the same in each parent; 0: the run's limit, if there is none of its own
    bool failures_are_values = false;       // every sink takes results: a child's failure ends here

    // A task of this scope finds values by a list of base addresses: first the block of its child, then the child's
    // parameter, then base addresses of scopes further out. Each entry of outer_bases says at which place in the parent
    // scope's list such an address stands.
    static constexpr std::uint32_t block_base = 0;
    static constexpr std::uint32_t parameter_base = 1;
    static constexpr std::uint32_t first_outer_base = 2;
    std::vector<std::uint32_t> outer_bases;

    // ---- derived from the above, once, for the run's sake
    bool straight = false;                        // only plain functions on the run's executor: a child never suspends
    plan_step const* single = nullptr;            // straight, and this one step makes its value right for its collector
    plan_step const* single_coroutine = nullptr;  // the same of one coroutine on the run's executor
    bool begins_with_block = false;               // a task that needs nothing has purpose execute_block
    bool overlaps = false;                        // a child may have several tasks at once
    bool feeds_back = false;                      // the expander reads what its children give
    std::vector<std::uint32_t> first;             // the specs that need nothing
    std::vector<plan_value> to_destroy;           // values in the block that have a destructor, in the order of specs
    std::optional<scope_waits> waits;             // what a run watches; none: no order of reading stands still
};

class plan;
namespace detail {
/// Fills what is marked as derived. Called at the end of plan::make.
void derive(plan& made);
}  // namespace detail

/// Immutable. Every place is one as its own scope sees it: see plan_scope::outer_bases.
class plan {
public:
    /// Compiles a plan.
    /// Errors: invalid_plan, whose message lists every fault, each with the nodes' names.
    static result<std::shared_ptr<plan const>> make(graph g, plan_options options);

    frond::graph graph;
    plan_options options;
    std::vector<task_spec> specs;
    std::vector<plan_scope> scopes;

    struct input {
        std::string name;
        value_type const* type;
        place where;                          // in the block of the run
        std::uint32_t value_index;            // in scopes[0].values
        node_body const* body;                // make_default,
        void* self;                           // and what it may need
        std::vector<std::size_t> needed_by;   // nodes
        value_type const* element = nullptr;  // of an overridden expander: what its any_range has to yield
    };
    std::vector<input> inputs;  // what a run must be given, or may be; overridden nodes are inputs too

    struct output {
        std::string name;
        value_type const* type;  // of the node; of its elements for an expander
        list_type const* list;   // of an expander: the output is a std::vector
        place where;             // in the block of the run
    };
    std::vector<output> outputs;  // in the order of plan_options::wanted

    /// The deepest scope.
    std::uint32_t depth = 0;
};

}  // namespace frond
