#include "run_state.hpp"

namespace frond {

progress run_state::progress() const {
    frond::progress made;
    made.run_id = id;
    made.started = started;
    made.taken = start_.time != nullptr ? time().now() : time_point();
    made.ended = ended_.load(std::memory_order_acquire);
    made.failures = domain.failures();
    made.failures_total = domain.failures_total();
    made.streams_grown = growth.times();
    made.most_stream_chunks = growth.most_chunks();
    made.bodies = news.bodies.read([this](task_context const& of) { return id_of(*of.in, *of.spec); });
    counts.fill(made, made.ended);
    return made;
}

}  // namespace frond
