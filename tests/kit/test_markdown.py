"""What is written as Markdown, read without its marks."""

import re
from typing import Any

import pytest

from vertebra.kit import markdown


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("## What changes ##\n\nIt is **here**.", "What changes\n\nIt is here."),
        ("*Nobody wrote this.*", "Nobody wrote this."),
        ("[The page](https://example.com/a)", "The page (https://example.com/a)"),
        ("- one\n- two\n* three * four", "- one\n- two\n* three * four"),
        ("[The page](/releases/3/)", "The page (https://here.example/releases/3/)"),
        ("[x](//evil.example)", "x (//evil.example)"),
        ("[Law](https://e.org/Law_(old))", "Law (https://e.org/Law_(old))"),
        ("![The screen](https://e.org/a.png)", "The screen (https://e.org/a.png)"),
        ('![](/learning/texts/3/image/ "t")', "https://here.example/learning/texts/3/image/"),
        ("[![The screen](a.png)](https://e.org)", "The screen (a.png) (https://e.org)"),
        (
            "Prices:\n\n| Offer | Price |\n|:--|--:|\n| Solo | **10 €** |\n| a \\| b | |\n\nThat is all.",
            "Prices:\n\n- Offer: Solo · Price: 10 €\n- Offer: a | b\n\nThat is all.",
        ),
        ("    | a | b |\n    |---|---|\n    | 1 | 2 |", "    | a | b |\n    |---|---|\n    | 1 | 2 |"),
        ("<div>\n| a | b |\n|---|---|\n| 1 | 2 |", "<div>\n- a: 1 · b: 2"),
        ("one | two", "one | two"),
        ("2*3*4, file_name_here, #1", "2*3*4, file_name_here, #1"),
    ],
)
def test_a_plain_mail_says_titles_bold_and_links_without_their_marks(written: str, read: str) -> None:
    assert markdown.plain(written, base="https://here.example") == read


@pytest.mark.timeout(60)
def test_marks_that_never_close_are_left_without_being_waited_for() -> None:
    hostile = "**a" * 20_000 + "[x" * 20_000 + "_" * 30_000 + "*a " * 10_000
    assert markdown.plain(hostile).endswith("*a *a *a *a ")


@pytest.mark.parametrize(
    "hostile",
    [
        "|a" * 2_000 + "\n" + "|-" * 2_000 + "\n" + "|\n" * 4_000,
        "![" * 20_000 + "](" * 5_000,
        "[x](" + "(a)" * 12_000 + "![a](b)" * 1_000,
        "[" + "![a](b)" * 6_000 + "](c)",
        "|" * 50_000,
    ],
)
@pytest.mark.timeout(60)
def test_hostile_tables_and_images_are_not_waited_for(hostile: str) -> None:
    markdown.plain(hostile, base="https://here.example")
    markdown.render(hostile)
    markdown.addresses(hostile)


def test_a_table_is_a_table() -> None:
    html = markdown.render("| Offer | Price |\n|---|---|\n| Solo | 10 |")
    assert "<th>Offer</th>" in html
    assert "<td>10</td>" in html


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("![A *new* screen](/learning/texts/3/image/)", '<img src="/learning/texts/3/image/" alt="A new screen" loading="lazy">'),
        ("![s](https://here.example/static/a.png)", '<img src="/static/a.png" alt="s" loading="lazy">'),
        ("![s](https://e.org/a.png)", ">s</a>"),
        ("![](https://e.org/a.png)", ">https://e.org/a.png</a>"),
        ("[![s](https://e.org/a.png)](https://e.org/b)", '<a href="https://e.org/b" rel="noopener noreferrer nofollow">s</a>'),
    ],
)  # fmt: skip
def test_images_of_ours_are_shown_and_others_are_links(settings: Any, written: str, shown: str) -> None:
    settings.PUBLIC_URL = "https://here.example"
    assert shown in markdown.render(written)
    assert "!" not in markdown.render(written)


@pytest.mark.parametrize(
    "hostile",
    [
        "![x](//evil.example/a.png)",
        "![x](/\\evil.example/a.png)",
        "![x](/people/?export=a.png)",
        "![x](https://here.example.evil.example/a.png)",
        "![x](javascript:alert(1))",
        "![x](data:image/svg+xml;base64,AAAA)",
        "![x](data:image/png;base64,AAAA)",
        '![x" onerror="alert(1)](https://e.org/a.png"onerror=)',
        "<img src=/a.png onerror=alert(1)>",
    ],
)
def test_no_image_calls_another_site_or_runs_anything(settings: Any, hostile: str) -> None:
    settings.PUBLIC_URL = "https://here.example"
    html = markdown.render(hostile)
    assert "<img" not in html
    assert 'href="javascript' not in html
    assert 'href="data' not in html
    assert not re.search(r"<[^>]*\sonerror", html)


def test_read_elsewhere_our_addresses_are_whole_and_images_are_links() -> None:
    html = markdown.render("[a](/releases/3/) ![s](/static/a.png)", base="https://here.example")
    assert 'href="https://here.example/releases/3/"' in html
    assert 'href="https://here.example/static/a.png"' in html
    assert "<img" not in html


def test_addresses_are_given_whole_and_as_written() -> None:
    text = "[a](javascript:alert(1)) ![b](/x.png) <https://e.org/q> [c]() [d][ref] `[no](no)`\n\n[ref]: /r%20"
    assert [(one.text, one.is_image) for one in markdown.addresses(text)] == [
        ("javascript:alert(1)", False), ("/x.png", True), ("https://e.org/q", False), ("", False), ("/r%20", False),
    ]  # fmt: skip


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_mail_loses_no_line_whatever_ends_its_lines(end: str) -> None:
    told = markdown.plain(end.join(("a", "b", "c", "", "|x|y|", "|-|-|", "|1|2|", "", "end")))
    assert told == "a\nb\nc\n\n- x: 1 · y: 2\n\nend"
