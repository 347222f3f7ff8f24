#!/bin/sh
# Runs all tests: installs what is missing, builds them and runs them. The last line is `N passed, M failed`.
#
#   tests/run.sh [MESON SETUP OPTION...]    such as --werror; build-tests is the build directory
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
. "$root/scripts/build.sh"

build=$root/build-tests
install_packages build test
if ! { configure_tests "$build" "$@" && compile "$build"; }; then
    say "the tests could not be built"
    echo "0 passed, 1 failed"
    exit 1
fi
run_tests "$build"
