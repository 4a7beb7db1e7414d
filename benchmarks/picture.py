"""Draw the README's picture: ``python -m benchmarks.picture``."""

from pathlib import Path

__all__ = ["main"]


def main() -> None:
    """Solve Vale and draw its plan."""
    import federate as fed

    path = Path(__file__).parent / "results" / "vale.png"
    fed.solve("vale").plot().savefig(path, dpi=80)
    print(path)


if __name__ == "__main__":
    main()
