#!/bin/sh
# The README's two commands on a fresh Debian 12 with nothing but a clone: makes a root of it with debootstrap, from the
# mirror that this machine's apt uses, and runs both inside. Needs root; takes a while and 3 GB.
#
#   tests/install/fresh_root.sh [DIRECTORY]     is made if it is not there, and kept; unless told, one that is removed
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd)
. "$root/scripts/build.sh"

release=bookworm
mirror=$(apt-get indextargets --format '$(CODENAME) $(REPO_URI)' 'Created-By: Packages' | sed -n "s/^$release //p" | sed -n 1p)
if [ -z "$mirror" ]; then
    say "apt knows no mirror of $release"
    exit 1
fi
if ! command -v debootstrap >/dev/null; then
    say "installing debootstrap"
    apt-get install --yes --no-install-recommends debootstrap >&2
fi

keep=${1-}
fresh=${keep:-$(mktemp -d)}
clean_up() {
    for each in proc dev/pts; do
        if mountpoint -q "$fresh/$each"; then umount "$fresh/$each"; fi
    done
    if [ -z "$keep" ]; then rm -rf --one-file-system "$fresh"; fi
}
trap clean_up EXIT
trap 'exit 1' INT TERM

say "making a fresh $release in $fresh"
if [ ! -e "$fresh/etc/debian_version" ]; then debootstrap --variant=minbase "$release" "$fresh" "$mirror" >&2; fi
# What every container has: processes, and terminals.
if ! mountpoint -q "$fresh/proc"; then mount -t proc proc "$fresh/proc"; fi
if ! mountpoint -q "$fresh/dev/pts"; then mount -t devpts -o newinstance,ptmxmode=0666 devpts "$fresh/dev/pts"; fi
rm -rf "$fresh/frond"
git clone --quiet --no-hardlinks "$root" "$fresh/frond"

in_fresh_root() {
    chroot "$fresh" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 "$@"
}

# The table's bytes and lines are those of everything that find finds.
in_fresh_root /frond/examples/run.sh | tee "$fresh/table"
counted=$(awk '$1 == "total" { print $3, $4 }' "$fresh/table")
known=$(in_fresh_root sh -c 'find /usr/include -type f -print0 | xargs -0 cat | wc -lc' | awk '{ print $2, $1 }')
if [ "$counted" != "$known" ]; then
    say "the table says $counted bytes and lines, find and wc say $known"
    exit 1
fi
in_fresh_root /frond/tests/run.sh
