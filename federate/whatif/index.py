"""The index of kept runs: ``federate.sqlite`` beside the folder ``runs``.

| table | holds |
| --- | --- |
| scenario | each thing asked once, by its hash |
| plan | each plan once, ``plan.csv`` compressed, by its digest |
| run | a row a finished run |
| schema_version | which form these tables have |

The run folders are the truth: whatever is written here can be made again from them,
and is where the tables are of another version. So what people do to a plan in the
app (commands, locks, notes) has no table here: no folder could give it back.

SQLite's write-ahead log lets many read while one writes, and leaves the file as it
was before or after a transaction, whenever its process dies.
"""

import sqlite3
import zlib
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from filelock import FileLock

from federate.errors import Fault, InputError
from federate.whatif.question import Question
from federate.whatif.record import RunRecord

__all__ = ["INDEX", "Index"]

INDEX = "federate.sqlite"
PLAN = "plan.csv"
VERSION = 1
WAIT_S = 60.0
"""So long a writer waits for others; each writes for milliseconds."""

_TABLES = """
CREATE TABLE schema_version (version INTEGER NOT NULL);
CREATE TABLE scenario (hash TEXT PRIMARY KEY, asked TEXT NOT NULL);
CREATE TABLE plan (digest TEXT PRIMARY KEY, zipped_csv BLOB NOT NULL);
CREATE TABLE run (
    name TEXT PRIMARY KEY,
    made TEXT NOT NULL,
    title TEXT NOT NULL,
    instance TEXT NOT NULL,
    key TEXT NOT NULL,
    scenario TEXT NOT NULL REFERENCES scenario (hash),
    instance_sha256 TEXT NOT NULL,
    code TEXT NOT NULL,
    time_limit_s REAL NOT NULL,
    threads INTEGER NOT NULL,
    status TEXT NOT NULL,
    stop TEXT NOT NULL,
    objective_gbp REAL,
    bound_gbp REAL,
    gap REAL,
    num_federations INTEGER,
    num_violations INTEGER NOT NULL,
    engine TEXT NOT NULL,
    solver TEXT NOT NULL,
    seconds REAL NOT NULL,
    plan TEXT REFERENCES plan (digest),
    certified INTEGER NOT NULL
);
CREATE INDEX run_by_key ON run (key);
"""
_NAMES = ("run", "plan", "scenario", "schema_version")


class Index:
    """The index file in one folder; made when first written to.

    Parameters
    ----------
    folder
        Holds ``federate.sqlite`` and the folder ``runs``.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / INDEX
        self.runs = folder / "runs"

    def names(self) -> set[str]:
        """Return the names of all runs that are indexed."""
        with self._reading() as db:
            return {name for (name,) in db.execute("SELECT name FROM run")}

    def records(self, key: str | None = None) -> tuple[RunRecord, ...]:
        """Return the runs, those of one question or all, the newest first."""
        query = "SELECT run.*, asked FROM run JOIN scenario ON hash = scenario"
        order = " ORDER BY made DESC, run.rowid DESC"
        with self._reading() as db:
            if key is None:
                rows = db.execute(query + order).fetchall()
            else:
                rows = db.execute(f"{query} WHERE key = ?{order}", (key,)).fetchall()
        return tuple(self._record(row) for row in rows)

    def plan_csv(self, digest: str) -> bytes | None:
        """Return the ``plan.csv`` of this digest."""
        with self._reading() as db:
            query = "SELECT zipped_csv FROM plan WHERE digest = ?"
            row = db.execute(query, (digest,)).fetchone()
        return None if row is None else zlib.decompress(row[0])

    def change(self, add: Iterable[RunRecord] = (), drop: Iterable[str] = ()) -> None:
        """Add runs and drop others, all or nothing."""
        with self._writing() as db:
            for name in drop:
                # Its folder may have come back since.
                if not (self.runs / name).exists():
                    db.execute("DELETE FROM run WHERE name = ?", (name,))
            for record in add:
                _insert(db, record)
            _drop_orphans(db)

    def clear(self) -> None:
        """Forget every run; where the file is no index at all, begin another."""
        with self._alone():
            try:
                self._make()
            except sqlite3.DatabaseError:
                for end in ("", "-wal", "-shm"):
                    Path(f"{self.path}{end}").unlink(missing_ok=True)
                self._make()

    def _record(self, row: sqlite3.Row) -> RunRecord:
        at: dict[str, Any] = dict(row)
        return RunRecord(
            folder=self.runs / at["name"],
            made=datetime.fromisoformat(at.pop("made")),
            question=Question(
                scenario=at.pop("asked"),
                instance=at.pop("instance_sha256"),
                code=at.pop("code"),
                time_limit_s=at.pop("time_limit_s"),
                threads=at.pop("threads"),
            ),
            certified=bool(at.pop("certified")),
            **{k: v for k, v in at.items() if k not in ("key", "scenario")},
        )

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._reading() as db:
            db.execute("BEGIN IMMEDIATE")
            try:
                yield db
            except BaseException:
                db.execute("ROLLBACK")
                raise
            db.execute("COMMIT")

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        try:
            if not self.path.exists() or self._version() != VERSION:
                with self._alone():
                    if self._version() != VERSION:  # nobody has meanwhile
                        self._make()
            with closing(self._open()) as db:
                yield db
        except sqlite3.DatabaseError as error:
            message = f"cannot be used ({error}); federate runs --rebuild makes it anew"
            fault = Fault(str(self.path), message)
            raise InputError("the index of runs", [fault]) from error

    def _alone(self) -> FileLock:
        # SQLite does not wait its turn while a file is made a write-ahead one.
        self.path.parent.mkdir(parents=True, exist_ok=True)
        lock = self.path.with_name(f".{INDEX}.lock")
        return FileLock(lock, timeout=WAIT_S, is_singleton=True)

    def _make(self) -> None:
        """Make empty tables, in place of any that are there."""
        with closing(self._open()) as db:
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("BEGIN IMMEDIATE")
            for name in _NAMES:
                db.execute(f"DROP TABLE IF EXISTS {name}")
            for statement in filter(str.strip, _TABLES.split(";")):
                db.execute(statement)
            db.execute("INSERT INTO schema_version VALUES (?)", (VERSION,))
            db.execute("COMMIT")

    def _version(self) -> int | None:
        """Return the version of the tables, ``None`` where there are none."""
        with closing(self._open()) as db:
            query = "SELECT 1 FROM sqlite_master WHERE name = 'schema_version'"
            if db.execute(query).fetchone() is None:
                return None
            row = db.execute("SELECT version FROM schema_version").fetchone()
            return None if row is None else int(row[0])

    def _open(self) -> sqlite3.Connection:
        db = sqlite3.connect(self.path, timeout=WAIT_S, isolation_level=None)
        db.row_factory = sqlite3.Row
        return db


def _insert(db: sqlite3.Connection, record: RunRecord) -> None:
    asked = record.question
    try:
        plan = None if record.plan is None else (record.folder / PLAN).read_bytes()
    except OSError:
        return  # removed by another process since it was read
    row = (asked.scenario_hash, asked.scenario)
    db.execute("INSERT OR IGNORE INTO scenario VALUES (?, ?)", row)
    if plan is not None:
        zipped = zlib.compress(plan)
        db.execute("INSERT OR IGNORE INTO plan VALUES (?, ?)", (record.plan, zipped))
    figures = {k: v for k, v in vars(record).items() if k not in ("folder", "question")}
    figures |= {
        "made": record.made.isoformat(),
        "key": asked.key,
        "scenario": asked.scenario_hash,
        "instance_sha256": asked.instance,
        "code": asked.code,
        "time_limit_s": asked.time_limit_s,
        "threads": asked.threads,
    }
    names = ", ".join(figures)
    marks = ", ".join("?" * len(figures))
    db.execute(
        f"INSERT OR REPLACE INTO run ({names}) VALUES ({marks})",
        tuple(figures.values()),
    )


def _drop_orphans(db: sqlite3.Connection) -> None:
    """Drop what only runs that are gone have asked or found."""
    db.execute("DELETE FROM scenario WHERE hash NOT IN (SELECT scenario FROM run)")
    found = "SELECT plan FROM run WHERE plan IS NOT NULL"
    db.execute(f"DELETE FROM plan WHERE digest NOT IN ({found})")
