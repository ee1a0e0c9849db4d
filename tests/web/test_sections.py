"""Each step of the loop has few tabs; pages that belong together stand under one of them, and none is lost."""

import re

import pytest
from django.urls import reverse

from tests import world
from tests.roadmap.undertaken import browser
from vertebra.web.sections import SECTIONS, Tab, tabs_of

pytestmark = pytest.mark.django_db
MOST_TABS = 7
DECIDE = next(one for one in SECTIONS if one.key == "d")
BELONGING = (
    ("roadmap:launch-list", ["roadmap:launch-list", "roadmap:playbook-list", "roadmap:parity"]),
    ("roadmap:topic-list", ["roadmap:topic-list", "roadmap:load"]),
    ("roadmap:result-list", ["roadmap:result-list", "roadmap:time-given-back", "roadmap:pm-time"]),
)


def current(tabs: list[Tab] | tuple[Tab, ...]) -> list[str]:
    return [tab.url for tab in tabs if tab.is_current]


@pytest.mark.parametrize("section", SECTIONS, ids=lambda one: one.key)
def test_a_step_has_seven_tabs_at_most(section: object) -> None:
    assert len(tabs_of(section, world.ines(), "/")) <= MOST_TABS  # type: ignore[arg-type]


@pytest.mark.parametrize(("door", "names"), BELONGING)
def test_pages_that_belong_together_show_one_another_under_their_tab(door: str, names: list[str]) -> None:
    ines = world.ines()
    client = browser(ines)
    urls = [reverse(name) for name in names]
    for url in urls:
        tabs = tabs_of(DECIDE, ines, url)
        assert current(tabs) == [reverse(door)]
        [pages] = [tab.pages for tab in tabs if tab.pages]
        assert [page.url for page in pages] == urls
        assert current(pages) == [url]
        body = client.get(url).content.decode()
        [under] = re.findall(r'<nav class="switch section-pages.*?</nav>', body)
        assert [found in under for found in urls] == [True] * len(urls)
        assert re.findall(r'href="([^"]*)" aria-current="page"', under) == [url]


def test_what_they_lead_to_stands_under_the_same_tab_without_them() -> None:
    ines = world.ines()
    for path, door in (
        ("/roadmap/launches/7/", "roadmap:launch-list"),
        ("/roadmap/playbooks/7/", "roadmap:launch-list"),
        ("/roadmap/results/7/", "roadmap:result-list"),
        ("/roadmap/time/links/", "roadmap:result-list"),
        ("/roadmap/topics/7/", "roadmap:topic-list"),
        ("/roadmap/decisions/7/", "roadmap:topic-list"),
        ("/roadmap/quick-wins/new/", "roadmap:initiative-list"),
    ):
        tabs = tabs_of(DECIDE, ines, path)
        assert current(tabs) == [reverse(door)]
        assert not any(tab.pages for tab in tabs)


def test_who_may_open_one_page_of_them_alone_sees_no_second_row() -> None:
    body = browser(world.lea()).get(reverse("roadmap:topic-list")).content.decode()
    assert "section-pages" not in body
    assert reverse("roadmap:load") not in body


def test_the_command_bar_offers_every_page_of_every_step_to_those_who_may_open_it() -> None:
    ops, reader = browser(world.ines()), browser(world.lea())
    for word, name in (
        ("playbooks", "roadmap:playbook-list"),
        ("features by", "roadmap:parity"),
        ("dashboards of", "measures:dashboard-list"),
        ("incidents", "evidence:incident-list"),
    ):
        for client in (ops, reader):
            found = client.get(reverse("web:commands"), {"q": word}).content.decode()
            assert f'data-href="{reverse(name)}"' in found
    for word, name in (("load", "roadmap:load"), ("diagnosis", "discovery:diagnosis-list")):
        assert reverse(name) in ops.get(reverse("web:commands"), {"q": word}).content.decode()
        assert reverse(name) not in reader.get(reverse("web:commands"), {"q": word}).content.decode()
