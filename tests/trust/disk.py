"""What a disk may hold after the power goes: images made from a program's own system calls.

A run under strace gives every write, truncation, rename and fsync in order. An image is what may be
left when the power goes after some of them:

- of what was written to a file since its last fsync, all is kept, or nothing, or each sector of 512
  bytes as some moment left it; what was fsynced is there;
- of the names that were made, renamed and removed, those before some moment are there, as a file system
  that journals its metadata keeps them; that moment is no earlier than the last fsync of a folder that
  such a name stands in, or of a file that was made.

Only the calls below change a file of a register; anything else that might (a mapping that is written to,
fallocate, sendfile) is looked for and refused, so that no change goes unseen.
"""

import copy
import os
import random
import re
import subprocess

SECTOR = 512
CALLS = (
    "openat,write,pwrite64,writev,pwritev,fsync,fdatasync,rename,renameat,renameat2,ftruncate,truncate,"
    "unlink,unlinkat,mkdir,mkdirat,rmdir,link,linkat,fallocate,copy_file_range,sendfile,mmap"
)
LINE = re.compile(r"^(\d+)\s+(?:<\.\.\. (\w+) resumed>)?(.*)$", re.S)
TEXT = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')
FD = re.compile(r"^(\d+)<((?:\\x[0-9a-f]{2})*)>")


def plain(text):
    """The bytes of what strace -xx wrote."""
    return bytes.fromhex(text.replace("\\x", ""))


def record(argv, log, env, stdin=None, timeout=300):
    """Runs a program under strace."""
    tracing = ["strace", "-f", "-y", "-xx", "-s", str(1 << 26), "-e", "trace=" + CALLS, "-o", log]
    return subprocess.run(tracing + argv, env=env, input=stdin, capture_output=True, timeout=timeout)


def calls(log):
    """The finished calls of a log: name and arguments; one that was interrupted counts where it ended."""
    waiting = {}
    with open(log, encoding="latin-1") as lines:
        for line in lines:
            task, resumed, rest = LINE.match(line.rstrip("\n")).groups()
            if rest.startswith(("+++", "---")):
                continue
            if rest.endswith("<unfinished ...>"):
                waiting[task] = rest[: -len("<unfinished ...>")]
                continue
            if resumed:
                rest = waiting.pop(task, resumed + "(") + rest
            call = re.match(r"^(\w+)\((.*)\)\s+= (-?\d+)", rest, re.S)
            if call and int(call.group(3)) >= 0:
                yield call.group(1), call.group(2), int(call.group(3))


class Ops:
    """The calls that change what lies below a folder, as small steps."""

    def __init__(self, root, log):
        self.root = root.encode()
        self.steps = []
        self.places = {}
        for name, args, result in calls(log):
            self.take(name, args, result)

    def below(self, path):
        return path == self.root or path.startswith(self.root + b"/")

    def step(self, *step):
        self.steps.append(step)

    def take(self, name, args, result):
        texts = [plain(text) for text in TEXT.findall(args)]
        fd = FD.match(args)
        path = plain(fd.group(2)) if fd else None
        key = (int(fd.group(1)), path) if fd else None
        if name == "openat" and texts and self.below(self.absolute(args, texts[0])):
            path = self.absolute(args, texts[0])
            self.places[(result, path)] = None if "O_APPEND" in args else 0
            if "O_CREAT" in args:
                self.step("make", path)
            if "O_TRUNC" in args:
                self.step("cut", path, 0)
        elif name in ("write", "writev") and path is not None and self.below(path):
            data = b"".join(texts)[:result]
            self.step("write", path, self.places.get(key), data)
            if self.places.get(key) is not None:
                self.places[key] += result
        elif name == "pwrite64" and path is not None and self.below(path):
            offset = int(args.rsplit(",", 1)[1])
            self.step("write", path, offset, texts[0][:result])
        elif name in ("fsync", "fdatasync") and path is not None and self.below(path):
            self.step("sync", path)
        elif name == "ftruncate" and path is not None and self.below(path):
            self.step("cut", path, int(args.rsplit(",", 1)[1]))
        elif name.startswith("rename") and len(texts) >= 2:
            one, other = texts[-2], texts[-1]
            if self.below(one) or self.below(other):
                self.step("rename", one, other)
        elif name in ("unlink", "unlinkat", "rmdir") and texts:
            path = self.absolute(args, texts[0]) if name == "unlinkat" else texts[0]
            path = path if path.startswith(b"/") else self.absolute(args, texts[-1])
            if self.below(path):
                self.step("remove", path)
        elif name in ("mkdir", "mkdirat") and texts and self.below(self.absolute(args, texts[-1])):
            self.step("folder", self.absolute(args, texts[-1]))
        elif name == "mmap":
            shared = "MAP_SHARED" in args and "PROT_WRITE" in args
            mapped = FD.search(args.rsplit(", ", 2)[1]) if args.count(", ") > 4 else None
            if shared and mapped and self.below(plain(mapped.group(2))):
                raise SystemExit("a mapping changes a file: " + args)
        elif any(self.below(text) for text in texts) or (path is not None and self.below(path)):
            if name in ("pwritev", "fallocate", "copy_file_range", "sendfile", "link", "linkat", "truncate"):
                raise SystemExit("a call that no image knows: " + name)

    @staticmethod
    def absolute(args, path):
        if path.startswith(b"/"):
            return path
        folder = re.match(r"^(?:AT_FDCWD|\d+)<((?:\\x[0-9a-f]{2})*)>", args)
        return plain(folder.group(1)) + b"/" + path if folder else path


class Disk:
    """Names and the files behind them, with what is not yet safe."""

    def __init__(self, root):
        self.names = {}
        self.files = []
        self.folders = {root.encode()}
        self.load(root)

    def load(self, root):
        for folder, folders, files in os.walk(root):
            self.folders.update(os.path.join(folder, one).encode() for one in folders)
            for name in files:
                path = os.path.join(folder, name)
                with open(path, "rb") as file:
                    self.files.append([file.read(), []])
                self.names[path.encode()] = len(self.files) - 1

    def image(self, steps, chance):
        """What may be left after these steps."""
        disk = copy.deepcopy(self)
        pending, safe = [], 0
        names, folders = dict(self.names), set(self.folders)
        for step in steps:
            kind, path = step[0], step[1]
            if kind == "make":
                if path not in names:
                    disk.files.append([b"", []])
                    names[path] = len(disk.files) - 1
                    pending.append(("name", path, names[path]))
            elif kind == "folder":
                folders.add(path)
                pending.append(("folder", path))
            elif kind == "rename":
                if path in names:
                    names[step[2]] = names.pop(path)
                    pending.append(("rename", path, step[2]))
                else:
                    move(names, folders, path, step[2])
                    pending.append(("move", path, step[2]))
            elif kind == "remove":
                names.pop(path, None)
                folders.discard(path)
                pending.append(("remove", path))
            elif kind in ("write", "cut") and path in names:
                disk.files[names[path]][1].append(step)
            elif kind == "sync" and path in names:
                file = disk.files[names[path]]
                file[0] = after(file[0], file[1])
                file[1] = []
                made = [at for at, one in enumerate(pending) if one[:2] == ("name", path)]
                safe = max([safe] + [at + 1 for at in made])
            elif kind == "sync" and path in folders:
                inside = [at for at, one in enumerate(pending) if stands_in(one, path)]
                safe = max([safe] + [at + 1 for at in inside])
        for file in disk.files:
            file[0] = left(file[0], file[1], chance)
            file[1] = []
        for one in pending[: chance.randint(safe, len(pending))]:
            disk.apply(one)
        return disk

    def apply(self, one):
        if one[0] == "name":
            self.names[one[1]] = one[2]
        elif one[0] == "folder":
            self.folders.add(one[1])
        elif one[0] == "rename":
            self.names[one[2]] = self.names.pop(one[1])
        elif one[0] == "move":
            move(self.names, self.folders, one[1], one[2])
        else:
            self.names.pop(one[1], None)
            self.folders.discard(one[1])

    def write(self, root, target):
        """Lays the image into another folder."""
        root = root.encode()
        for folder in sorted(self.folders):
            os.makedirs(target.encode() + folder[len(root):], mode=0o700, exist_ok=True)
        for path, at in self.names.items():
            place = target.encode() + path[len(root):]
            os.makedirs(os.path.dirname(place), mode=0o700, exist_ok=True)
            with open(place, "wb") as file:
                file.write(self.files[at][0])
            os.chmod(place, 0o600)


def stands_in(pending, folder):
    """Whether a change of a name stands in a folder."""
    return any(os.path.dirname(path) == folder for path in pending[1:] if isinstance(path, bytes))


def move(names, folders, one, other):
    """Renames a folder with all that is in it."""
    for path in [path for path in names if path.startswith(one + b"/")]:
        names[other + path[len(one):]] = names.pop(path)
    for path in [path for path in folders if path == one or path.startswith(one + b"/")]:
        folders.discard(path)
        folders.add(other + path[len(one):])


def after(content, steps):
    """A file's bytes after writes and cuts."""
    content = bytearray(content)
    for step in steps:
        if step[0] == "cut":
            del content[step[2]:]
            content.extend(bytes(max(0, step[2] - len(content))))
            continue
        start = len(content) if step[2] is None else step[2]
        content.extend(bytes(max(0, start - len(content))))
        content[start : start + len(step[3])] = step[3]
    return bytes(content)


def left(content, steps, chance):
    """What is left of a file whose last steps were not yet safe.

    Two writes to one sector are one after the other on the disk too: it holds what stood there at some
    moment, so that no write is lost from under a later one. Where the file ends is decided likewise."""
    fate = chance.random()
    if fate < 0.7:
        return after(content, steps) if fate < 0.4 else content
    moments = {}
    whole = bytearray(content)
    end = chance.randint(0, len(steps))
    for at, step in enumerate(steps):
        if step[0] == "cut":
            if at < end:
                whole = bytearray(after(whole, [step]))
            continue
        start = len(whole) if step[2] is None else step[2]
        for sector in range(start // SECTOR, -(-(start + len(step[3])) // SECTOR)):
            if moments.setdefault(sector, chance.randint(0, len(steps))) > at:
                low, high = max(start, sector * SECTOR), min(start + len(step[3]), (sector + 1) * SECTOR)
                whole = bytearray(after(whole, [("write", None, low, step[3][low - start : high - start])]))
    return bytes(whole)
