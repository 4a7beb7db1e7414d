"""Compile kernels once and keep them on disk.

Numba stamps a cached kernel with its own source file only, so a kernel that
calls one from another file could be served stale. The cache folder is therefore
named after a digest of all that holds kernels: change any line, and all are compiled
anew (a minute or two once, then well under a second).

The folder is ``NUMBA_CACHE_DIR`` where that is set, else the user's cache
folder for `federate`.
"""

import os
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import numba
from platformdirs import user_cache_path

__all__ = ["cache_folder", "elementwise", "entry", "grown", "kernel"]

Decorator = Callable[[Callable[..., Any]], Any]


def _sources() -> Iterator[bytes]:
    """Yield the text of every engine and proof, and of criteria that hold kernels.

    Proofs and engines whole: a kernel may read a number from a file without kernels.
    """
    engine = Path(__file__).parent
    for room in (engine, engine.parent / "proof"):
        for source in sorted(room.rglob("*.py")):
            yield source.read_bytes()
    for source in sorted((engine.parent / "criteria").glob("*.py")):
        text = source.read_bytes()
        if b"federate.engine.compiled" in text:
            yield text


def cache_folder() -> Path:
    """Return where compiled kernels are kept."""
    stated = os.environ.get("NUMBA_CACHE_DIR")
    root = Path(stated) if stated else user_cache_path("federate") / "kernels"
    digest = sha256()
    for source in _sources():
        digest.update(source)
    return root / digest.hexdigest()[:12]


FOLDER = cache_folder()


def _is_writable(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    return os.access(folder, os.W_OK)


WRITABLE = _is_writable(FOLDER)


def kernel(signature: Any) -> Decorator:
    """Compile a function for one signature, to be called by other kernels only.

    No wrapper for Python is built, which halves the time to compile. Kernels run
    without the interpreter lock and allocate nothing, hence no reference counts:
    that makes them eight times faster.
    """
    return _compile(signature, no_cpython_wrapper=True, no_cfunc_wrapper=True)


def entry(signature: Any) -> Decorator:
    """Compile a kernel that Python may call too."""
    return _compile(signature, no_cfunc_wrapper=True)


def grown(function: Callable[..., Any]) -> Any:
    """Compile a function when it is first called, for what it is called with."""
    return _kept(nogil=True)(function)


def elementwise(signature: Any) -> Decorator:
    """Compile a function of numbers into one of arrays that broadcast (a ufunc)."""
    return _kept([signature], make="vectorize")


def _compile(signature: Any, **options: Any) -> Decorator:
    return _kept(signature, nogil=True, error_model="numpy", _nrt=False, **options)


def _kept(*signature: Any, make: str = "njit", **options: Any) -> Decorator:
    """Compile with the results kept in our folder.

    Numba reads the folder when a function is decorated; it is set only for that
    moment, so that other users of numba keep theirs.
    """

    def compiled(function: Callable[..., Any]) -> Any:
        config: Any = numba.config
        compiler: Any = getattr(numba, make)
        before = config.CACHE_DIR
        config.CACHE_DIR = str(FOLDER)
        try:
            return compiler(*signature, cache=WRITABLE, **options)(function)
        finally:
            config.CACHE_DIR = before

    return compiled
