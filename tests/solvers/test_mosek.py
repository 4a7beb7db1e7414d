"""What Mosek is passed is the model that was asked; solving needs a licence."""

import numpy as np
import pytest

from solvers.contract import Cone, Options
from solvers.registry import probe_all
from tests.solvers.models import model, random_mip

mosek = pytest.importorskip("mosek", reason="Mosek is not installed here")


@pytest.mark.parametrize("seed", range(5))
def test_the_task_holds_what_was_asked(seed: int) -> None:
    from solvers.mosek import loaded

    asked = random_mip(seed)
    with loaded(asked, Options()) as task:
        count = asked.num_columns
        assert np.array_equal(task.getcslice(0, count), asked.cost)
        assert task.getcfix() == asked.offset
        whole = task.getvartypelist(list(range(count)))
        kinds = [kind == mosek.variabletype.type_int for kind in whole]
        assert kinds == asked.integral.tolist()
        for i in range(asked.num_rows):
            _, low, high = task.getconbound(i)
            for told, side in ((low, asked.row_lower[i]), (high, asked.row_upper[i])):
                assert not np.isfinite(side) or told == side
            _, at, entries = task.getarow(i)
            row = np.zeros(count)
            row[at] = entries
            assert np.array_equal(row, asked.matrix.toarray()[i])


def test_the_key_says_which_sides_there_are() -> None:
    from solvers.mosek import loaded

    inf = np.inf
    asked = model(
        [0] * 5,
        [],
        [],
        [],
        lower=[-inf, 0, -inf, 0, 1],
        upper=[inf, inf, 1, 1, 1],
        integral=False,
    )
    key = mosek.boundkey
    with loaded(asked, Options()) as task:
        keys = [task.getvarbound(j)[0] for j in range(5)]
    assert keys == [key.fr, key.lo, key.up, key.ra, key.fx]


def test_a_cone_is_its_head_before_its_tail() -> None:
    from solvers.mosek import loaded

    asked = model([0] * 4, [], [], [], cones=(Cone(2, (0, 1)), Cone(3, (1,))))
    with loaded(asked, Options()) as task:
        domains = [task.getaccdomain(k) for k in range(task.getnumacc())]
        kinds = [task.getdomaintype(domain) for domain in domains]
        members = [
            [int(task.getafefrow(line)[1][0]) for line in task.getaccafeidxlist(k)]
            for k in range(task.getnumacc())
        ]
    assert kinds == [mosek.domaintype.quadratic_cone] * 2
    assert members == [[2, 0, 1], [3, 1]]


def test_without_a_licence_the_probe_says_so() -> None:
    probe = next(p for p in probe_all() if p.name == "mosek")
    if probe.runs:
        pytest.skip("Mosek has a licence here")
    assert "no licence here" in probe.why_not
