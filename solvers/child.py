"""The far side of ``isolate.py``: one backend, one request, then the end.

Events go out as JSON lines on what was standard output; whatever the backend
itself prints goes to standard error. Matrices and points go by file. A line
"stop" on standard input asks the backend to stop; its end means that the caller
is gone, and so the child goes too.
"""

import json
import os
import pickle
import sys
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from importlib import import_module
from pathlib import Path
from threading import Event, Thread
from typing import IO

import numpy as np
import numpy.typing as npt

from solvers.contract import (
    Backend,
    BackendError,
    Capability,
    MixedIntegerModel,
    Options,
    Outcome,
    Probe,
    Progress,
)

__all__ = ["REPLY", "REQUEST", "Request", "main"]

FloatArray = npt.NDArray[np.float64]

REQUEST, REPLY = "request.pickle", "reply.pickle"


@dataclass(frozen=True, eq=False)
class Request:
    """What the child is to do: solve the model, or without one only probe.

    Parameters
    ----------
    module, twin
        Where the backend's class is.
    """

    module: str
    twin: str
    model: MixedIntegerModel | None = None
    options: Options = field(default_factory=Options)
    start: FloatArray | None = None


def main(folder: Path) -> None:
    """Serve the request that lies in a folder, and end the process."""
    events = os.fdopen(os.dup(1), "w", encoding="ascii", buffering=1)
    os.dup2(2, 1)
    stop = Event()
    Thread(target=_obey, args=(stop,), daemon=True).start()
    with (folder / REQUEST).open("rb") as file:
        request: Request = pickle.load(file)
    reply: Outcome | Probe | BackendError
    try:
        twin: Backend = getattr(import_module(request.module), request.twin)()
        events.write(json.dumps({"ready": True}) + "\n")
        reply = _served(twin, request, _teller(folder, events, stop))
    except BackendError as error:
        reply = error
    # A death halfway through must not look like a reply.
    written = folder / "reply.part"
    with written.open("wb") as file:
        pickle.dump(reply, file)
    written.replace(folder / REPLY)
    events.write(json.dumps({"replied": True}) + "\n")
    events.flush()
    sys.stderr.flush()
    # A backend's own threads may outlive its answer; none of them matters now.
    os._exit(0)


def _served(
    twin: Backend, request: Request, tell: Callable[[Progress], bool]
) -> Outcome | Probe:
    if request.model is None:
        return twin.probe()
    hears = Capability.PROGRESS in twin.capabilities
    options = replace(request.options, memory_mb=None)
    listener = tell if hears else None
    return twin.solve(request.model, options, request.start, listener)


def _teller(folder: Path, events: IO[str], stop: Event) -> Callable[[Progress], bool]:
    """Return a listener that writes each progress as a line, values as a file."""
    told = 0

    def tell(progress: Progress) -> bool:
        nonlocal told
        line: dict[str, float | str | None] = {
            "seconds": progress.seconds,
            "objective": progress.objective,
            "bound": progress.bound,
        }
        if progress.values is not None:
            told += 1
            line["values"] = f"{told}.npy"
            np.save(folder / f"{told}.npy", progress.values)
        events.write(json.dumps(line) + "\n")
        return stop.is_set()

    return tell


def _obey(stop: Event) -> None:
    while heard := os.read(0, 64):
        if b"stop" in heard:
            stop.set()
    os._exit(1)
