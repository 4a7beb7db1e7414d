"""Whole runs, timed and checked; the last honest figures lie in `results/`."""
