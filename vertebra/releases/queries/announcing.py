"""What each trade reads of a release, in each language: the text of its brief, or of what stands in for it."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Self

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from vertebra.kit.languages import language_said
from vertebra.releases.labels.briefs import BriefState, Trade
from vertebra.releases.labels.releases import ReleaseState
from vertebra.releases.models import Brief, Release

LANGUAGES = dict(settings.LANGUAGES)
Words = dict[str, str]


@dataclass(frozen=True, slots=True)
class Text:
    """One text about a release: for whom, in which language, which version of the brief (0: the release's own words)."""

    trade: str
    language: str
    subject: str
    body: str
    version: int = 0

    @property
    def key(self) -> str:
        """What says which text it is."""
        return f"{self.trade}/{self.language}"


@dataclass(frozen=True)
class Texts:
    """Every text about a release that may be told: briefs that are ready, and the release's own words."""

    release: Release
    briefs: dict[tuple[str, str], Text]

    @classmethod
    def of(cls, release: Release, briefs: Iterable[Brief] | None = None) -> Self:
        """The texts of a release; its briefs may have been read before."""
        rows = release.briefs.filter(state=BriefState.READY) if briefs is None else briefs
        return cls(
            release,
            {
                (row.trade, row.language): Text(row.trade, row.language, row.line, row.body, row.version)
                for row in rows
                if row.state == BriefState.READY and row.line and row.body
            },
        )

    @property
    def own(self) -> Text:
        """What the release itself says."""
        row = self.release
        body = "\n\n".join(part for part in (row.summary, row.body) if part)
        return Text(Trade.EVERYONE, row.language, row.title, body)

    @property
    def trades(self) -> list[str]:
        """The trades that have a text of their own, and everyone."""
        written = {trade for trade, _language in self.briefs}
        return [code for code in Trade.values if code in written or code == Trade.EVERYONE]

    def trade_of(self, function: str) -> str:
        """In the words of which trade somebody of a function is told."""
        return function if function in self.trades else str(Trade.EVERYONE)

    def best(self, trade: str, language: str) -> Text:
        """What a trade reads in a language: what it understands comes before what was written for it."""
        others = [code for code in LANGUAGES if code != language]
        return next(self._in_turn(trade, [language]), None) or next(self._in_turn(trade, others), self.own)

    def _in_turn(self, trade: str, languages: Iterable[str]) -> Iterator[Text]:
        own = self.own
        for language in languages:
            for code in (trade, str(Trade.EVERYONE)):
                if (code, language) in self.briefs:
                    yield self.briefs[code, language]
            if own.language == language and own.body:
                yield own

    def told(self) -> dict[str, int]:
        """Which version of each text is told, by `trade/language`."""
        found = (self.best(trade, language) for trade in self.trades for language in LANGUAGES)
        return {text.key: text.version for text in found}


def day_of(release: Release) -> dt.date | None:
    """The day on which it came out, or comes out."""
    return release.released_on or release.planned_on


def day_said(release: Release) -> str:
    """When it comes out, in a sentence."""
    day = day_of(release)
    if day is None:
        return _("Its day is not known yet.")
    said = (
        _("It is out since %(day)s.")
        if release.state == ReleaseState.RELEASED
        else _("It comes out on %(day)s.")
    )
    return said % {"day": date_format(day, "DATE_FORMAT")}


def words_of(texts: Texts, trade: str, language: str) -> Words:
    """What a trade reads in a language, as a letter takes it; where the text is in another language, it says so."""
    text, release = texts.best(trade, language), texts.release
    # Trackers may call a version by the title itself.
    title = " ".join(filter(None, dict.fromkeys((release.title, release.version))))
    with override(language):
        day = day_said(release)
        parts = [day if text.subject == release.title else f"**{title}** · {day}", text.body]
        if text.language != language:
            note = _("Nobody wrote this in %(language)s yet: here it is in %(other)s.")
            names = {"language": language_said(language), "other": language_said(text.language)}
            parts.insert(0, f"*{note % names}*")
    return {"subject": text.subject[:200], "body": "\n\n".join(part for part in parts if part)}


def letter_of(texts: Texts, trade: str) -> dict[str, Words]:
    """What a trade reads, in every language."""
    return {language: words_of(texts, trade, language) for language in LANGUAGES}


def corrected(
    texts: Texts, trade: str, *, changed: str, was_on: dt.date | None, is_moved: bool
) -> dict[str, Words]:
    """What a trade reads once it is put right: what changed comes first, for those who were told otherwise."""
    found = letter_of(texts, trade)
    for language, said in found.items():
        with override(language):
            said["again_subject"] = _("Correction: %(title)s") % {"title": said["subject"]}
            moved = moved_said(texts.release, was_on) if is_moved else ""
        said["again_lead"] = " ".join(part for part in (moved, changed) if part)
    return found


def moved_said(release: Release, was_on: dt.date | None) -> str:
    """That the day moved, in a sentence."""
    day = day_of(release)
    names = {
        "now": date_format(day, "DATE_FORMAT") if day else "",
        "was": date_format(was_on, "DATE_FORMAT") if was_on else "",
    }
    if day is None:
        return _("It does not come out on %(was)s; its new day is not known yet.") % names
    if was_on is None:
        return day_said(release)
    if release.state == ReleaseState.RELEASED:
        return _("It came out on %(now)s, not on %(was)s.") % names
    return _("It comes out on %(now)s, not on %(was)s.") % names


def moved_in_its_language(release: Release, was_on: dt.date | None) -> str:
    """That the day moved, in the language of the release."""
    with override(release.language):
        return moved_said(release, was_on)


def withdrawn(release: Release, reason: str) -> dict[str, Words]:
    """What those who were told read once a release is withdrawn."""
    found = {}
    for language in LANGUAGES:
        with override(language):
            subject = _("Withdrawn: %(title)s") % {"title": release.title}
            said = _("“%(title)s” does not come out as you were told, or was taken back. Why:")
            found[language] = {
                "subject": subject[:200],
                "body": f"{said % {'title': release.title}}\n\n{reason}",
            }
    return found


def reader_page(release: Release) -> str:
    """Where everybody who can sign in reads a release."""
    return reverse("releases:release-read", args=(release.pk,))


def pages_by_link() -> str:
    """What stands before the secret in the address by which one person reads a release, asked once for thousands."""
    return reverse("releases:read-by-link", args=("0",)).removesuffix("0/")


def page_by_link(secret: str) -> str:
    """Where one person reads a release by their own link."""
    return f"{pages_by_link()}{secret}/"
