// The same for tests of the layer `run` and of those behind it.
#pragma once

#include "frond/frond.hpp"
#include "unit.hpp"
