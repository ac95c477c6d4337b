"""The scenes of the trust runs: a register, a command that alters it, and what may stand afterwards.

A sealed register is laid out from `tests/fixtures/sealed`, whose slots cost the least that is taken:
a new one costs what the machine bears, and would be unlocked many thousand times.
"""

import hashlib
import os
import re
import shutil
import subprocess
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
JUMIN = os.environ.get("JUMIN", os.path.join(ROOT, "target/release/jumin"))
SAMPLE = os.path.join(ROOT, "seeds/ledger-sample.csv")
FIXTURE = os.path.join(ROOT, "tests/fixtures/sealed")
# What the fixture is unlocked with, and by whom.
WORD = "a frozen passphrase, not a secret"
WORKER = "王芳"
LONGEST = 60
ID = re.compile(rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")

# Steps that are no commands of the program: to lay out the fixture, to put the register elsewhere.
LAY, AWAY = ["lay"], ["away"]

# What is done to a register before the scene, and the scene itself.
OPEN = [["init", "--open"]]
PEOPLE = OPEN + [["import", "OUT/ledger.csv", "--yes"]]
SEALED = [LAY, ["import", "OUT/ledger.csv", "--yes"]]
LEFT = SEALED + [["set", "age:60..", "life=死亡", "--yes"]]
SCENES = {
    "init": ([], ["init", "--open"]),
    "init-sealed": ([], ["init"]),
    "import": (OPEN, ["import", "OUT/ledger.csv", "--yes"]),
    "import-sealed": ([LAY], ["import", "OUT/ledger.csv", "--yes"]),
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
    "restore": (PEOPLE + [["backup", "OUT/one.jsonl"], AWAY], ["restore", "OUT/one.jsonl", "REGISTER", "--open"]),
    "doctor": (PEOPLE, ["doctor"]),
    "mend": (PEOPLE, ["count"]),
}

# The scenes in which something is already being mended or made anew when it strikes.
RECOVERY = ["mend", "doctor", "restore", "seal", "key-rekey", "purge-history"]

# In these sled's file is damaged before the command.
HURT = ["doctor", "mend"]

# A scene that commits twice may stand between the two: what brings a register there.
BETWEEN = {"demo": ["init", "--open"]}


class Bench:
    """A folder for one scene, and how the program is run in it."""

    def __init__(self, name, before, command):
        self.name, self.command, self.word = name, command, WORD
        self.home = tempfile.mkdtemp(prefix="jumin-trust-")
        self.register = os.path.join(self.home, "register")
        self.out = os.path.join(self.home, "out")
        os.makedirs(self.out)
        shutil.copy(SAMPLE, os.path.join(self.out, "ledger.csv"))
        os.makedirs(self.register, mode=0o700)
        self.sealed = any(step in (LAY, ["init"], ["seal"]) for step in before + [command])
        for step in before:
            self.step(step)

    def step(self, step):
        """Does what comes before the scene."""
        if step == LAY:
            home = os.path.join(self.register, "vault-0001")
            os.makedirs(os.path.join(home, "journal"), mode=0o700)
            shutil.copy(os.path.join(FIXTURE, "id.toml"), self.register)
            shutil.copy(os.path.join(FIXTURE, "keys"), home)
            shutil.copy(os.path.join(FIXTURE, "00000001.jnl"), os.path.join(home, "journal"))
        elif step == AWAY:
            os.rename(self.register, os.path.join(self.home, "elsewhere"))
            os.makedirs(self.register, mode=0o700)
        else:
            done = self.run(step)
            if done.returncode != 0:
                raise SystemExit(f"{self.name}: {step}: {done.stderr.decode()}{done.stdout.decode()}")

    def hurt(self):
        """Damages what the scene is to mend, where it is one that mends."""
        if self.name not in HURT:
            return
        [store] = [name for name in os.listdir(self.register) if name.startswith("store-")]
        path = os.path.join(self.register, store, "db")
        with open(path, "r+b") as file:
            file.write(bytes(os.path.getsize(path)))

    def argv(self, command, register=None):
        register = register or self.register
        command = [word.replace("OUT", self.out).replace("REGISTER", register) for word in command]
        argv = [JUMIN, "--lang", "en", "--register", register]
        return argv + (["--passphrase-fd", "0"] if self.sealed else []) + command

    def env(self):
        names = {"HOME": self.home, "JUMIN_WORKER": WORKER, "LC_ALL": "C.UTF-8"}
        return {**os.environ, **names}

    def words(self):
        """The passphrase, as often as any command may ask for one."""
        return (self.word + "\n").encode() * 3 if self.sealed else b""

    def run(self, command, register=None, before=(), **how):
        argv = list(before) + self.argv(command, register)
        return subprocess.run(
            argv, env=self.env(), input=self.words(), capture_output=True, timeout=LONGEST, **how
        )

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
        if state is None:
            again = self.run(self.command, register)
            if again.returncode != 0:
                return f"it cannot be begun again: {again.stderr.decode()[-300:]}"
        return None

    def close(self):
        shutil.rmtree(self.home, ignore_errors=True)


def prepared(name):
    return Bench(name, *SCENES[name])
