"""Seeded synthetic regions, calibrated on published statistics of England.

`generate` makes a region to order, `generate_recipe` a shipped instance again.
"""

from federate.practices.generate.recipes import RECIPES, generate, generate_recipe

__all__ = ["RECIPES", "generate", "generate_recipe"]
