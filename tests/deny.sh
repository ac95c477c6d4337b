#!/usr/bin/env bash
# The libraries against .cargo/deny.toml: under which licences they are, where they come from, which must
# not come in, and what is known against them.
# Run: tests/deny.sh
#
# The advisories are fetched from where RustSec keeps them; where that cannot be reached, the rest is
# looked at and the script says so. An advisory that is found fails it.
set -euo pipefail
cd "$(dirname "$0")/.."
pinned=0.20.2

if [ "$(cargo deny --version 2> /dev/null)" != "cargo-deny $pinned" ]; then
    # Built from source, quickly: it has little to do.
    cargo install --quiet --locked --profile dev cargo-deny --version "$pinned"
fi
deny() { cargo deny --locked --config .cargo/deny.toml --color never "$@"; }

deny check bans licenses sources
if deny fetch db > /dev/null 2>&1; then
    deny --offline check advisories
else
    echo "skipped: the advisories cannot be fetched here"
fi
