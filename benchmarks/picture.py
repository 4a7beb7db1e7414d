"""Draw the README's pictures: ``python -m benchmarks.picture``."""

from pathlib import Path

__all__ = ["main"]


def main() -> None:
    """Solve Vale; draw its plan, and its risk against population."""
    import federate as fed

    results = Path(__file__).parent / "results"
    found = fed.solve("vale")
    for figure, name in ((found.plot(), "vale"), (found.plot_risk(), "vale-risk")):
        path = results / f"{name}.png"
        figure.savefig(path, dpi=80)
        print(path)


if __name__ == "__main__":
    main()
