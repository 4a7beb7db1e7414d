"""Certificates: what proves a bound, written down and derived again.

The check starts from the instance and the scenario alone. It shares no code with
the engines: its own search over federations, in whole numbers, where a rounding
always goes the way that weakens the bound.
"""
