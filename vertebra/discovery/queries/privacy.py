"""What this instance sees and does not see, read from what is switched on; never a name, never a figure on people."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.models import Exists, QuerySet
from django.urls import reverse
from django.utils import formats, translation
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from vertebra.accounts.models import ApiToken, Comment
from vertebra.accounts.outbox import mail_is_on
from vertebra.discovery.models import HelpRequest, Interview, PainPoint, Stance, Transcript
from vertebra.discovery.shipped.privacy import draft
from vertebra.evidence.labels import SurveyState
from vertebra.evidence.models import Survey
from vertebra.kit import clock
from vertebra.org.models import EmptySpaceReport, Person
from vertebra.sources.models import Source

Words = str | Promise


@dataclass(frozen=True, slots=True)
class Kept:
    """One thing that Vertebra can keep: what of it, who sees it, for how long, and whether it is in use here."""

    code: str
    name: Words
    what: Words
    who: Words
    how_long: Words
    is_in_use: bool = False


@dataclass(frozen=True, slots=True)
class Seen:
    """What is switched on here, on a day."""

    kept: list[Kept]
    sources: int
    files: int
    open_surveys: int
    is_mail_on: bool
    open_tokens: int
    database: str
    is_encrypted_in_transit: bool
    version: str

    @property
    def in_use(self) -> list[Kept]:
        """What is kept here."""
        return [one for one in self.kept if one.is_in_use]

    @property
    def not_in_use(self) -> list[Kept]:
        """What could be kept, and is not."""
        return [one for one in self.kept if not one.is_in_use]


_EVERYBODY = _("Everybody with an account")
_PRODUCT_OPS = _("Product Ops only; not administrators, not managers")
_WHILE = _("As long as the instance is used")

# Code, name, what is kept, who sees it, how long, and the rows that show that it is used.
_KINDS: tuple[tuple[str, Words, Words, Words, Words, Callable[[], "QuerySet[Any]"]], ...] = (
    (
        "directory",
        _("The organisation"),
        _(
            "Names, work addresses, job titles, units, managers and mandates, with the days they began and ended."
        ),
        _EVERYBODY,
        _("Until the person is erased; history is kept"),
        lambda: Person.objects.all(),
    ),
    (
        "spaces",
        _("Empty spaces"),
        _("Sentences in which people say what nobody takes care of, under their name or the one they give."),
        _EVERYBODY,
        _WHILE,
        lambda: EmptySpaceReport.objects.all(),
    ),
    (
        "comments",
        _("Comments"),
        _("What people write to each other about an object, under their own name."),
        _EVERYBODY,
        _("Until their author withdraws them"),
        lambda: Comment.objects.all(),
    ),
    (
        "help",
        _("Help requests"),
        _("What somebody asks of Product Ops in one line, and what came of it."),
        _EVERYBODY,
        _WHILE,
        lambda: HelpRequest.objects.all(),
    ),
    (
        "pain_points",
        _("Pain points and audits"),
        _("What hurts, how many people said so, and quotes without names; the audits made from it."),
        _("Product Ops; everybody with an account once confirmed or published"),
        _WHILE,
        lambda: PainPoint.objects.all(),
    ),
    (
        "surveys",
        _("Pulses and other surveys"),
        _(
            "Answers by group of at least five people, without a name, a time or an order; "
            "apart from them, whether each invited person has answered."
        ),
        _("Results by group, for everybody with an account; single answers are shown to nobody"),
        _WHILE,
        lambda: Survey.objects.all(),
    ),
    (
        "interviews",
        _("Interviews"),
        _("Who was heard and when, the notes taken, and what they agreed may be quoted without their name."),
        _PRODUCT_OPS,
        _("Until Product Ops erases them; a quote goes as soon as consent is withdrawn"),
        lambda: Interview.objects.all(),
    ),
    (
        "transcripts",
        _("Transcripts"),
        _("The words of an interview, where a file of them was put in with the consent of the person."),
        _PRODUCT_OPS,
        _("Until Product Ops erases them"),
        lambda: Transcript.objects.all(),
    ),
    (
        "stances",
        _("Stances"),
        _(
            "How a team stands towards a subject. A note on one person is written so that they could read it, "
            "and is in what they receive when they ask for their data."
        ),
        _PRODUCT_OPS,
        _("Notes on people are erased when the subject closes"),
        lambda: Stance.objects.filter(erased_at=None),
    ),
)


def seen_on(now: dt.datetime) -> Seen:
    """What this instance sees, read in three queries."""
    used = _used()
    sources = list(Source.objects.filter(archived_at=None, is_demo=False).values_list("kind", flat=True))
    surveys = Survey.objects.filter(state=SurveyState.OPEN, archived_at=None).count()
    tokens = ApiToken.objects.filter(revoked_at=None, expires_at__gt=now).count()
    return Seen(
        kept=[
            Kept(code, name, what, who, how_long, used[code])
            for code, name, what, who, how_long, _rows in _KINDS
        ],
        sources=len(sources),
        files=sources.count("file"),
        open_surveys=surveys,
        is_mail_on=mail_is_on(),
        open_tokens=tokens,
        database={"sqlite": "SQLite", "postgresql": "PostgreSQL"}.get(connection.vendor, connection.vendor),
        is_encrypted_in_transit=settings.IS_SECURE,
        version=settings.VERSION,
    )


def _used() -> dict[str, bool]:
    """Which of the kinds have a row here, asked in one query (of a table that always has a row)."""
    questions = {code: Exists(rows().order_by().values("pk")) for code, *_words, rows in _KINDS}
    asked = ContentType.objects.annotate(**questions).order_by("pk").values(*questions)
    return asked.first() or dict.fromkeys(questions, False)


def filled(document: str, language: str, now: dt.datetime) -> str:
    """A draft for those who must be told, in a language, with what is switched on here filled in."""
    seen = seen_on(now)
    with translation.override(language):
        return draft(document, language).safe_substitute(
            version=seen.version,
            date=formats.date_format(clock.today(now), "DATE_FORMAT"),
            instance=settings.PUBLIC_URL,
            privacy_page=settings.PUBLIC_URL + reverse("discovery:privacy-show"),
            modules_in_use=_listed(seen.in_use),
            modules_not_in_use="\n".join(f"- {one.name}" for one in seen.not_in_use) or f"- {_none()}",
            sources=_sources(seen),
            mail=_mail(seen),
            database=seen.database,
            encryption=_encryption(seen),
        )


def _listed(kept: list[Kept]) -> str:
    """What is kept, one line each, in the language of the document."""
    lines = [
        gettext("- **%(name)s**. %(what)s Seen by: %(who)s. Kept: %(how_long)s.")
        % {"name": one.name, "what": one.what, "who": one.who, "how_long": one.how_long}
        for one in kept
    ]
    return "\n".join(lines) or f"- {_none()}"


def _none() -> str:
    return gettext("nothing today")


def _sources(seen: Seen) -> str:
    if not seen.sources:
        return gettext("no source of data")
    text = ngettext(
        "%(count)d source of files put in by hand", "%(count)d sources of files put in by hand", seen.sources
    )
    return text % {"count": seen.sources}


def _mail(seen: Seen) -> str:
    return gettext("sent through the company’s server") if seen.is_mail_on else gettext("none is sent")


def _encryption(seen: Seen) -> str:
    if seen.is_encrypted_in_transit:
        return gettext("Pages are encrypted on their way (HTTPS).")
    return gettext("Pages are NOT encrypted on their way: put HTTPS in front before anybody is heard.")
