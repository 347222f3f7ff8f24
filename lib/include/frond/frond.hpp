// frond: dynamic task graphs as coroutines. This header has all that a graph of functions needs, without Asio; to await
// Asio's operations, or to run a plan as one, include <frond/asio.hpp> too.
#pragma once

#include "frond/base/async.hpp"
#include "frond/base/expander.hpp"
#include "frond/base/result.hpp"
#include "frond/graph/parameters.hpp"
#include "frond/run/hook.hpp"
#include "frond/run/interceptor.hpp"
#include "frond/run/run_blocking.hpp"
#include "frond/run/this_task.hpp"
#include "frond/run/typed_plan.hpp"
