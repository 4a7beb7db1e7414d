"""Kept runs: `Store`, a folder with an index of the finished runs in it.

```
runs/<utc>-<slug>-<hash8>/   the truth, each whole or absent
federate.sqlite              an index of them, made again whenever it is lost
```

A run is finished when its folder has its name, and never changes after that. So the
index needs no care: whoever reads it first takes in the folders that it lacks and
drops those that are gone.
"""

import shutil
import uuid
from collections.abc import Iterable
from pathlib import Path

from federate.errors import Fault, InputError, did_you_mean
from federate.result import Result
from federate.show.aside import clear_leftovers
from federate.show.run_folder import METRICS, read_run, write_run
from federate.whatif.index import Index
from federate.whatif.question import Question
from federate.whatif.record import RunRecord, read_record

__all__ = ["LAST", "Store"]

LAST = "last"
MOST_NAMED = 5


class Store:
    """The runs kept in one folder, for one process or many at once.

    Parameters
    ----------
    folder
        Holds ``runs`` and ``federate.sqlite``; made when first written to.

    Examples
    --------
    >>> from tempfile import mkdtemp
    >>> Store(mkdtemp()).records()
    ()
    """

    def __init__(self, folder: str | Path = ".") -> None:
        self.folder = Path(folder)
        self.runs = self.folder / "runs"
        self._index = Index(self.folder)

    def __repr__(self) -> str:
        return f"<Store {self.folder}>"

    def records(self) -> tuple[RunRecord, ...]:
        """Return every finished run, the newest first."""
        if not self._refresh():
            return ()
        return self._index.records()

    def unfinished(self) -> tuple[str, ...]:
        """Return the names of folders that are no finished run."""
        known = {record.name for record in self.records()}
        return tuple(sorted(_folders(self.runs) - known))

    def find(self, name: str) -> RunRecord:
        """Return the run of this name.

        Parameters
        ----------
        name
            A run folder anywhere, the name of one, the beginning of a name that no
            other begins with, its last word where no other ends so, or ``last``.

        Raises
        ------
        InputError
            If there is none, or more than one.
        """
        if (Path(name) / METRICS).is_file() and (found := read_record(Path(name))):
            return found
        records = self.records()
        if name == LAST and records:
            return records[0]
        fitting = [r for r in records if r.name.startswith(name)]
        fitting = fitting or [r for r in records if r.name.endswith(f"-{name}")]
        fitting = [r for r in fitting if r.name == name] or fitting
        if len(fitting) == 1:
            return fitting[0]
        raise InputError("the run", [self._not_one(name, fitting, records)])

    def result(self, name: str) -> Result:
        """Return the result of a run, its plan scored and verified anew."""
        return read_run(self.find(name).folder)

    def plan_csv(self, record: RunRecord) -> bytes | None:
        """Return the plan of a run as its ``plan.csv`` has it, from the index."""
        return None if record.plan is None else self._index.plan_csv(record.plan)

    def answer(
        self, question: Question, *, certified: bool = False, ended: bool = False
    ) -> RunRecord | None:
        """Return the newest run that answers a question, if one is kept.

        Parameters
        ----------
        question
            See `Question.is_answered_by` for which runs answer it.
        certified
            Whether what proves the bound must be kept too.
        ended
            Whether a run that a time limit stopped will not do.
        """
        if not self._refresh():
            return None
        fitting = (
            record
            for record in self._index.records(question.key)
            if record.answers(question)
            and (record.certified or not certified)
            and not (ended and record.stop == "time_limit")
        )
        return next(fitting, None)

    def keep(
        self, result: Result, *, certificate: bool = False, drawn: bool = True
    ) -> RunRecord:
        """Write the run folder of a result, and index it.

        Parameters
        ----------
        result
            With or without a plan.
        certificate, drawn
            As `federate.show.run_folder.write_run` takes them.
        """
        folder = write_run(result, runs=self.runs, certificate=certificate, drawn=drawn)
        record = read_record(folder)
        if record is None:  # removed by another process just now
            message = "was removed while it was being kept; solve again"
            raise InputError("the run", [Fault(str(folder), message)])
        self._index.change(add=[record])
        return record

    def remove(self, names: Iterable[str]) -> tuple[RunRecord, ...]:
        """Remove runs, all that are named or, where one is not there, none.

        Raises
        ------
        InputError
            With every name that is not one run of this store.
        """
        found: dict[str, RunRecord] = {}
        faults: list[Fault] = []
        for name in names:
            try:
                record = self.find(name)
            except InputError as error:
                faults.extend(error.faults)
                continue
            if record.folder.resolve().parent != self.runs.resolve():
                message = f"is not among the runs of {self.folder}; delete it yourself"
                faults.append(Fault(name, message))
            found[record.name] = record
        if faults:
            raise InputError("the runs to remove", faults)
        for record in found.values():
            # Out of sight at once: what is half removed must not read as a run.
            gone = self.runs / f".gone-{uuid.uuid4().hex[:8]}"
            record.folder.rename(gone)
            shutil.rmtree(gone, ignore_errors=True)
        self._index.change(drop=found)
        return tuple(found.values())

    def rebuild(self) -> int:
        """Make the index again from the run folders; return how many runs it has.

        What dead processes left half-written is cleared away too.
        """
        self._index.clear()
        clear_leftovers(self.runs)
        return len(self.records())

    def _refresh(self) -> bool:
        """Bring the index up to the folders; whether there is anything to index."""
        if not self.runs.is_dir():
            return False
        # The index first: a run is indexed only after its folder has its name.
        known, there = self._index.names(), _folders(self.runs)
        read = (read_record(self.runs / name) for name in sorted(there - known))
        fresh = [record for record in read if record is not None]
        if fresh or known - there:
            self._index.change(add=fresh, drop=known - there)
        return True

    def _not_one(
        self, name: str, fitting: list[RunRecord], records: Iterable[RunRecord]
    ) -> Fault:
        if fitting:
            some = ", ".join(r.name for r in fitting[:MOST_NAMED])
            more = "" if len(fitting) <= MOST_NAMED else " and others"
            return Fault(name, f"may be {some}{more}; write more of its name")
        names = [r.name for r in records]
        if not names:
            message = f"no runs are kept in {self.runs}; federate solve makes one"
            return Fault(name, message)
        hint = did_you_mean(name, names)
        return Fault(name, f"no such run{hint or '; federate runs lists them'}")


def _folders(runs: Path) -> set[str]:
    """Return the names of folders that are in place; hidden ones are not."""
    if not runs.is_dir():
        return set()
    return {p.name for p in runs.iterdir() if p.is_dir() and p.name[0] != "."}
