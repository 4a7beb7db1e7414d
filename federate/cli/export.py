"""`federate export`: a run as files for other programs."""

__all__ = ["export"]


def export() -> int:
    """Write a run as GeoJSON, GeoPackage, GeoParquet, CSV or XLSX."""
    raise NotImplementedError
