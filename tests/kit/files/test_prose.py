"""Lists and tables inside Markdown."""

from hypothesis import given, settings
from hypothesis import strategies as st

from vertebra.kit.files.documents import read_document
from vertebra.kit.files.prose import plain_text

TEXT = """# Maintainers

Who keeps the lights on.

| Name | GitHub handle | Firm |
|------|:-------------:|------|
| [Ana Silva](https://example.org/ana) | `ana` | A \\| B |
| Bo Chen | bo |

## Emeritus

- Old Hand (@old)
* **Other** Hand
1. Third

```
- not an item
```
"""


def test_sections_hold_their_text_items_and_rows_with_their_lines() -> None:
    document = read_document(TEXT.encode(), "MAINTAINERS.md").documents[0]
    maintainers, emeritus = document.value["sections"]
    assert (maintainers["title"], maintainers["level"], maintainers["text"]) == (
        "Maintainers", 1, "Who keeps the lights on.",
    )  # fmt: skip
    assert [row["github_handle"] for row in maintainers["rows"]] == ["`ana`", "bo"]
    assert plain_text(maintainers["rows"][0]["name"]) == "Ana Silva"
    assert plain_text(maintainers["rows"][0]["firm"]) == "A | B"
    assert [document.line_of(row) for row in maintainers["rows"]] == [7, 8]
    assert emeritus["items"] == ["Old Hand (@old)", "**Other** Hand", "Third"]
    assert document.line_of(emeritus) == 10


def test_lines_count_the_front_matter() -> None:
    document = read_document(b"---\na: 1\n---\n# One\n\n## Two\n", "x.md").documents[0]
    assert [document.line_of(section) for section in document.value["sections"]] == [4, 6]


def test_marks_and_links_are_taken_off_a_text() -> None:
    assert plain_text("**Zoé** [`@zoe`](https://example.org) <zoe@example.org> snake_case") == (
        "Zoé @zoe zoe@example.org snake_case"
    )


@settings(max_examples=100, deadline=None)
@given(text=st.text(alphabet="|-:# *`a1.\n[]()<>_~\\", max_size=80))
def test_no_markdown_breaks_the_reader(text: str) -> None:
    found = read_document(text.encode(), "x.md")
    assert found.documents or found.problems
    plain_text(text)
