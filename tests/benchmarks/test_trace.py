"""What was known when."""

import io
from pathlib import Path

from benchmarks.trace import (
    TraceWriter,
    first_plan_s,
    gap_reached_s,
    read_traces,
    trace_of,
    trace_path,
)
from federate.engine.events import Event

EVENTS = (
    Event("started", 0.0),
    Event("bound", 1.0, bound_gbp=80.0),
    Event("incumbent", 2.0, objective_gbp=120.0, bound_gbp=80.0),
    Event("phase", 2.5, objective_gbp=120.0, bound_gbp=80.0),
    Event("bound", 3.0, objective_gbp=120.0, bound_gbp=119.0),
)


def test_a_trace_holds_only_what_changes() -> None:
    assert trace_of(EVENTS) == (
        (1.0, None, 80.0),
        (2.0, 120.0, 80.0),
        (3.0, 120.0, 119.0),
    )


def test_a_bound_alone_is_no_first_plan() -> None:
    assert first_plan_s(trace_of(EVENTS)) == 2.0


def test_a_gap_is_reached_when_plan_and_bound_are_that_near() -> None:
    trace = trace_of(EVENTS)
    assert gap_reached_s(trace, 0.4) == 2.0
    assert gap_reached_s(trace, 0.01) == 3.0
    assert gap_reached_s(trace, 0.001) is None


def test_traces_are_read_as_they_were_written(tmp_path: Path) -> None:
    text = io.StringIO()
    writer = TraceWriter(text)
    writer.write({"suite": "small", "case": "toy", "seed": 0}, trace_of(EVENTS))
    writer.write({"suite": "small", "case": "vale", "seed": 0}, trace_of(EVENTS[:2]))
    path = trace_path(tmp_path / "small.csv")
    path.write_text(text.getvalue(), encoding="utf-8")
    assert dict(read_traces(path)) == {
        ("toy", "0"): trace_of(EVENTS),
        ("vale", "0"): trace_of(EVENTS[:2]),
    }
