#!/usr/bin/env python3
"""The same rows and keystrokes put to jumin and to what a user could pick instead, in one run.

    pip install duckdb polars tantivy; apt-get install ripgrep fzf
    python3 tests/bench/peers.py [RESIDENTS] [ROUNDS]

Rounds alternate: jumin, then each peer, then jumin again, so that all meet the same machine. jumin
gives its whole answer (fifty rows in rank, the exact count, the people in each of all categories).
The peers are given pinyin and initials that were prepared for them and give less, as each line
says. Only the kinds of query that a peer can be asked are asked, of both. A peer that is not there
is named and left out.
"""

import csv
import importlib
import pathlib
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time

RESIDENTS = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
ROUNDS = int(sys.argv[2]) if len(sys.argv) > 2 else 3
TEXTS = ["name", "py", "ini", "estate", "building", "unit", "room", "id_no", "phone", "birth", "age", "sex"]
# How a kind of keystroke is put to a program that knows columns: what holds what was typed.
KINDS = {
    "full pinyin": ("py",),
    "from the middle": ("py",),
    "initials": ("ini",),
    "hanzi": ("name",),
    "digits": ("room", "id_no", "phone"),
}
# All of those columns.
FIELDS = ["py", "ini", "name", "room", "id_no", "phone"]


class Jumin:
    def __init__(self, folder):
        command = ["cargo", "bench", "--quiet", "--bench", "lookup", "--", "--serve", folder, str(RESIDENTS)]
        self.child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        while (line := self.child.stdout.readline().strip()) != "ready":
            if not line and self.child.poll() is not None:
                sys.exit("the bench of jumin did not start")

    def round(self, chosen):
        self.child.stdin.write("\n")
        self.child.stdin.flush()
        times = [int(one.split(":")[0]) / 1e9 for one in self.child.stdout.readline().split()]
        return [times[at] for at in chosen]


def where(kind, text):
    """A condition in SQL: prefixes of numbers and rooms, tails too, parts of all else."""
    if kind == "digits":
        return "room LIKE ? OR id_no LIKE ? OR id_no LIKE ? OR phone LIKE ?", [text + "%", text + "%", "%" + text, "%" + text]
    return f"{KINDS[kind][0]} LIKE ?", ["%" + text.lower() + "%"]


class Sqlite:
    """An index a column, so only texts that begin so; count and fifty rows by name, no facets."""

    def __init__(self, rows, _codes):
        self.db = sqlite3.connect(":memory:")
        self.db.execute(f"CREATE TABLE p ({', '.join(TEXTS)})")
        self.db.executemany(f"INSERT INTO p VALUES ({','.join('?' * len(TEXTS))})", [row[: len(TEXTS)] for row in rows])
        for column in FIELDS:
            self.db.execute(f"CREATE INDEX by_{column} ON p ({column})")

    def ask(self, kind, text):
        condition, given = where(kind, text)
        if kind != "digits":
            column = KINDS[kind][0]
            condition, given = f"{column} >= ? AND {column} < ?", [text.lower(), text.lower() + "\U0010ffff"]
        self.db.execute(f"SELECT count(*) FROM p WHERE {condition}", given).fetchone()
        self.db.execute(f"SELECT * FROM p WHERE {condition} ORDER BY py LIMIT 50", given).fetchall()


class Fts5(Sqlite):
    """FTS5 with trigrams, LIKE below three characters; count and fifty rows, no facets."""

    def __init__(self, rows, codes):
        super().__init__(rows, codes)
        self.db.execute("CREATE VIRTUAL TABLE f USING fts5(name, py, ini, room, id_no, phone, tokenize='trigram')")
        self.db.execute("INSERT INTO f(rowid, name, py, ini, room, id_no, phone) SELECT rowid, name, py, ini, room, id_no, phone FROM p")

    def ask(self, kind, text):
        if len(text) < 3:
            return super().ask(kind, text)
        match = f"{{{' '.join(KINDS[kind])}}} : \"{text.lower()}\""
        self.db.execute("SELECT count(*) FROM f WHERE f MATCH ?", [match]).fetchone()
        self.db.execute("SELECT * FROM p WHERE rowid IN (SELECT rowid FROM f WHERE f MATCH ? LIMIT 50)", [match]).fetchall()


class DuckDb:
    """Count, fifty rows by name and a sum for each category, on its own number of threads."""

    def __init__(self, _rows, codes):
        self.db = importlib.import_module("duckdb").connect()
        texts = ", ".join(f"'{one}': 'VARCHAR'" for one in TEXTS)
        self.db.execute(f"CREATE TABLE p AS SELECT * FROM read_csv('{FOLDER}/rows.csv', types={{{texts}}})")
        self.sums = ", ".join(f'sum("{code}")' for code in codes)

    def ask(self, kind, text):
        condition, given = where(kind, text)
        self.db.execute(f"SELECT count(*), {self.sums} FROM p WHERE {condition}", given).fetchone()
        self.db.execute(f"SELECT * FROM p WHERE {condition} ORDER BY py LIMIT 50", given).fetchall()


class Polars:
    """Count and fifty rows by name, no facets, on its own number of threads."""

    def __init__(self, _rows, _codes):
        self.pl = importlib.import_module("polars")
        schema = {one: self.pl.String for one in TEXTS}
        self.rows = self.pl.read_csv(f"{FOLDER}/rows.csv", schema_overrides=schema).sort("py")

    def ask(self, kind, text):
        col, holds = self.pl.col, None
        if kind == "digits":
            holds = col("room").str.starts_with(text) | col("id_no").str.starts_with(text)
            holds |= col("id_no").str.ends_with(text) | col("phone").str.ends_with(text)
        else:
            holds = col(KINDS[kind][0]).str.contains(text.lower(), literal=True)
        found = self.rows.filter(holds)
        return found.height, found.head(50).rows()


class Tantivy:
    """In memory, every beginning and tail a term of its own, so only texts that begin so; count, fifty, a count a category."""

    def __init__(self, rows, codes):
        self.lib = importlib.import_module("tantivy")
        schema = self.lib.SchemaBuilder()
        for field in FIELDS:
            schema.add_text_field(field, tokenizer_name="raw", index_option="basic")
        schema.add_text_field("code", tokenizer_name="raw", index_option="basic", fast=True)
        self.schema = schema.build()
        self.index = self.lib.Index(self.schema)
        writer = self.index.writer(500_000_000)
        for row in rows:
            texts = dict(zip(TEXTS, row))
            terms = {field: [texts[field][:end] for end in range(1, len(texts[field]) + 1)] for field in FIELDS}
            for field in ("id_no", "phone"):
                terms[field] += [texts[field][-size:] for size in range(3, 9) if texts[field]]
            held = [code for code, has in zip(codes, row[len(TEXTS) :]) if has == "1"]
            writer.add_document(self.lib.Document(code=held, **terms))
        writer.commit()
        writer.wait_merging_threads()
        self.index.reload()
        self.searcher = self.index.searcher()

    def ask(self, kind, text):
        term = self.lib.Query.term_query
        parts = [term(self.schema, field, text.lower(), "basic") for field in KINDS[kind]]
        query = self.lib.Query.boolean_query([(self.lib.Occur.Should, part) for part in parts])
        found = self.searcher.search(query, 50, count=True)
        facets = self.searcher.aggregate(query, {"codes": {"terms": {"field": "code", "size": 500}}})
        return found.count, [self.searcher.doc(at) for _, at in found.hits], facets


class Command:
    """A program that reads the file anew for every question; its start is in the figure."""

    def __init__(self, _rows, _codes):
        self.path = shutil.which(self.program)
        if not self.path:
            raise ModuleNotFoundError(f"no program {self.program}")

    def ask(self, _kind, text):
        with open(f"{FOLDER}/rows.csv") as rows:
            subprocess.run([self.path, *self.words, text], stdin=rows, stdout=subprocess.DEVNULL, check=False)


class Ripgrep(Command):
    """Every line that holds the text; neither order nor count of categories."""

    program, words = "rg", ["--fixed-strings"]


class Fzf(Command):
    """Every line that holds the letters, ranked by its own score."""

    program, words = "fzf", ["--filter"]


def percentile(times, part):
    return sorted(times)[min(len(times) - 1, len(times) * part // 100)]


def shown(seconds):
    return f"{seconds * 1e3:9.3f} ms"


def main():
    jumin = Jumin(FOLDER)
    with open(f"{FOLDER}/keys.tsv") as file:
        keys = [line.rstrip("\n").split("\t") for line in file]
    chosen = [at for at, (kind, _) in enumerate(keys) if kind in KINDS]
    with open(f"{FOLDER}/rows.csv") as file:
        head, *rows = csv.reader(file)
    print(f"{len(rows)} rows on the rolls, {len(chosen)} of {len(keys)} keystrokes, {ROUNDS} rounds")
    peers = []
    for peer in (Sqlite, Fts5, DuckDb, Polars, Tantivy, Ripgrep, Fzf):
        try:
            start = time.perf_counter()
            peers.append((peer, peer(rows, head[len(TEXTS):])))
            print(f"{peer.__name__}: loaded in {time.perf_counter() - start:.1f} s")
        except (ModuleNotFoundError, sqlite3.OperationalError) as fault:
            print(f"{peer.__name__}: left out, {fault}")
    ours, theirs = [], {peer: [] for peer, _ in peers}
    for _ in range(ROUNDS):
        ours.append(jumin.round(chosen))
        for peer, one in peers:
            # A program that starts anew for every key is asked one key in ten.
            some = chosen[::10] if isinstance(one, Command) else chosen
            times = []
            for kind, text in (keys[at] for at in some):
                start = time.perf_counter()
                one.ask(kind, text)
                times.append(time.perf_counter() - start)
            theirs[peer].append(times)
        ours.append(jumin.round(chosen))
    best = [statistics.median(percentile(times, part) for times in ours) for part in (50, 99)]
    print(f"\n{'':10}{'p50':>12}{'p99':>12}{'ratio':>10}{'ratio':>10}")
    print(f"{'jumin':10}{shown(best[0])}{shown(best[1])}{'':20}  the whole answer")
    for peer, rounds in theirs.items():
        p50, p99 = (statistics.median(percentile(times, part) for times in rounds) for part in (50, 99))
        ratios = f"{p50 / best[0]:9.1f}x{p99 / best[1]:9.1f}x"
        print(f"{peer.__name__:10}{shown(p50)}{shown(p99)}{ratios}  {peer.__doc__.strip().splitlines()[0]}")


with tempfile.TemporaryDirectory() as made:
    FOLDER = str(pathlib.Path(made))
    main()
