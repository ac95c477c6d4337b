#!/usr/bin/env bash
# What is tried many more times before a release than in every run of the tests: kills, power cuts, calls
# that fail, damaged files and texts, frames on a terminal. All of it is made from recorded seeds: a
# failure names its number and is made again from it.
# Run: tests/trust/release.sh [KIND ..]     every kind when none is named; some hours
# Prints a line for each kind; what each said is in target/trust/KIND.log.
set -euo pipefail
cd "$(dirname "$0")/../.."
seed=6
out=target/trust
mkdir -p "$out"

cargo build --release --locked
built=$(cargo test --release --locked --no-run --test all 2>&1 | tee >(cat >&2) | sed -n 's/.*Executable.*(\(.*\))$/\1/p')
# Copies, so that nothing built meanwhile gets in the way.
cp "$built" "$out/all"
cp target/release/jumin "$out/jumin"
export JUMIN=$PWD/$out/jumin
programs() { tests/trust/run.py "$@" --seed "$seed"; }

# Each kind: how many are asked for, and what does them.
declare -A asked does
kind() { asked[$1]=$2; does[$1]="${*:3}"; kinds+=("$1"); }
kinds=()
kind kills    1000    programs kills --count 1000
kind writers  1000    env JUMIN_KILLS=1000 "$out/all" --nocapture --exact store::crash::no_kill_loses_an_acknowledged_commit
kind forms    1000    env JUMIN_KILLS=1000 "$out/all" --nocapture --exact pty::a_killed_form_holds_every_character_but_the_last
kind power    5000    programs power --count 5000
kind faults   2200    programs faults --count 2200
kind cramped  110     programs cramped --count 110
kind recovery 240     programs faults --only recovery --count 240
kind damage   2200    env JUMIN_DAMAGES=200 "$out/all" --nocapture --exact store::engines::whatever_happens_to_sleds_files_is_mended
kind salvage  100     env JUMIN_SALVAGES=100 "$out/all" --nocapture --exact store::doctor::what_stands_outside_the_damage_is_saved
kind frames   50000   env JUMIN_FRAMES=50000 "$out/all" --nocapture --exact frames::the_terminal_shows_what_was_drawn
# A million for each reader: nine of texts, three of what the register wrote, one of ledgers.
kind texts    9000000 env JUMIN_FUZZ=1000000 "$out/all" --nocapture --exact fuzz::no_damaged_text_does_harm
kind own      3000000 env JUMIN_FUZZ=1000000 "$out/all" --nocapture store::fuzz
kind ledgers  1000000 env JUMIN_FUZZ=1000000 "$out/all" --nocapture --exact exchange::fuzz::no_damaged_file_does_harm

failed=0
printf '%-10s %9s %9s %6s %8s\n' kind asked done wrong seconds
for name in "${@:-${kinds[@]}}"; do
    started=$SECONDS ended=0
    # Split into words on purpose: they were given as words.
    ${does[$name]} > "$out/$name.log" 2>&1 || ended=$?
    if said=$(grep -oE '[0-9]+ done, [0-9]+ wrong' "$out/$name.log" | tail -1) && [ -n "$said" ]; then
        read -r done _ wrong _ <<< "$said"
    elif [ "$ended" = 0 ]; then
        done=${asked[$name]} wrong=0
    else
        done='?' wrong=1
    fi
    [ "$ended" = 0 ] || failed=1
    printf '%-10s %9s %9s %6s %8s\n' "$name" "${asked[$name]}" "$done" "$wrong" $((SECONDS - started))
done
exit $failed
