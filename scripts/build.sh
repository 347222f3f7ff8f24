# Sourced by the scripts that build frond: installs what is missing, configures, compiles, tests. Says what it does on
# stderr, so that stdout is the program's own. Requires: $root is the repository's root.

say() {
    echo "frond: $*" >&2
}

# missing_packages PURPOSE...: what scripts/packages.debian lists for them and is not installed.
missing_packages() {
    for purpose in "$@"; do
        sed -n "s/^$purpose  *//p" "$root/scripts/packages.debian"
    done | while IFS= read -r choice; do
        found=
        for package in $(echo "$choice" | tr '|' ' '); do
            state=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) || continue
            if [ "$state" = installed ]; then found=yes; fi
        done
        if [ -z "$found" ]; then echo "${choice%%|*}"; fi
    done
}

# install_packages PURPOSE...: by apt-get, as root or with sudo, and only where something is missing.
install_packages() {
    if ! command -v apt-get >/dev/null; then
        say "there is no apt-get here: libraries that are not found are downloaded as subprojects (see subprojects/)"
        return
    fi
    missing=$(missing_packages "$@" | tr '\n' ' ')
    missing=${missing% }
    if [ -z "$missing" ]; then return; fi
    as_root=
    if [ "$(id -u)" -ne 0 ]; then
        if ! command -v sudo >/dev/null; then
            say "these packages are missing, and installing them needs root or sudo: $missing"
            exit 1
        fi
        as_root=sudo
    fi
    say "installing $missing"
    # Quietly: what apt-get says is shown only where it fails.
    log=$(mktemp)
    if ! { $as_root apt-get update && $as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get install --yes --no-install-recommends $missing; } >"$log" 2>&1; then
        cat "$log" >&2
        rm -f "$log"
        say "the packages could not be installed"
        exit 1
    fi
    rm -f "$log"
}

# configure DIRECTORY [MESON OPTION...]
configure() {
    directory=$1
    shift
    # Where apt-get can give everything, a download would hide that something is not asked for.
    if command -v apt-get >/dev/null; then set -- --wrap-mode=nodownload "$@"; fi
    if [ -f "$directory/build.ninja" ]; then set -- --reconfigure "$@"; fi
    say "configuring $directory"
    log=$(mktemp)
    if ! meson setup "$@" "$directory" "$root" >"$log" 2>&1; then
        cat "$log" >&2
        rm -f "$log"
        return 1
    fi
    rm -f "$log"
}

# configure_tests DIRECTORY [MESON OPTION...]: of what the debugger could be told line numbers and nothing else, enough for a
# backtrace, and a third less to compile.
configure_tests() {
    CXXFLAGS="${CXXFLAGS:-} -g1"
    export CXXFLAGS
    configure "$@" -Ddebug=false -Dexamples=enabled -Dtests=enabled -Dbenchmarks=disabled
}

# find_boost_asio: Boost.Asio 1.81, beside the system's Boost and not in its place: installing it would put the other out.
find_boost_asio() {
    installed=$(sed -n 's/^#define BOOST_VERSION \([0-9]*\).*/\1/p' /usr/include/boost/version.hpp)
    if [ "${installed:-0}" -ge 108100 ]; then return; fi
    boost=$root/build-boost/packages
    if [ ! -d "$boost/usr" ]; then
        mkdir -p "$boost"
        (cd "$boost" && apt-get download libboost1.81-dev && dpkg-deb --extract libboost1.81-dev_*.deb .) || return
    fi
    export BOOST_ROOT="$boost/usr"
}

# compile DIRECTORY [TARGET...]
compile() {
    say "compiling $1"
    ninja -C "$@" >&2
}

# run_tests DIRECTORY [MESON TEST OPTION...]: compiles what the tests need and runs them. Ends with the line
# `N passed, M failed`, and fails where M is not 0.
run_tests() {
    directory=$1
    shift
    # What an earlier run wrote must not be counted if this one does not get as far.
    rm -f "$directory/meson-logs/testlog.json"
    meson test -C "$directory" --print-errorlogs "$@" || true
    python3 "$root/scripts/count_tests.py" "$directory/meson-logs/testlog.json"
}
