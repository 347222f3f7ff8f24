#!/bin/sh
# Counts the words of a directory: installs what is missing, builds the examples and runs the main one.
#
#   examples/run.sh [PATH] [OPTION...]      PATH is /usr/include unless told; options go to examples/corpus
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
. "$root/scripts/build.sh"

build=$root/build-examples
install_packages build
configure "$build" --buildtype=release -Dexamples=enabled -Dtests=disabled -Dbenchmarks=disabled
compile "$build"

case ${1-} in
'' | -*) set -- /usr/include "$@" ;;
esac
say "running examples/corpus $*"
exec "$build/examples/corpus/corpus" "$@"
