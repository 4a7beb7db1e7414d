"""Whatever lies in the files, a check answers with a report and never breaks."""

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from federate.practices.source import check
from tests.practices.dale import FILES

JUNK = st.one_of(
    st.sampled_from(["", "nan", "1e400", "-", '"', ",", "\n", "[", "{", "=", "\r"]),
    st.text(max_size=6),
)
SPOILT = st.lists(
    st.tuples(st.integers(0, 9), st.floats(0, 1), st.integers(0, 20), JUNK),
    min_size=1,
    max_size=3,
)


@settings(max_examples=60, deadline=None)
@given(spoilt=SPOILT)
def test_a_spoilt_folder_is_reported_and_never_breaks_the_check(
    spoilt: list[tuple[int, float, int, str]],
) -> None:
    texts = dict(FILES)
    for which, at, length, junk in spoilt:
        name = sorted(texts)[which]
        start = int(at * len(texts[name]))
        texts[name] = texts[name][:start] + junk + texts[name][start + length :]
    with TemporaryDirectory() as place:
        folder = Path(place) / "dale"
        folder.mkdir()
        for name, text in texts.items():
            (folder / name).write_bytes(text.encode("utf-8", "surrogatepass"))
        for source in (folder, folder / "practices.csv"):
            report = check(source)
            assert (report.instance is None) == bool(report.faults)
            assert str(report)
