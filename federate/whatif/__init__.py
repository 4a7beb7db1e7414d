"""What if: edits, comparisons, sweeps, reasons, kept runs."""
