"""Both themes can be read by everyone: contrasts are computed from the tokens themselves."""

import re
from pathlib import Path

import pytest

STYLES = Path(__file__).resolve().parents[2] / "vertebra" / "kit" / "static" / "kit" / "css"
TOKENS = {
    name: pair
    for name, *pair in re.findall(
        r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)", (STYLES / "tokens.css").read_text(encoding="utf-8")
    )
}
GROUNDS = ("surface", "sunken", "raised", "hover")
TEXTS = [(ink, ground) for ink in ("ink", "ink-2", "ink-3") for ground in (*GROUNDS, "accent-soft", "attention-soft", "harm-soft", "good-soft")]  # fmt: skip
TEXTS += [
    (tone, ground)
    for tone in ("accent", "good", "attention", "harm")
    for ground in (*GROUNDS, f"{tone}-soft")
]
TEXTS += [("on-accent", ground) for ground in ("accent", "accent-hover", "harm", "harm-hover")] + [
    ("ink", "mark")
]
SHAPES = [(f"data-{number}", "surface") for number in range(1, 9)]
SHAPES += [("line-strong", ground) for ground in GROUNDS[:3]] + [("focus", ground) for ground in GROUNDS]


def brightness(colour: str) -> float:
    """Relative luminance as WCAG defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours."""
    dark, light = sorted((brightness(one), brightness(other)))
    return (light + 0.05) / (dark + 0.05)


def test_black_on_white_is_twenty_one_to_one() -> None:
    assert round(contrast("#000000", "#ffffff"), 1) == 21


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), TEXTS)
def test_text_can_be_read(ink: str, ground: str, theme: int) -> None:
    assert contrast(TOKENS[ink][theme], TOKENS[ground][theme]) >= 4.5


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("shape", "ground"), SHAPES)
def test_shapes_can_be_seen(shape: str, ground: str, theme: int) -> None:
    assert contrast(TOKENS[shape][theme], TOKENS[ground][theme]) >= 3


def test_all_our_styles_stay_small() -> None:
    assert sum(path.read_text(encoding="utf-8").count("\n") for path in STYLES.glob("*.css")) <= 1500


def test_colours_are_written_once() -> None:
    """Outside the tokens only the toast, upside down in each theme, and print write a colour."""
    for path in STYLES.glob("*.css"):
        if path.name in {"tokens.css", "print.css"}:
            continue
        lines = [
            line
            for line in path.read_text(encoding="utf-8").splitlines()
            if re.search(r"#[0-9a-f]{3,6}\b", line)
        ]
        assert all(".toast" in line or ".as-of" in line or "attention" in line for line in lines), lines
