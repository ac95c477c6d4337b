#!/usr/bin/env python3
"""Proves on the real program that no acknowledged act is lost.

    tests/trust/run.py power   [--count N] [--seed S] [--only NAME,..]   the power goes
    tests/trust/run.py faults  [--count N] [--seed S] [--only NAME,..]   a call of the system fails
    tests/trust/run.py cramped [--count N] [--seed S] [--only NAME,..]   a file may not grow any more
    tests/trust/run.py kills   [--count N] [--seed S]                    the program is killed

The first three take the scenes of scenes.py, each a register and a command that alters it. `power` records
the command's system calls once and makes images of what may be left when the power goes after any of them
(see disk.py); `faults` runs the command again and again, each time with another call failing, once or
from then on; `cramped` runs it under a limit on the size of files, as on a full disk. Afterwards `jumin
check` must find the register in order, and it must stand as before the command or as after it: as after
it, if the command had said that it was done. `kills` has a register live through a mix of deeds, each
killed at some moment (see kills.py).

N is how many there are in all. Needs strace, but for `kills`; takes the program from JUMIN, else
target/release/jumin. The last line says how many were done and how many went wrong; exits with 1 when any
did.
"""

import argparse
import os
import random
import resource
import shutil
import signal
import subprocess
import sys

import disk
import kills
from scenes import RECOVERY, SCENES, prepared


def power(options):
    """Images of every scene, spread over its calls."""
    lost, made = [], 0
    share = max(1, options.count // len(options.scenes))
    for name in options.scenes:
        bench, chance = prepared(name), random.Random(f"{name} {options.seed}")
        before = bench.state()
        bench.hurt()
        start = disk.Disk(bench.register)
        log, after, between = recorded(bench)
        steps = disk.Ops(bench.register, log).steps
        faults = []
        for number in range(share):
            # The last image of each scene has all calls: the command has said that it was done.
            cut = len(steps) if number % 10 == 0 else chance.randint(0, len(steps))
            image = os.path.join(bench.home, "image")
            start.image(steps[:cut], chance).write(bench.register, image)
            allowed = {after} if cut == len(steps) else {before, between, after}
            fault = bench.verdict(image, allowed)
            made += 1
            if fault:
                faults.append(f"{name}: power gone after call {cut} of {len(steps)}: {fault}")
            shutil.rmtree(image)
        print(f"{name:16} {len(steps):6} calls {share:5} images {len(faults):4} wrong", flush=True)
        lost += faults
        bench.close()
    report(lost, made, options)


def recorded(bench):
    """Runs the scene's command: a log of its calls, where the register stands then, and where between."""
    log = os.path.join(bench.home, "calls")
    done = disk.record(bench.argv(bench.command), log, bench.env(), bench.words())
    if done.returncode != 0:
        raise SystemExit(f"{bench.name}: {done.stderr.decode()}")
    return log, bench.state(), bench.between()


FAILING = {
    "write,pwrite64": ["EIO", "ENOSPC"],
    "fsync,fdatasync": ["EIO"],
    "sync_file_range": ["EIO"],
    "openat": ["EACCES", "EMFILE"],
    "rename": ["EIO"],
    "unlink": ["EACCES"],
    "mkdir": ["ENOSPC"],
    "ftruncate": ["EIO"],
}


def faults(options):
    """Every call of a command that fails, once and from then on, up to so many a scene."""

    def points(bench, chance):
        found = list(places(bench.log))
        chance.shuffle(found)
        for calls, error, when in found:
            inject = ["strace", "-f", "-o", "/dev/null", "-e", "trace=" + calls]
            inject += ["-e", f"inject={calls}:error={error}:when={when}"]
            yield f"{error} at {calls} {when}", {"before": inject}

    repeated(options, points)


def cramped(options):
    """A command under a limit on the size of files, which fails it as a full disk does."""

    def points(bench, chance):
        while True:
            most = int(2 ** chance.uniform(8, 20))

            def limit(most=most):
                signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
                resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))

            yield f"no file beyond {most} bytes", {"preexec_fn": limit}

    repeated(options, points)


def repeated(options, points):
    """Runs the command of each scene under one hardship after the other, each time on the same register."""
    lost, made = [], 0
    share = max(1, options.count // len(options.scenes))
    for name in options.scenes:
        bench, chance = prepared(name), random.Random(f"{name} {options.seed}")
        before = bench.state()
        bench.hurt()
        kept = os.path.join(bench.home, "kept")
        shutil.copytree(bench.register, kept)
        bench.log, after, between = recorded(bench)
        wrong, done = [], 0
        for what, how in points(bench, chance):
            if done == share:
                break
            shutil.rmtree(bench.register)
            shutil.copytree(kept, bench.register)
            fault = endured(bench, how, before, between, after)
            done += 1
            if fault:
                wrong.append(f"{name}: {what}: {fault}")
        print(f"{name:16} {done:5} done {len(wrong):4} wrong", flush=True)
        lost, made = lost + wrong, made + done
        bench.close()
    report(lost, made, options)


def endured(bench, how, before, between, after):
    """What went wrong with a command under a hardship."""
    try:
        done = bench.run(bench.command, **how)
    except subprocess.TimeoutExpired:
        return "it hangs"
    # Where the system could not even load the program, it never began.
    began = done.returncode != 127 or b"loading shared libraries" not in done.stderr
    if began and done.returncode not in (0, 1, 2):
        return f"exit {done.returncode}: {done.stderr.decode()[-300:]}"
    return bench.verdict(bench.register, {before, between, after} if done.returncode else {after})


def places(log):
    """Which calls can fail: each kind, each error, each number, once and from then on."""
    counts = {}
    for name, _, _ in disk.calls(log):
        for calls in FAILING:
            if name in calls.split(","):
                counts[calls] = counts.get(calls, 0) + 1
    for calls, count in counts.items():
        for error in FAILING[calls]:
            for number in range(1, count + 1):
                yield calls, error, f"{number}"
                yield calls, error, f"{number}+"


def killed(options):
    """A register that lives through killed deeds."""
    wrong, made = kills.run(options.count, options.seed)
    report(wrong, made, options)


def report(wrong, made, options):
    for line in wrong[:40]:
        print("  " + line)
    print(f"{options.what}, seed {options.seed}: {made} done, {len(wrong)} wrong")
    sys.exit(1 if wrong else 0)


# What can be asked for, and how many there are of it where nobody says.
KINDS = {"power": (power, 300), "faults": (faults, 800), "cramped": (cramped, 44), "kills": (killed, 30)}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=list(KINDS))
    parser.add_argument("--count", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", help="scenes, by their names; `recovery` for those that mend or make anew")
    options = parser.parse_args()
    does, usual = KINDS[options.what]
    options.count = options.count or usual
    options.scenes = list(SCENES)
    if options.only:
        options.scenes = RECOVERY if options.only == "recovery" else options.only.split(",")
    if options.what != "kills" and not shutil.which("strace"):
        raise SystemExit("strace is not installed")
    does(options)


main()
