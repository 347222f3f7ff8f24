// frond with Asio: operations and awaitables inside nodes and hooks, runs as operations.
#pragma once

#include "frond/asio/awaitable.hpp"
#include "frond/asio/executor.hpp"
#include "frond/asio/run.hpp"
#include "frond/asio/spawn.hpp"
#include "frond/asio/this_executor.hpp"
#include "frond/asio/use_async.hpp"
