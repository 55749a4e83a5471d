"""A colour that people can read, and the nearest one to a colour they cannot."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.domain import colour as colours
from motcua.domain.colour import ColourError

channel = st.integers(0, 255)
brands = st.builds("#{:02x}{:02x}{:02x}".format, channel, channel, channel)


def test_contrast_is_counted_as_wcag_counts_it() -> None:
    assert colours.contrast("#000000", "#ffffff") == 21
    assert round(colours.contrast("#767676", "#ffffff"), 2) == 4.54


@given(brand=brands)
def test_the_nearest_readable_colour_is_readable_and_no_lighter(brand: str) -> None:
    nearest = colours.nearest_readable(brand)

    assert colours.readable(nearest) >= colours.LEAST
    assert colours.contrast(nearest, "#ffffff") >= colours.contrast(brand, "#ffffff")
    assert (nearest == brand) == (colours.readable(brand) >= colours.LEAST)


def test_a_light_colour_is_refused_with_its_ratio_and_the_nearest_that_will_do() -> None:
    with pytest.raises(ColourError) as refused:
        colours.require_readable("mau", "#ffbf00")

    (fault,) = refused.value.faults
    assert fault.fields["ratio"] == "1,5"
    assert colours.readable(fault.fields["nearest"]) >= colours.LEAST
    colours.require_readable("mau", "#8a1010")


@pytest.mark.parametrize(
    ("words", "found"),
    [("#8A1010", "#8a1010"), ("8a1010 ", "#8a1010"), ("#8a1", None), ("đỏ", None), ("red", None)],
)
def test_a_colour_is_six_digits(words: str, found: str | None) -> None:
    assert colours.colour(words) == found


def test_a_brand_has_a_light_ground_it_is_read_on_and_a_darker_shade() -> None:
    assert colours.contrast("#8a1010", colours.tint("#8a1010")) >= colours.LEAST
    assert colours.contrast(colours.deep("#8a1010"), "#ffffff") > colours.contrast(
        "#8a1010", "#ffffff"
    )
