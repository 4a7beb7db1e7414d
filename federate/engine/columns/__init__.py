"""Columns: set partitioning over candidate federations, priced exactly."""
