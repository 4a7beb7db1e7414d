"""A question put to a store first, and to the engines only where it must be."""

import logging
from collections.abc import Collection
from pathlib import Path

from federate.engine.events import Listener
from federate.errors import InputError
from federate.plan import Plan
from federate.prepare import work_on
from federate.problem import Problem
from federate.result import Result
from federate.whatif.question import Question
from federate.whatif.record import RunRecord
from federate.whatif.store import Store

__all__ = ["ask", "kept"]

_log = logging.getLogger(__name__)


def ask(
    store: Store | str | Path,
    problem: Problem,
    outside: Collection[str],
    warm_start: Plan | Result | str | Path | None,
    near: Plan | Result | str | Path | None = None,
    *,
    listen: Listener | None = None,
    fresh: bool = False,
) -> Result:
    """Return the kept answer to a problem, or solve it and keep the answer.

    Parameters
    ----------
    store
        Where runs are kept.
    problem, outside, warm_start
        As `federate.prepare.work_on` takes them.
    near
        The plan that the problem stays near to, if there is one; it is part of the
        question, and what the solve starts from where nothing else is named.
    listen
        Told each event of a solve.
    fresh
        Whether to solve even where an answer is kept.
    """
    store = store if isinstance(store, Store) else Store(store)
    if not fresh:
        question = Question.of(problem)
        found = kept(store, question, ended=warm_start is not None)
        if found is not None:
            return found[1]
    begin = near if warm_start is None else warm_start
    result = work_on(problem, outside, begin)(listen, None)
    store.keep(result, certificate=result.evidence is not None)
    return result


def kept(
    store: Store, question: Question, *, certified: bool = False, ended: bool = False
) -> tuple[RunRecord, Result] | None:
    """Return the run that answers a question, and its result, if it can be read.

    Parameters
    ----------
    certified, ended
        As `Store.answer` takes them: a better start may lead further than a run
        that a time limit stopped.
    """
    record = store.answer(question, certified=certified, ended=ended)
    if record is None:
        return None
    try:
        return record, store.result(record.name)
    except InputError as error:
        _log.warning("%s answers this, but: %s; it is solved anew", record.name, error)
        return None
