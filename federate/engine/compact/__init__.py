"""The compact model: Hess's assignment variables, one file per constraint family.

A family is a module named as its rule in the scenario. It may hold

- ``forbid_<rule>(problem)``: pairs (i, j) in which i can never be led by j; their
  variables are left out;
- ``add_<rule>(model, problem)``: rows, with their algebra in the docstring;
- ``cut_<rule>(problem, ...)``: rows found only where a point breaks them, added
  in rounds.

References
----------
Hess, Weaver, Siegfeldt, Whelan and Zitlau (1965), Nonpartisan political
redistricting by computer, Operations Research 13(6).
"""

from federate.engine.compact.model import build_model
from federate.engine.compact.solve import solve_compact

__all__ = ["build_model", "solve_compact"]
