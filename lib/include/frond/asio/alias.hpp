// Which Asio: `frond::net` is asio or boost::asio, as frond was built.
#pragma once

#if defined(FROND_BOOST_ASIO)
#include <boost/asio/detail/config.hpp>
#include <boost/system/error_code.hpp>
#include <boost/system/system_error.hpp>

namespace boost::asio {}
namespace frond {
namespace net = boost::asio;
using net_error_code = boost::system::error_code;
using net_system_error = boost::system::system_error;
}  // namespace frond
#else
#include <asio/detail/config.hpp>

#include <system_error>

namespace asio {}
namespace frond {
namespace net = asio;
using net_error_code = std::error_code;
using net_system_error = std::system_error;
}  // namespace frond

#endif
