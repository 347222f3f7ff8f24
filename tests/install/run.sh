#!/bin/sh
# Uses frond as its users do: installed and found by pkg-config, and as a subproject of Meson's. The last line is
# `N passed, M failed`.
#
#   tests/install/run.sh [DIRECTORY]    where it is built for being installed; build-install unless told
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd)
. "$root/scripts/build.sh"

here=$root/tests/install
build=${1:-$root/build-install}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0
failed=0

# try WHAT COMMAND...
try() {
    what=$1
    shift
    if "$@"; then
        say "$what: passed"
        passed=$((passed + 1))
    else
        say "$what: failed"
        failed=$((failed + 1))
    fi
}

install_it() {
    rm -rf "$build/prefix"
    configure "$build" --prefix="$build/prefix" --libdir=lib -Dexamples=disabled -Dtests=disabled -Dbenchmarks=disabled &&
        compile "$build" && meson install -C "$build" --no-rebuild --quiet
}

# by_pkg_config COMPILER: with warnings that are errors, of which frond's headers would give some if they were the user's own.
by_pkg_config() {
    PKG_CONFIG_PATH=$build/prefix/lib/pkgconfig
    export PKG_CONFIG_PATH
    flags=$(pkg-config --cflags --libs frond) &&
        "$1" -std=c++20 -Wall -Wextra -Weffc++ -Werror "$here/program.cpp" -o "$work/program" $flags && "$work/program"
}

# Nothing but what a subproject needs is there: no tests, no examples.
as_subproject() {
    mkdir -p "$work/user/subprojects/frond"
    cp "$here/subproject/meson.build" "$here/program.cpp" "$work/user"
    for part in meson.build meson_options.txt lib hooks; do cp -R "$root/$part" "$work/user/subprojects/frond"; done
    meson setup --wrap-mode=nodownload -Doptimization=0 "$work/user/build" "$work/user" >&2 && meson test -C "$work/user/build" >&2
}

install_packages build
try 'installing' install_it
for compiler in g++ clang++-19; do
    if command -v "$compiler" >/dev/null; then try "pkg-config and $compiler" by_pkg_config "$compiler"; fi
done
try 'a subproject' as_subproject
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
