"""The charter as people read it: which version holds, what differs between two, whether it fits one page."""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from vertebra.accounts.labels import Kind
from vertebra.accounts.models import SharedLink, User
from vertebra.accounts.permissions import Right, may
from vertebra.accounts.search import Entry
from vertebra.accounts.tokens import digest_of
from vertebra.discovery.labels import AuditState
from vertebra.discovery.models import Audit, Charter
from vertebra.discovery.shipped.charters import PARTS, example
from vertebra.kit import markdown

# Five parts with their titles fill one A4 page at about so many characters.
ONE_PAGE = 3200
LINK_PAGE = "charter"

Words = str | Promise
TITLES: dict[str, Words] = {
    "what_we_do": _("What we do"),
    "what_we_do_not": _("What we do not do"),
    "who_we_are": _("Who we are"),
    "how_to_ask": _("How to ask us"),
    "what_changed": _("What changed after listening"),
}


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the charter: its code, title and text."""

    code: str
    title: Words
    text: str
    is_example: bool = False

    @property
    def html(self) -> SafeString:
        """The text as it is shown."""
        return markdown.render(self.text)


def parts_of(charter: Charter) -> list[Part]:
    """The five parts in their order; a part that still is the example says so."""
    shipped = example(charter.language)
    return [
        Part(code, TITLES[code], (text := getattr(charter, code)), text.strip() == shipped[code])
        for code in PARTS
    ]


def length_of(charter: Charter) -> int:
    """How many characters the five parts have together."""
    return sum(len(getattr(charter, code)) for code in PARTS)


def holding(language: str) -> Charter | None:
    """The charter that holds: the latest published one in the language, else in any."""
    published = list(Charter.objects.filter(published_at__isnull=False).order_by("-number")[:50])
    return next((one for one in published if one.language == language), published[0] if published else None)


def draft_of(language: str) -> Charter | None:
    """The draft in a language, if somebody writes one."""
    return Charter.objects.filter(language=language, published_at=None).first()


def before(charter: Charter) -> Charter | None:
    """The published version before this one, in the same language."""
    rows = Charter.objects.filter(
        language=charter.language, published_at__isnull=False, number__lt=charter.number
    )
    return rows.order_by("-number").first()


def open_to(user: User) -> "list[Charter]":
    """Every version that the user may read, the latest first."""
    rows = Charter.objects.select_related("written_by").order_by("-number")
    if not may(user, Right.PRODUCT_OPS):
        rows = rows.filter(published_at__isnull=False)
    return list(rows[:200])


@dataclass(frozen=True, slots=True)
class Difference:
    """One part in two versions, line by line: what was taken out, what was put in, what stayed."""

    title: Words
    lines: list[tuple[str, str]]
    is_same: bool


def differences(old: Charter, new: Charter) -> list[Difference]:
    """What differs between two versions, part by part."""
    found = []
    for code in PARTS:
        was, now = getattr(old, code).splitlines(), getattr(new, code).splitlines()
        lines = [
            ({"- ": "out", "+ ": "in"}.get(line[:2], "same"), line[2:])
            for line in difflib.ndiff(was, now)
            if not line.startswith("? ")
        ]
        found.append(Difference(TITLES[code], lines, was == now))
    return found


def link_of(token: str) -> SharedLink | None:
    """The link to the charter that an address stands for, usable or not."""
    return SharedLink.objects.filter(digest=digest_of(token), page=LINK_PAGE).first()


def owes_what_changed() -> Audit | None:
    """The audit that was published after the charter that holds, so that what changed can now be said."""
    audit = Audit.objects.filter(state=AuditState.PUBLISHED, archived_at=None).order_by("published_at").last()
    charter = Charter.objects.filter(published_at__isnull=False).order_by("published_at").last()
    if audit is None or charter is None or audit.published_at is None or charter.published_at is None:
        return None
    return audit if audit.published_at > charter.published_at else None


def search_entries(ids: Iterable[int]) -> list[Entry]:
    """What search should know of these charters: published ones, the latest of each language only."""
    rows = Charter.objects.filter(published_at__isnull=False).order_by("-number")
    latest: dict[str, Charter] = {}
    for row in rows:
        latest.setdefault(row.language, row)
    wanted = set(ids)
    return [
        Entry(
            Kind.CHARTER,
            one.pk,
            str(_("Charter of Product Ops")),
            text="\n".join(getattr(one, code) for code in PARTS),
            language=one.language,
        )
        for one in latest.values()
        if one.pk in wanted
    ]
