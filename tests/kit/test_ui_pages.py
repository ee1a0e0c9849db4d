"""The style guide and the kinds of pages: whole, escaped, without inline code, in parts for htmx."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse

from tests import world
from vertebra.kit import samples

KINDS = ["", "?page=list", "?page=empty", "?page=object", "?page=form"]
EXAMPLES = Path(samples.__file__).parent / "templates" / "kit" / "examples"


class Reader(HTMLParser):
    """Notes what a strict content security policy would refuse, and what is said twice."""

    def __init__(self) -> None:
        super().__init__()
        self.refused: list[str] = []
        self.ids: list[str] = []
        self.inside_script = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.inside_script = tag in {"script", "style"}
        self.refused += [f"{tag} {name}" for name in given if name == "style" or name.startswith("on")]
        if given.get("id"):
            self.ids.append(given["id"] or "")

    def handle_data(self, data: str) -> None:
        if self.inside_script and data.strip():
            self.refused.append(data)
        self.inside_script = False


@pytest.fixture
def client(db: None) -> Client:
    client = Client()
    client.force_login(world.account("Lea Roux", language="en"))
    return client


def body(client: Client, query: str = "", **headers: str) -> str:
    """One page of the style guide."""
    response = client.get(reverse("kit:styleguide") + query, headers=headers)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.django_db
def test_the_style_guide_is_not_for_strangers() -> None:
    response = Client().get(reverse("kit:styleguide"))
    assert response.status_code == 302
    assert "login" in response["Location"]


@pytest.mark.parametrize("query", KINDS)
def test_a_page_has_nothing_that_the_security_policy_refuses(client: Client, query: str) -> None:
    reader = Reader()
    reader.feed(body(client, query))
    assert reader.refused == []
    assert len(reader.ids) == len(set(reader.ids))


def test_the_reader_of_pages_sees_inline_code() -> None:
    reader = Reader()
    reader.feed('<p style="x"><a onclick="y"><script>z()</script><b id=a></b><b id=a></b>')
    assert reader.refused == ["p style", "a onclick", "z()"]
    assert reader.ids == ["a", "a"]


@pytest.mark.parametrize("query", KINDS[1:])
def test_no_template_markup_is_left_in_a_page(client: Client, query: str) -> None:
    assert not re.search(r"<c-|</c-|\{%|\{\{", body(client, query))


def test_the_style_guide_shows_every_example(client: Client) -> None:
    page = body(client)
    for path in EXAMPLES.glob("*.html"):
        if not path.name.startswith("page_"):
            assert f'id="{path.stem}"' in page, path.stem


@pytest.mark.parametrize("query", KINDS[1:])
def test_htmx_gets_the_page_without_its_shell(client: Client, query: str) -> None:
    part = body(client, query, hx_request="true")
    assert "<html" not in part
    assert 'class="nav"' not in part
    assert "<h1" in part


def test_a_part_is_never_taken_for_the_page(client: Client) -> None:
    assert "HX-Request" in client.get(reverse("kit:styleguide"))["Vary"]


def test_a_list_has_one_heading_that_says_its_name(client: Client) -> None:
    page = body(client, "?page=list")
    assert page.count("<h1") == 1
    assert re.search(r'<h1 class="visually-hidden">\S', page)


def test_an_empty_list_says_what_to_do(client: Client) -> None:
    page = body(client, "?page=empty")
    assert "<table" not in page
    assert 'class="empty"' in page
    assert "empty-example" in page


def test_a_form_ties_each_error_to_its_field(client: Client) -> None:
    page = body(client, "?page=form")
    assert 'class="error-summary"' in page
    assert '<a href="#id_what">' in page
    assert 'aria-invalid="true"' in page
    assert 'aria-describedby="id_between_helptext id_between_error"' in page
    assert 'id="id_between_error"' in page


@pytest.mark.parametrize("code", [400, 403, 404, 413, 429, 500])
def test_an_error_page_stands_without_anything_from_the_server(code: int) -> None:
    page = render_to_string(f"{code}.html")
    assert '<a class="button is-primary" href="/">' in page
    assert page.count("<h1") == 1


def test_what_somebody_typed_is_escaped_in_every_component(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    evil = '"><script>alert(1)</script>'
    monkeypatch.setattr(samples, "SPACES", [(evil, evil, evil, evil, evil, 1)])
    monkeypatch.setattr(samples, "LONG_NAME", evil)
    monkeypatch.setattr(samples, "CHANGES", [{"label": evil, "before": evil, "after": evil}])
    monkeypatch.setattr(samples, "TRAIL", [{"label": evil, "url": "#", "why": evil}])
    monkeypatch.setattr(samples, "PROBLEMS", [{"file": evil, "what": evil, "remedy": evil}])
    for query in KINDS:
        assert "<script>alert" not in body(client, query)


@pytest.mark.parametrize(("can_select", "forms"), [(True, 1), (False, 0)])
def test_rows_stand_in_a_form_only_when_they_can_be_selected(can_select: bool, forms: int) -> None:
    """A form cannot hold another: rows with a button of their own are never in one."""
    page = render_to_string(
        "kit/examples/page_list.html", {"listing": samples.listing(), "can_select": can_select}
    )
    assert page.count("data-rows>") == forms
    assert page.count('class="row-select"') == forms * len(samples.SPACES)
