"""Readers for the files that the NHS and Ordnance Survey publish.

Each reader takes one publication as it is downloaded and returns small frozen
rows; `join` makes an instance of them, and `published` finds them in a folder.
"""
