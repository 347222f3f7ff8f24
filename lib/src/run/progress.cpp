#include "run_state.hpp"
#include "waiting_bodies.hpp"

namespace frond {

progress run_state::progress() const {
    frond::progress made;
    made.run_id = id;
    made.started = started_;
    made.taken = start_.time != nullptr ? time().now() : time_point();
    made.ended = is_past(stage::running);
    made.failures = domain.failures();
    made.failures_total = domain.failures_total();
    made.streams_grown = growth.times();
    made.most_stream_chunks = growth.most_chunks();
    made.bodies = news.bodies.read([](task_context const& of) { return of.in->id_of(*of.spec); });
    if (!made.ended) made.waiting = waiting_bodies(room, made.taken);
    counts.fill(made, made.ended);
    return made;
}

}  // namespace frond
