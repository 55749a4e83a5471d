"""Where the bars of counts stand."""

from hypothesis import given
from hypothesis import strategies as st

from motcua.ui.chart import WIDTH, counts
from motcua.ui.format import number

numbers = st.integers(0, 100_000)


@given(st.lists(st.tuples(st.just("bước"), numbers, numbers), max_size=15))
def test_a_bar_says_its_number_is_as_long_and_stays_in_the_picture(
    given: list[tuple[str, int, int]],
) -> None:
    rows = [(label, max(a, b), min(a, b)) for label, a, b in given]

    drawn = counts("Đang chờ", rows)

    assert [each.words for each in drawn.words if each.css == "v"] == [
        number(whole) for _, whole, _ in rows
    ]
    assert all(0 <= each.width <= WIDTH and each.y < drawn.height for each in drawn.rects)
    wholes = [each.width for each in drawn.rects if each.css == "b"]
    most = max((whole for _, whole, _ in rows), default=0)
    for (_, whole, _), width in zip(rows, wholes, strict=True):
        assert not most or abs(width - 370 * whole / most) < 0.1
