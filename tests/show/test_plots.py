"""The still picture: what is drawn, and where it is drawn."""

import numpy as np
from matplotlib.figure import Figure

from federate.result import Result
from federate.show.plots import plot
from tests.show.village import village
from tests.square import grouped


def texts(figure: Figure) -> set[str]:
    return {text.get_text() for text in figure.axes[0].texts}


def in_legend(figure: Figure) -> list[str]:
    legend = figure.axes[0].get_legend()
    assert legend is not None
    return [text.get_text() for text in legend.get_texts()]


def test_a_picture_names_each_federation() -> None:
    assert {"F1", "F2", "F3"} <= texts(plot(village()))


def test_a_picture_has_its_attribution() -> None:
    assert "Made up for a test; no rights reserved." in texts(plot(village()))


def test_a_picture_has_a_scale_bar_of_a_round_length() -> None:
    assert "1 km" in texts(plot(village()))


def test_a_picture_says_how_many_federations_there_are() -> None:
    figure = plot(village())
    assert (
        figure.axes[0].get_title(loc="left") == "Square: 3 federations of 9 practices"
    )


def test_the_legend_tells_practices_leads_and_bases_apart() -> None:
    assert in_legend(plot(village())) == [
        "practice",
        "lead practice",
        "out-of-hours base",
    ]


def test_the_legend_leaves_out_what_is_not_drawn() -> None:
    no_bases_run = village(grouped("A1", "A2", "A3", "B1 B2 B3 C1 C2 C3"))
    assert in_legend(plot(no_bases_run)) == ["practice", "lead practice"]


def test_a_picture_is_drawn_on_the_axes_it_is_given() -> None:
    figure = Figure()
    left, right = figure.subplots(1, 2)
    assert plot(village(), right) is figure
    assert (len(left.collections), len(right.collections) > 0) == (0, True)


def test_practices_are_drawn_where_they_are() -> None:
    figure = plot(village())
    drawn = {
        tuple(place)
        for points in figure.axes[0].collections
        for place in np.asarray(points.get_offsets()).tolist()
    }
    assert {(402_000.0, 298_000.0), (401_000.0, 299_000.0)} <= drawn


def test_a_plan_in_which_nobody_joins_can_be_drawn() -> None:
    alone: Result = village(grouped())
    assert texts(plot(alone)) >= {"1 km"}
