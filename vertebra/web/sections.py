"""The steps of the loop and the pages of each: what the navigation shows, the tabs above every page of a step, and
the pages that stand together under one tab."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from vertebra.accounts.models import User
from vertebra.accounts.permissions import Right, may


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a step, the right that opens it, the pages that stand with it under one tab, what else belongs there."""

    name: str
    label: str | Promise
    right: Right = Right.READ
    beside: tuple["Page", ...] = ()
    # Addresses that do not begin like the page, and belong to it.
    leads_to: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """One step of the loop: its pages, the first that a person may open being its door."""

    label: str | Promise
    icon: str
    key: str
    pages: tuple[Page, ...]


SECTIONS = (
    Section(
        pgettext_lazy("step of the loop", "Listen"),
        "ear",
        "l",
        (
            Page("discovery:interview-list", _("Interviews"), Right.PRODUCT_OPS),
            Page("discovery:campaign-list", _("Campaigns"), Right.PRODUCT_OPS),
            Page("discovery:coverage", _("Who was heard"), Right.PRODUCT_OPS),
            Page("discovery:guide-list", _("Guides"), Right.PRODUCT_OPS),
            Page("evidence:pulse-list", _("Pulses")),
            Page(
                "evidence:incident-list",
                _("Incidents"),
                beside=(
                    Page("evidence:trail-list", _("Work items"), Right.IMPORT),
                    Page("evidence:trail-places", _("Whose work is where"), Right.IMPORT),
                ),
            ),
            Page("discovery:help-request-list", _("Help requests")),
        ),
    ),
    Section(
        pgettext_lazy("step of the loop", "Understand"),
        "lightbulb",
        "u",
        (
            Page("discovery:pain-point-list", _("Pain points")),
            Page("discovery:audit-list", pgettext_lazy("of discovery", "Audits")),
            Page("discovery:quick-win-list", _("Quick wins")),
            Page("discovery:stance-list", _("Stances"), Right.PRODUCT_OPS),
            Page("discovery:diagnosis-list", _("Diagnosis"), Right.PRODUCT_OPS),
            Page("discovery:stage-list", _("Stage of the function"), Right.PRODUCT_OPS),
            Page("discovery:charter-show", _("Charter")),
        ),
    ),
    Section(
        pgettext_lazy("step of the loop", "Decide"),
        "scale",
        "d",
        (
            Page("roadmap:initiative-list", _("Roadmap"), leads_to=("/roadmap/quick-wins/",)),
            Page(
                "roadmap:launch-list",
                _("Launches"),
                beside=(
                    Page("roadmap:playbook-list", _("Playbooks")),
                    Page("roadmap:parity", _("Features by market")),
                ),
            ),
            Page("roadmap:cycle-list", _("Quarterly tables")),
            Page(
                "roadmap:topic-list",
                _("Topics"),
                leads_to=("/roadmap/decisions/",),
                beside=(Page("roadmap:load", pgettext_lazy("of the function", "Load"), Right.PRODUCT_OPS),),
            ),
            Page("roadmap:objective-list", _("Objectives")),
            Page(
                "roadmap:result-list",
                _("Results"),
                beside=(
                    Page("roadmap:time-given-back", _("Time given back")),
                    Page("roadmap:pm-time", _("Time off product")),
                ),
            ),
            Page("roadmap:report-list", _("Reports")),
        ),
    ),
    Section(
        pgettext_lazy("step of the loop", "Ways of working"),
        "waypoints",
        "w",
        (
            Page(
                "practices:practice-list",
                pgettext_lazy("tab", "Practices"),
                beside=(Page("practices:library", _("Library of practices")),),
            ),
            Page(
                "practices:adoption-map",
                pgettext_lazy("tab", "Adoption"),
                beside=(Page("practices:direction", _("For directors")),),
                leads_to=("/practices/teams/",),
            ),
            Page(
                "practices:routine-list",
                _("Routines"),
                beside=(
                    Page("practices:routine-calendar", _("Calendar")),
                    Page("practices:meeting-decisions", _("Decisions")),
                ),
            ),
            Page("practices:time-asked", _("Time asked")),
            Page("evidence:flow-list", _("How work flows")),
            Page("practices:change-list", _("What changes in how we work")),
            Page("practices:self-supporting", _("Without Product Ops"), leads_to=("/practices/hand-overs/",)),
        ),
    ),
    Section(
        pgettext_lazy("step of the loop", "Releases"),
        "send",
        "r",
        (
            Page(
                "releases:release-list",
                pgettext_lazy("tab", "Releases"),
                beside=(
                    Page("releases:news", _("What is new for you")),
                    Page("releases:tier-list", _("Tiers")),
                ),
            ),
            Page("releases:in-design-list", _("In design")),
            Page("releases:calendar", _("Calendar")),
            Page("releases:audience-list", _("Audiences")),
            Page("releases:telling", _("Whom do I tell?")),
            Page("releases:consultation-list", _("Consultations")),
            Page(
                "releases:desk",
                _("Champion’s desk"),
                leads_to=("/releases/relays/",),
                beside=(Page("releases:champion-list", _("Champions"), Right.PRODUCT_OPS),),
            ),
        ),
    ),
    Section(
        pgettext_lazy("step of the loop", "Knowledge"),
        "book-open",
        "k",
        (
            Page("learning:lesson-list", _("Lessons")),
            Page("learning:path-list", _("Paths"), leads_to=("/learning/steps/",)),
            Page("learning:mine", _("What I learn")),
        ),
    ),
    Section(
        pgettext_lazy("step of the loop", "Measures"),
        "chart-column",
        "m",
        (
            Page("measures:metric-list", _("Metrics")),
            Page("measures:board-list", _("Boards")),
            Page("measures:ratio-list", _("Ratios")),
            Page("measures:lever-tree", _("What moves what")),
            Page("measures:dashboard-list", _("Dashboards of other tools")),
            Page("measures:request-list", _("Questions to the data team")),
            Page("measures:coverage", _("What nothing measures")),
        ),
    ),
    Section(
        pgettext_lazy("step of the loop", "Reviews"),
        "history",
        "b",
        (
            Page("reviews:review-list", pgettext_lazy("tab", "Reviews")),
            Page("reviews:cadence-list", _("What is looked back at")),
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Tab:
    """One tab above the pages of a step, and the pages under it, where one stands on one of them."""

    label: str | Promise
    url: str
    is_current: bool
    count: int | None = None
    pages: tuple["Tab", ...] = ()


def tabs_of(section: Section, user: User, path: str) -> list[Tab]:
    """The pages of a step that the person may open; the one whose address begins the path is current."""
    families = [open_to(user, page) for page in section.pages]
    found = [
        (begin, url)
        for family in families
        for page, url in family
        for begin in (url, *page.leads_to)
        if path.startswith(begin)
    ]
    here = max(found, key=lambda pair: len(pair[0]), default=("", ""))[1]
    return [_tab(family, here, path) for family in families if family]


def open_to(user: User, page: Page) -> list[tuple[Page, str]]:
    """A page and those beside it that the person may open, with their addresses."""
    return [(one, address_of(one.name)) for one in (page, *page.beside) if may(user, one.right)]


@cache
def address_of(name: str) -> str:
    """The address of a page that takes no parameter: the shell of every page writes some fifty of them."""
    return reverse(name)


def _tab(family: list[tuple[Page, str]], here: str, path: str) -> Tab:
    """One tab; the pages under it are shown on each of them, not on what they lead to."""
    urls = [url for _page, url in family]
    is_among = path in urls and len(urls) > 1
    under = family if is_among else ()
    pages = tuple(Tab(page.label, url, url == path) for page, url in under)
    return Tab(family[0][0].label, urls[0], here in urls, pages=pages)


def sections_of(user: User, path: str) -> Iterator[tuple[Section, list[Tab]]]:
    """Each step of the loop with the pages that the person may open."""
    for section in SECTIONS:
        if tabs := tabs_of(section, user, path):
            yield section, tabs
