"""A register that lives through a mix of deeds, each killed at some moment of its run.

After each kill `jumin check` must find the register in order, and it must stand as it stood or as the deed
leaves it (a copy on which the deed is done undisturbed tells how that is): as the deed leaves it, if the
program had said that it was done. A passphrase opens or does not open as the deed had come to.

Registers are begun anew now and then, an open one and a sealed one in turn.
"""

import os
import random
import shutil
import subprocess
import time

from scenes import LAY, LONGEST, OPEN, Bench

# So many deeds a register lives through.
LIFE = 50

SURNAMES = "赵钱孙李周吴郑王冯陈"


def ledger(bench, chance):
    """A ledger of people whom nobody has met."""
    path = os.path.join(bench.out, "more.csv")
    with open(path, "w", encoding="utf-8") as file:
        file.write("姓名,性别,出生日期,现住址\n")
        for _ in range(chance.randint(1, 60)):
            name = chance.choice(SURNAMES) + chr(chance.randint(0x4E00, 0x9FA5)) + chr(chance.randint(0x4E00, 0x9FA5))
            day = f"{chance.randint(1930, 2020)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"
            file.write(f"{name},{chance.choice('男女')},{day},{chance.randint(1, 9)}-1-{chance.randint(101, 999)}\n")
    return ["import", "OUT/more.csv", "--yes"]


def edit(_, chance):
    return ["set", f"age:{chance.randint(20, 90)}", f"民族={chance.randint(1, 56):02}", "--yes"]


def bulk(_, chance):
    return ["classify", f"age:{chance.randint(20, 90)}..", chance.choice("+-") + "V1", "--yes"]


def undo(*_):
    return ["undo"]


def backup(bench, chance):
    return ["backup", f"OUT/backup-{chance.getrandbits(60):x}"]


def rekey(*_):
    return ["key", "rekey"]


def passphrase(*_):
    return ["key", "change"]


COMMITS = [edit, bulk, ledger, undo]
DEEDS = COMMITS + [backup]
SEALED_DEEDS = DEEDS + [rekey, passphrase]


def born(number):
    """A register with some people in it."""
    before = [LAY] if number % 2 else OPEN
    return Bench("kills", before + [["import", "OUT/ledger.csv", "--yes"]], ["count"])


def run(count, seed):
    """What went wrong in so many kills, and how many there were."""
    chance, wrong, usual = random.Random(seed), [], {}
    bench, before, tally = None, None, {}
    for number in range(count):
        if number % LIFE == 0:
            if bench:
                bench.close()
            bench = born(number // LIFE)
            before = bench.state()
        deed = chance.choice(SEALED_DEEDS if bench.sealed else DEEDS)
        bench.command = deed(bench, chance)
        kept = os.path.join(bench.home, "kept")
        shutil.copytree(bench.register, kept)
        fresh = f"a passphrase of the {number}th kill" if deed is passphrase else bench.word
        # Within its usual time, which is learnt from those that had ended by then, and from those not.
        way = deed, bench.sealed
        moment = chance.uniform(0, 1.1) * usual.setdefault(way, 0.3)
        said, took = struck(bench, fresh, moment)
        usual[way] = max(usual[way], 1.5 * moment) if said is None else (usual[way] + took) / 2
        fault, before = outcome(bench, deed, said, before, kept, fresh)
        if fault:
            wrong.append(f"kill {number}, {' '.join(bench.command)}: {fault}")
            break
        outcomes = tally.setdefault(deed.__name__ + (" sealed" if bench.sealed else ""), [0, 0])
        outcomes[said is None] += 1
        shutil.rmtree(kept)
        if (number + 1) % LIFE == 0:
            print(f"{number + 1} kills, {len(wrong)} wrong", flush=True)
    bench.close()
    for name, (finished, cut) in sorted(tally.items()):
        print(f"{name:20} {cut:5} cut short {finished:5} finished before")
    return wrong, number + 1


def struck(bench, fresh, moment):
    """Runs the deed and kills it after a moment: its exit if it had ended by then, and how long it took."""
    words = [bench.word] + [fresh] * 2
    started = time.monotonic()
    child = subprocess.Popen(
        bench.argv(bench.command),
        env=bench.env(),
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    child.stdin.write("".join(word + "\n" for word in words).encode())
    child.stdin.close()
    try:
        return child.wait(moment), time.monotonic() - started
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait(LONGEST)
        return None, None


def opens(bench, word):
    """Whether a passphrase opens the register."""
    right, bench.word = bench.word, word
    done = bench.run(["count"])
    bench.word = right
    return done.returncode == 0


def outcome(bench, deed, said, before, kept, fresh):
    """What is wrong after a kill, and where the register stands now."""
    if said not in (None, 0, 1):
        return f"exit {said}", before
    if deed is passphrase:
        old, bench.word = bench.word, fresh
        if bench.run(["count"]).returncode != 0:
            bench.word = old
            if said == 0:
                return "the new passphrase does not open it", before
        elif said == 0 and opens(bench, old):
            return "the old passphrase opens it still", before
    checked = bench.run(["check"])
    if checked.returncode != 0:
        return f"check finds: {checked.stdout.decode()}{checked.stderr.decode()}", before
    state = bench.state()
    if state is None:
        return "it does not open", before
    if deed in COMMITS and (state != before or said == 0):
        bench.run(bench.command, kept)
        after = bench.state(kept)
        if state != after:
            return f"it stands at {state}, not at {after}, where the deed leaves it; before, at {before}", state
    elif state != before:
        return f"it stands at {state}, not at {before}", state
    if deed is backup:
        path = bench.command[1].replace("OUT", bench.out)
        if said == 0 and not os.path.exists(path):
            return "the backup was said to be made and is not there", state
        if os.path.exists(path) and not bench.sealed and bench.run(["restore", path]).returncode != 0:
            return "half a backup", state
    return None, state
