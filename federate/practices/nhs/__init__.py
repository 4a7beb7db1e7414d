"""Readers for the files that the NHS and Ordnance Survey publish."""
