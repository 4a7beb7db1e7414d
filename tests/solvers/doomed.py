"""Backends that come to grief, each in its own way."""

import os
import signal
import sys
import time
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from solvers.contract import (
    Capability,
    MixedIntegerModel,
    OptionError,
    Options,
    Outcome,
    Probe,
    Progress,
    Session,
    Status,
    StopReason,
)

__all__ = ["Deaf", "Exits", "Greedy", "Raises", "Refuses", "Segfaults", "Silent"]

FloatArray = npt.NDArray[np.float64]


class _Doomed:
    """Claims all, and does whatever `_fate` does."""

    name = "doomed"
    capabilities = Capability.MIP | Capability.PROGRESS | Capability.SESSION

    def probe(self) -> Probe:
        self._fate(lambda progress: False)
        return Probe(self.name, runs=True)

    def solve(
        self,
        model: MixedIntegerModel,
        options: Options,
        start: FloatArray | None = None,
        on_progress: Callable[[Progress], bool] | None = None,
    ) -> Outcome:
        assert on_progress is not None
        point = np.zeros(model.num_columns)
        on_progress(Progress(0.1, objective=0.0, bound=-1000.0, values=point))
        self._fate(on_progress)
        return Outcome(Status.NO_SOLUTION, StopReason.FINISHED)

    def session(self, model: MixedIntegerModel) -> Session:
        raise NotImplementedError

    def _fate(self, tell: Callable[[Progress], bool]) -> None:
        raise NotImplementedError


class Segfaults(_Doomed):
    """Dies of a signal, having said why."""

    def _fate(self, tell: Callable[[Progress], bool]) -> None:
        sys.stderr.write("Assertion `basis.valid()' failed\n")
        sys.stderr.flush()
        os.kill(os.getpid(), signal.SIGSEGV)


class Exits(_Doomed):
    """Ends without a word."""

    def _fate(self, tell: Callable[[Progress], bool]) -> None:
        os._exit(3)


class Raises(_Doomed):
    """Has a fault of its own."""

    def _fate(self, tell: Callable[[Progress], bool]) -> None:
        raise ValueError("a fault of its own")


class Refuses(_Doomed):
    """Refuses an option."""

    def _fate(self, tell: Callable[[Progress], bool]) -> None:
        raise OptionError("doomed refuses rel_gap = 7")


class Deaf(_Doomed):
    """Hears no request to stop, and keeps no time."""

    def _fate(self, tell: Callable[[Progress], bool]) -> None:
        time.sleep(60)


class Silent(Deaf):
    """Cannot say how far it is."""

    capabilities = Capability.MIP

    def solve(self, *asked: object, **more: object) -> Outcome:
        """Say nothing for a minute."""
        time.sleep(60)
        raise AssertionError("never")


class Greedy(_Doomed):
    """Takes 320 MB."""

    def _fate(self, tell: Callable[[Progress], bool]) -> None:
        hoard = [np.ones(2_000_000) for _ in range(20)]
        time.sleep(60)
        hoard.clear()
