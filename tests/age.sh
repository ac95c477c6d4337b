#!/usr/bin/env bash
# A backup opens with Debian's age, and what that age sealed is restored.
# Run: tests/age.sh [JUMIN]     (JUMIN: the program; target/debug/jumin when not given)
set -euo pipefail
cd "$(dirname "$0")/.."
jumin=$(realpath "${1:-target/debug/jumin}")
if ! command -v age > /dev/null || ! command -v age-keygen > /dev/null; then
    if command -v apt-get > /dev/null && [ "$(id -u)" = 0 ]; then
        apt-get install --yes --quiet age > /dev/null 2>&1 || true
    fi
fi
if ! command -v age > /dev/null; then
    echo "skipped: age is not installed and cannot be installed here"
    exit 0
fi
[ -x "$jumin" ] || { echo "no program at $jumin: cargo build first"; exit 1; }
desk=$(mktemp -d)
trap 'rm -rf "$desk"' EXIT
export JUMIN_REGISTER=$desk/register HOME=$desk JUMIN_WORKER=age LANG=C.UTF-8
passphrase="a passphrase for the test"
jumin() { "$jumin" --passphrase-fd 0 "$@"; }

jumin init <<< "$passphrase" | grep -o 'AGE-SECRET-KEY-1[A-Z0-9]*' > "$desk/sheet.txt"
cp seeds/ledger-sample.csv "$desk/ledger.csv"
jumin import "$desk/ledger.csv" --yes <<< "$passphrase" > /dev/null 2>&1
people=$(jumin count <<< "$passphrase")
jumin backup "$desk/one.age" <<< "$passphrase" > /dev/null

failed=0
expect() { # what, got, want
    if [ "$2" = "$3" ]; then echo "ok: $1"; else echo "FAILED: $1: $2 instead of $3"; failed=1; fi
}

# Ours, opened by age: the lines are JSON, and their checksum is the one they say.
age --decrypt --identity "$desk/sheet.txt" "$desk/one.age" > "$desk/lines"
expect "the first line says what it is" "$(head -1 "$desk/lines" | cut -c1-22)" '{"backup":{"version":1'
said=$(tail -1 "$desk/lines" | grep -o '"sha256":"[0-9a-f]*"' | cut -d'"' -f4)
expect "the checksum is that of the lines" "$(head -n -1 "$desk/lines" | sha256sum | cut -d' ' -f1)" "$said"

# Theirs, restored by us.
age-keygen --output "$desk/theirs.txt" 2> /dev/null
age --encrypt --recipient "$(age-keygen -y "$desk/theirs.txt")" --output "$desk/theirs.age" "$desk/lines"
key=$(grep AGE-SECRET-KEY "$desk/theirs.txt")
jumin restore "$desk/theirs.age" "$desk/again" <<< "$key
$passphrase" > /dev/null 2>&1
expect "as many people are in it" "$(JUMIN_REGISTER=$desk/again jumin count <<< "$passphrase")" "$people"
expect "the key it was sealed with opens it too" "$(JUMIN_REGISTER=$desk/again jumin count <<< "$key")" "$people"
jumin restore "$desk/one.age" < "$desk/sheet.txt" > /dev/null 2>&1
expect "the backup was tried" "$(grep -c '^\[tried\]' "$desk/register/backup.toml")" 1
exit $failed
