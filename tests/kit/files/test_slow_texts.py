"""Texts made to keep a reader busy are read, or refused, in no time."""

import pytest

from vertebra.connectors.recipe.functions import apply, compile_function
from vertebra.kit.files import values
from vertebra.kit.files.documents import read_document
from vertebra.kit.files.prose import plain_text
from vertebra.kit.files.tables import read_table
from vertebra.kit.text import fold

# Quadratic, such a text takes hours: a minute tells it apart from a busy machine.
pytestmark = pytest.mark.timeout(60)
LONG = 200_000


@pytest.mark.parametrize(
    "text",
    [
        " " * LONG, "(" * LONG, "[" * LONG, "<" * LONG, "<script>" * (LONG // 8), "<style " * (LONG // 8),
        "# " + "#" * LONG + "x", "*" * LONG, "_a" * LONG, "a." * LONG, "|" * LONG, "-" * LONG, "&amp;" * LONG,
        "x" * LONG, "é" * LONG, "1" * LONG, "1," * LONG, "[a](" * LONG, "a\u2009" * LONG,
    ],
    ids=lambda text: repr(text[:8]),
)  # fmt: skip
def test_a_pathological_text_takes_no_time(text: str) -> None:
    for read in (
        values.html_text,
        fold,
        values.slug,
        values.parse_date,
        values.parse_number,
        plain_text,
    ):
        read(text)
    apply((compile_function("split"), compile_function("acting")), text)
    for suffix, content in (
        ("md", text), ("md", f"---\n{text}"), ("toml", f'a = """\n[{text}"""'), ("toml", f"a = '{text}'"),
        ("yaml", f"a: '{text}'"), ("json", f'"{text}"'),
    ):  # fmt: skip
        read_document(content.encode(), f"x.{suffix}")
    list(read_table(f"a;b\n{text}".encode(), "x.csv").rows())
