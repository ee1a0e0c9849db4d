"""A release as one reader gets it: in the words of their trade, in their language, and what stands in for them."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.db.models import Q
from django.utils.safestring import SafeString

from vertebra.accounts.tokens import digest_of
from vertebra.kit import clock, markdown
from vertebra.kit.languages import language_said
from vertebra.org.models import Membership, Person
from vertebra.org.queries.people import language_for
from vertebra.releases.labels.briefs import Trade
from vertebra.releases.labels.releases import ReleaseState
from vertebra.releases.models import BriefQuestion, Receipt, Recipient, Release
from vertebra.releases.queries.announcing import Text, Texts
from vertebra.releases.queries.consultations import is_gone
from vertebra.releases.queries.understanding import check_asked

LANGUAGES = dict(settings.LANGUAGES)
# How long a link that was sent opens the page.
LINK_LASTS = dt.timedelta(days=180)
# The texts of other trades stand in the page up to so many characters; beyond, a link leads to each.
MOST_FOLDED = 24_000
MOST_QUESTIONS = 40


@dataclass(frozen=True, slots=True)
class Reader:
    """Whoever reads: who they are in the directory, the function they work most in, the language they read."""

    person: Person | None
    function: str
    language: str


@dataclass(frozen=True, slots=True)
class Column:
    """One language of a text, or that it is missing."""

    language: str
    name: str
    text: Text | None
    html: SafeString


@dataclass(frozen=True, slots=True)
class Folded:
    """What another trade reads; its text stands in the page unless it is long."""

    trade: str
    label: str
    text: Text
    html: SafeString


@dataclass(frozen=True, slots=True)
class Reading:
    """What one reader reads of a release, and what of it is not what they would have wanted."""

    texts: Texts
    text: Text
    html: SafeString
    trade: str
    language: str
    wanted: str

    @property
    def trade_label(self) -> str:
        """For whom the text is written."""
        return str(Trade(self.text.trade).label)

    @property
    def is_for_everyone_instead(self) -> bool:
        """Whether nothing was written for the trade that was wanted."""
        return self.wanted not in ("", Trade.EVERYONE, self.text.trade)

    @property
    def wanted_label(self) -> str:
        """The trade that was wanted."""
        return str(Trade(self.wanted).label) if self.wanted in Trade.values else self.wanted

    @property
    def is_in_another_language(self) -> bool:
        """Whether nobody wrote it in the language that was wanted."""
        return self.text.language != self.language

    @property
    def language_name(self) -> str:
        """The language that was wanted."""
        return language_said(self.language)

    @property
    def text_language_name(self) -> str:
        """The language that it is written in."""
        return language_said(self.text.language)

    def columns(self) -> list[Column]:
        """The same text in every language, side by side."""
        found = []
        for code, name in LANGUAGES.items():
            text = self.texts.best(self.trade, code)
            is_there = text.language == code
            html = markdown.render(text.body) if is_there else SafeString("")
            found.append(Column(code, name, text if is_there else None, html))
        return found

    def others(self) -> Iterator[Folded]:
        """What the other trades read."""
        room = MOST_FOLDED
        for trade in self.texts.trades:
            text = self.texts.best(trade, self.language)
            if trade == self.trade or text == self.text or text.trade != trade:
                continue
            room -= len(text.body)
            html = markdown.render(text.body) if room > 0 else SafeString("")
            yield Folded(trade, str(Trade(trade).label), text, html)


def read(release: Release, reader: Reader, *, trade: str = "", language: str = "") -> Reading:
    """What somebody reads of a release, or what they asked to see of it."""
    texts = Texts.of(release)
    wanted = trade if trade in texts.trades else reader.function
    chosen = texts.trade_of(wanted)
    spoken = language if language in LANGUAGES else reader.language
    text = texts.best(chosen, spoken)
    return Reading(texts, text, markdown.render(text.body), chosen, spoken, wanted)


def reader_of(person: Person | None, language: str, day: dt.date, trade: str = "") -> Reader:
    """Somebody as a reader on a day; without a membership, as of the trade in whose words they were told."""
    held = Membership.objects.as_of(day).filter(person=person).order_by("-share", "pk") if person else None
    function = held.values_list("function", flat=True).first() if held is not None else None
    return Reader(person, function or trade, language)


def receipt_of(release: Release, person: Person | None) -> Receipt | None:
    """What somebody said of a release."""
    return Receipt.objects.filter(release=release, person=person).first() if person else None


def is_open(release: Release) -> bool:
    """Whether a release still takes what readers say of it."""
    return release.archived_at is None and release.state != ReleaseState.WITHDRAWN


def questions_for(release: Release, person: Person | None, trade: str) -> list[BriefQuestion]:
    """The questions that are answered, those of one's trade first, and one's own that wait."""
    shown = Q(answered_at__isnull=False) | (Q(asked_by=person) if person else Q(pk__in=()))
    rows = list(release.questions.filter(shown, archived_at=None)[:MOST_QUESTIONS])
    return sorted(rows, key=lambda one: one.trade not in (trade, Trade.EVERYONE))


@dataclass(frozen=True, slots=True)
class Asked:
    """The one question of a release in a language: its answers, the right one, why."""

    number: int
    question: str
    choices: list[tuple[int, str]]
    right: int
    explanation: str
    language: str

    @property
    def right_answer(self) -> str:
        """The right answer, in words."""
        return dict(self.choices)[self.right]


def check_of(release: Release, language: str) -> Asked | None:
    """The one question that checks whether it is understood, for the tiers that ask one."""
    row = check_asked(release) if release.tier.has_check else None
    if row is None or not 0 <= row.right < len(row.choices):
        return None
    other = row.other_words.get(language) if language != row.language else None
    if other and len(other.get("choices", ())) == len(row.choices) and other.get("question"):
        return Asked(
            row.pk, other["question"], list(enumerate(other["choices"])), row.right, other.get("explanation", ""),
            language,
        )  # fmt: skip
    return Asked(row.pk, row.question, list(enumerate(row.choices)), row.right, row.explanation, row.language)


def sealed_link(row: Recipient) -> str:
    """The secret of another link to the same page, for whoever was told and has no account: it cannot be made up."""
    return _links().sign(str(row.pk))


def _links() -> signing.Signer:
    return signing.Signer(salt="vertebra.releases.reading")


def told_by_link(secret: str, now: dt.datetime) -> Recipient | None:
    """Whom a link was sent to, while it opens something: they are still there, and it is not too old."""
    rows = Recipient.objects.select_related("announcement__release__tier", "person__user")
    if ":" in secret:
        try:
            row = rows.filter(pk=int(_links().unsign(secret))).first()
        except (signing.BadSignature, ValueError):
            return None
    else:
        row = rows.filter(digest=digest_of(secret)).first()
    if row is None or row.announcement.created_at + LINK_LASTS < now:
        return None
    return None if is_gone(row.person, clock.today(now)) else row


def reader_by_link(row: Recipient, day: dt.date) -> Reader:
    """Whoever holds the link that was sent to somebody, as a reader."""
    language = row.language if row.language in LANGUAGES else language_for(row.person)
    return reader_of(row.person, language, day, row.trade)
