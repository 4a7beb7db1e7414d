"""What matters: pure functions on arrays; no optimiser, no files."""
