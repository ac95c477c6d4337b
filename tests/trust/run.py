#!/usr/bin/env python3
"""Proves on the real program that no acknowledged act is lost.

    tests/trust/run.py power  [--images N] [--seed S] [--only NAME]   the power goes
    tests/trust/run.py faults [--most N] [--seed S] [--only NAME]     a call of the system fails

Both take the scenes below. A scene is a register and a command that alters it. `power` records the
command's system calls once and makes images of what may be left when the power goes after any of them
(see disk.py); `faults` runs the command again and again, each time with another call failing, once or
from then on. Afterwards `jumin check` must find the register in order, and it must stand as before the
command or as after it: as after it, if the command had said that it was done.

Needs strace; takes the program from JUMIN, else target/release/jumin. Exits with 1 when anything was lost.
"""

import argparse
import hashlib
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile

import disk

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
JUMIN = os.environ.get("JUMIN", os.path.join(ROOT, "target/release/jumin"))
SAMPLE = os.path.join(ROOT, "seeds/ledger-sample.csv")
WORD = "correct horse battery staple"
LONGEST = 60
ID = re.compile(rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")

# What is done to a register before the scene, and the scene itself.
OPEN = [["init", "--open"]]
PEOPLE = OPEN + [["import", "OUT/ledger.csv", "--yes"]]
SEALED = [["init"], ["import", "OUT/ledger.csv", "--yes"]]
LEFT = SEALED + [["set", "age:60..", "life=死亡", "--yes"]]
SCENES = {
    "init": ([], ["init", "--open"]),
    "init-sealed": ([], ["init"]),
    "import": (OPEN, ["import", "OUT/ledger.csv", "--yes"]),
    "import-sealed": ([["init"]], ["import", "OUT/ledger.csv", "--yes"]),
    "classify": (PEOPLE, ["classify", "age:60..", "+V1", "--yes"]),
    "set": (PEOPLE, ["set", "sex:男", "民族=01", "--yes"]),
    "undo-import": (PEOPLE, ["undo"]),
    "undo-classify": (PEOPLE + [["classify", "age:60..", "+V1", "--yes"]], ["undo"]),
    "export": (PEOPLE, ["list", "--unmasked", "--purpose", "核对", "--to", "街道", "-o", "OUT/list.csv"]),
    "classify-sealed": (SEALED, ["classify", "age:60..", "+V1", "--yes"]),
    "seal": (PEOPLE, ["seal"]),
    "key-rekey": (SEALED, ["key", "rekey"]),
    "purge-remove": (LEFT, ["purge", "remove", "is:deceased", "--yes"]),
    "purge-history": (LEFT + [["purge", "remove", "is:deceased", "--yes"]], ["purge", "history", "--yes"]),
    "backup": (PEOPLE, ["backup", "OUT/backup.jsonl"]),
    "backup-sealed": (SEALED, ["backup", "OUT/backup.age"]),
    "key-add": (SEALED, ["key", "add", "李强", "--role", "enter"]),
    "demo": ([], ["demo", "--residents", "1500"]),
    # So many that a snapshot of the index is laid by.
    "set-many-sealed": ([["demo", "--residents", "1100"], ["seal"]], ["set", "age:0..", "民族=02", "--yes"]),
}


# A scene that commits twice may stand between the two: what brings a register there.
BETWEEN = {"demo": ["init", "--open"]}


class Bench:
    """A folder for one scene, and how the program is run in it."""

    def __init__(self, name):
        self.name = name
        self.home = tempfile.mkdtemp(prefix="jumin-trust-")
        self.register = os.path.join(self.home, "register")
        self.out = os.path.join(self.home, "out")
        os.makedirs(self.out)
        shutil.copy(SAMPLE, os.path.join(self.out, "ledger.csv"))
        os.makedirs(self.register, mode=0o700)
        self.sealed = any(command in (["init"], ["seal"]) for command in SCENES[name][0] + [SCENES[name][1]])

    def argv(self, command, register=None):
        command = [word.replace("OUT", self.out) for word in command]
        argv = [JUMIN, "--lang", "en", "--register", register or self.register]
        return argv + (["--passphrase-fd", "0"] if self.sealed else []) + command

    def env(self):
        names = {"HOME": self.home, "USER": "tester", "LC_ALL": "C.UTF-8"}
        return {**os.environ, **names}

    def words(self):
        """The passphrase, as often as any command may ask for one."""
        return (WORD + "\n") * 3 if self.sealed else None

    def run(self, command, register=None, before=(), longest=LONGEST):
        argv = list(before) + self.argv(command, register)
        words = self.words()
        return subprocess.run(
            argv, env=self.env(), input=words.encode() if words else b"", capture_output=True, timeout=longest
        )

    def must(self, command):
        done = self.run(command)
        if done.returncode != 0:
            raise SystemExit(f"{self.name}: {command}: {done.stderr.decode()}{done.stdout.decode()}")

    def state(self, register=None):
        """What a register holds, and how much was done to it; None when there is none. Times and ids
        are left out, since two runs of a command differ in them."""
        people = self.run(["list", "--format", "json"], register)
        log = self.run(["log"], register)
        if people.returncode != 0 or log.returncode != 0:
            return None
        lines = sorted(ID.sub(b"", people.stdout).splitlines())
        return hashlib.sha256(b"\n".join(lines)).hexdigest(), len(log.stdout.splitlines())

    def between(self):
        """Where a scene of two commits may stand between them; where any stands when it is done, else."""
        if self.name not in BETWEEN:
            return self.state()
        register = os.path.join(self.home, "between")
        done = self.run(BETWEEN[self.name], register)
        if done.returncode != 0:
            raise SystemExit(f"{self.name}: {done.stderr.decode()}")
        return self.state(register)

    def verdict(self, register, allowed):
        """What is wrong with a register, after a look that mends what it can."""
        checked = self.run(["check"], register)
        told = (checked.stdout + checked.stderr).decode(errors="replace")
        if checked.returncode not in (0, 1, 2) or "panicked" in told:
            return f"check ends with {checked.returncode}: {told[-300:]}"
        state = self.state(register)
        if state not in allowed:
            return f"it stands at {state}, not at any of {allowed}: {told[-300:]}"
        if state is not None and checked.returncode != 0:
            return f"check finds: {told[-300:]}"
        if state is None and self.run(SCENES[self.name][1], register).returncode != 0:
            return "it cannot be begun again"
        return None

    def close(self):
        shutil.rmtree(self.home, ignore_errors=True)


def prepared(name):
    bench = Bench(name)
    for command in SCENES[name][0]:
        bench.must(command)
    return bench


def power(options):
    """Images of every scene, spread over its calls."""
    chance, lost, made = random.Random(options.seed), [], 0
    share = max(1, options.images // len(options.scenes))
    for name in options.scenes:
        bench = prepared(name)
        before, start = bench.state(), disk.Disk(bench.register)
        log = os.path.join(bench.home, "calls")
        words = bench.words()
        done = disk.record(bench.argv(SCENES[name][1]), log, bench.env(), words and words.encode())
        if done.returncode != 0:
            raise SystemExit(f"{name}: {done.stderr.decode()}")
        after, between = bench.state(), bench.between()
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
    report(lost, f"{made} images, seed {options.seed}")


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
    chance, lost, made = random.Random(options.seed), [], 0
    for name in options.scenes:
        bench = prepared(name)
        before = bench.state()
        kept = os.path.join(bench.home, "kept")
        shutil.copytree(bench.register, kept)
        log = os.path.join(bench.home, "calls")
        words = bench.words()
        disk.record(bench.argv(SCENES[name][1]), log, bench.env(), words and words.encode())
        after, between = bench.state(), bench.between()
        points = list(places(log))
        chance.shuffle(points)
        wrong = []
        for calls, error, when in points[: options.most]:
            shutil.rmtree(bench.register)
            shutil.copytree(kept, bench.register)
            inject = ["strace", "-f", "-o", "/dev/null", "-e", "trace=" + calls]
            inject += ["-e", f"inject={calls}:error={error}:when={when}"]
            what = f"{name}: {error} at {calls} {when}"
            try:
                done = bench.run(SCENES[name][1], before=inject)
            except subprocess.TimeoutExpired:
                wrong.append(f"{what}: it hangs")
                continue
            made += 1
            # Where the system could not even load the program, it never began.
            began = done.returncode != 127 or b"loading shared libraries" not in done.stderr
            if began and done.returncode not in (0, 1, 2):
                wrong.append(f"{what}: exit {done.returncode}: {done.stderr.decode()[-300:]}")
            allowed = {before, between, after} if done.returncode else {after}
            fault = bench.verdict(bench.register, allowed)
            if fault:
                wrong.append(f"{what}: {fault}")
        print(f"{name:16} {min(len(points), options.most):5} of {len(points):5} faults {len(wrong):4} wrong", flush=True)
        lost += wrong
        bench.close()
    report(lost, f"{made} faults, seed {options.seed}")


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


def report(lost, told):
    for line in lost[:40]:
        print("  " + line)
    print(f"{told}: {len(lost)} wrong")
    sys.exit(1 if lost else 0)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["power", "faults"])
    parser.add_argument("--images", type=int, default=300)
    parser.add_argument("--most", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", choices=list(SCENES))
    options = parser.parse_args()
    options.scenes = [options.only] if options.only else list(SCENES)
    if not shutil.which("strace"):
        raise SystemExit("strace is not installed")
    {"power": power, "faults": faults}[options.what](options)


main()
