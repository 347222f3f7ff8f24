// The values that an expander reads from its own children: `while (auto next = co_await found.next())`. Such an expander
// discovers its children: it yields a few, and then more for the values that these give (the pages of a crawl, the files that a
// file includes, the directories in a directory).
#pragma once

#include "frond/graph/stream.hpp"

namespace frond {

/// The values of a node in the expander's own children, as the children finish; with T a `result`, failures too.
///
/// `next` gives no value when no child is in flight and every value has been taken: nothing more comes then, unless the
/// expander yields further children. A child that fails, is skipped or cancelled counts as finished, so the end is never
/// missed.
///
/// Holds the values of all children that have finished and that the expander has not asked for. Neither the expander nor its
/// children wait for room in it.
/// Thread: the expander alone.
template <class T>
class feedback : private stream<T> {
public:
    static constexpr need how = is_result<T>::value ? need::feedback_results : need::feedback;
    using parts = detail::types<typename node_return<T>::value>;
    using value_type = T;

    using stream<T>::stream;
    using stream<T>::next;
};

}  // namespace frond
