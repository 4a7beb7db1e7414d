"""What went wrong, told once: to people on stderr, to scripts as JSON."""

import json
import sys
import traceback
from typing import Any

from federate.errors import Fault, FederateError, InfeasibleError, InputError
from federate.shadow import ShadowError

__all__ = ["UsageError", "fault_data", "tell"]

INTERNAL, USAGE, INVALID, INFEASIBLE = 1, 2, 3, 4


class UsageError(Exception):
    """The command line does not say what to do; the message says how to."""


def tell(error: Exception, *, as_json: bool) -> int:
    """Report an error and return the exit code that stands for it.

    An error that `federate` raises on purpose is told in its own words, every
    fault on its line; anything else is a fault of ours and shows its traceback.
    """
    code, message = _judged(error)
    if as_json:
        sys.stdout.write(json.dumps({"error": _as_data(error, message, code)}) + "\n")
    if code == INTERNAL and not isinstance(error, FederateError | ShadowError):
        traceback.print_exception(error)
        message = f"this is a fault of federate, not of yours: {message}"
    sys.stderr.write(f"{message}\n")
    return code


def _judged(error: Exception) -> tuple[int, str]:
    """Return the exit code and what to say."""
    if isinstance(error, InputError):
        return INVALID, str(error)
    if isinstance(error, InfeasibleError):
        return INFEASIBLE, str(error)
    if isinstance(error, FederateError | ShadowError):
        return INTERNAL, str(error)
    if isinstance(error, UsageError):
        return USAGE, str(error)
    # Errors of the option parser know their message; it has no public base class.
    if said := getattr(error, "format_message", None):
        return USAGE, f"{said()}\nTry: federate{_command(error)} --help"
    return INTERNAL, f"{type(error).__name__}: {error}"


def _command(error: Exception) -> str:
    context = getattr(error, "ctx", None)
    path = getattr(context, "command_path", "federate")
    return str(path).removeprefix("federate")


def _as_data(error: Exception, message: str, code: int) -> dict[str, Any]:
    data: dict[str, Any] = {
        "kind": type(error).__name__,
        "exit": code,
        "message": message,
    }
    if isinstance(error, InputError):
        data["where"] = error.where
        data["faults"] = [fault_data(fault) for fault in error.faults]
    return data


def fault_data(fault: Fault) -> dict[str, Any]:
    """Return one fault as JSON has it."""
    return {**vars(fault), "value": _plain(fault.value)}


def _plain(value: Any) -> Any:
    """Return a value as JSON has it; what JSON lacks becomes text."""
    finite = not isinstance(value, float) or value - value == 0
    simple = isinstance(value, str | int | float | list | type(None)) and finite
    return value if simple else str(value)
