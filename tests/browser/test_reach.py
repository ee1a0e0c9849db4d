"""Pages are asked what is out of reach in them: of rows that are alike a few, of others each."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browsing import leave
from tests.reach import ENOUGH, Walked, bring_axe

pytestmark = pytest.mark.browser
PERSON = '<tr class="row"><td><a href="/people/{n}/">Person {n}</a></td><td>{more}</td></tr>'


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A window whose pages can be asked."""
    context = chromium.new_context()
    bring_axe(context)
    page = context.new_page()
    page.goto("about:blank")
    yield page
    leave(context)


def faults(page: Page, inside: str, walked: Walked | None = None) -> list[str]:
    """What is gravely out of reach in a page with this inside."""
    page.set_content(f"<html lang=en><title>x</title><main><h1>People</h1>{inside}</main>")
    return [one.name for one in (walked or Walked()).faults(page)]


def table(odd: int = -1, more: str = "", every: str = "a team") -> str:
    """Forty people; one of them has something else beside the name."""
    rows = "".join(PERSON.format(n=n, more=more if n == odd else every) for n in range(40))
    return f"<table><tr><th>Name</th><th>Team</th></tr>{rows}</table>"


def test_of_rows_that_are_alike_a_few_are_looked_at(page: Page) -> None:
    assert faults(page, table()) == []
    assert page.locator("tr.row").count() == ENOUGH


def test_what_is_wrong_in_every_row_is_found(page: Page) -> None:
    assert faults(page, table(every="<img src='data:,'>")) == ["image-alt"]


@pytest.mark.parametrize(
    ("more", "name"),
    [
        ("<img src='data:,'>", "image-alt"),
        ("<a href='/x/'></a>", "link-name"),
        ("<span style='color:#ccc'>late</span>", "color-contrast"),
        ("<b role='nothing'>late</b>", "aria-roles"),
    ],
)
def test_what_is_wrong_in_one_row_is_found(page: Page, more: str, name: str) -> None:
    assert faults(page, table(odd=31, more=more)) == [name]


def test_what_somebody_speaks_of_stays(page: Page) -> None:
    fields = "".join(f"<label for=f{n}>Name {n}</label><input id=f{n}>" for n in range(9))
    assert faults(page, fields) == []
    assert page.locator("input").count() == 9


NAVIGATION = (
    "<nav aria-label='Main'><ul><li><a href='/{n}/' {is_here}>Home</a><li><a href='/b/'>{b}</a></ul></nav>"
)


def test_what_stands_in_every_page_is_looked_at_in_the_first(page: Page) -> None:
    walked = Walked()
    for n in range(ENOUGH):
        assert faults(page, NAVIGATION.format(n=n, is_here="", b="Map"), walked) == []
        assert page.locator("nav").count() == 1
    assert faults(page, NAVIGATION.format(n=9, is_here="", b="Map"), walked) == []
    assert page.locator("nav").count() == 0


@pytest.mark.parametrize(
    ("is_here", "b", "name"),
    [
        ("", "", "link-name"),
        ("aria-current=page style=color:#aaa", "Map", "color-contrast"),
        ("aria-hidden=true", "Map", "aria-hidden-focus"),
    ],
)
def test_what_is_wrong_where_it_stands_otherwise_is_found(
    page: Page, is_here: str, b: str, name: str
) -> None:
    walked = Walked()
    for n in range(9):
        assert faults(page, NAVIGATION.format(n=n, is_here="", b="Map"), walked) == []
    assert faults(page, NAVIGATION.format(n=9, is_here=is_here, b=b), walked) == [name]


def test_what_is_wrong_in_other_surroundings_is_found(page: Page) -> None:
    walked, part = Walked(), "<section><p style='color:#666'>Late</p></section>"
    for _turn in range(9):
        assert faults(page, part, walked) == []
    assert faults(page, f"<div style='background:#888'>{part}</div>", walked) == ["color-contrast"]
