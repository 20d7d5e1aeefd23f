#!/bin/sh
# Do strangers' tools check our logs unchanged? ledger.sh LEDGER_EXPORT CHECK_LEDGER_GO
# Needs Debian's golang-go and golang-golang-x-mod-dev; says so and passes without them (77).
set -eu
export=$1
check=$2
go=/usr/bin/go
packages=/usr/share/gocode
[ -x "$go" ] || { echo "skipped: no $go (Debian package golang-go)"; exit 77; }
[ -d "$packages/src/golang.org/x/mod/sumdb/tlog" ] ||
    { echo "skipped: no x/mod (Debian package golang-golang-x-mod-dev)"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export GO111MODULE=off GOPATH="$packages" GOCACHE="$work/cache" GOFLAGS= GOTOOLCHAIN=local
unset GOROOT
"$go" build -o "$work/check" "$check"
for size in 1 2 255 256 257 70000; do
    mkdir "$work/log$size"
    "$export" "$work/log$size" "$size"
    "$work/check" "$work/log$size"
done

# and a log with one changed bit must not pass
tile=$work/log257/tile/entries/000
first=$(od -An -tu1 -j10 -N1 "$tile" | tr -d ' ')
printf "\\$(printf %03o $((first ^ 1)))" | dd of="$tile" bs=1 seek=10 conv=notrunc 2>/dev/null
if "$work/check" "$work/log257" 2>"$work/err"; then
    echo "a changed entry passed"; exit 1
fi
echo "a changed entry is refused: $(cat "$work/err")"
