"""Loading the demo company into an empty instance."""

import datetime as dt
import random
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, models, transaction
from django.db.models import F
from django.utils import translation
from django.utils.translation import gettext as _

from vertebra.accounts.labels import DeliveryState, Kind
from vertebra.accounts.models import AuditEntry, AuditRow, Delivery, Message, User
from vertebra.accounts.search import index_many, only_the_last
from vertebra.demo import content, structure
from vertebra.demo.acted import plan_requests
from vertebra.demo.acting import Acting
from vertebra.demo.addresses import of_pages
from vertebra.demo.audited import plan_audits
from vertebra.demo.book import Book
from vertebra.demo.cast import introduce, let_the_directory_err, reserve_seats
from vertebra.demo.heard import Conversations
from vertebra.demo.holdings import Holdings
from vertebra.demo.hurts import hurts
from vertebra.demo.judged import Judging
from vertebra.demo.mandates import Mandates
from vertebra.demo.placing import let_units_speak, open_units, set_managers
from vertebra.demo.practised import Practices
from vertebra.demo.profiles import Profile, profile
from vertebra.demo.rows import LANGUAGE, Company, at, write_company
from vertebra.demo.telling import Telling
from vertebra.demo.timeline import Timeline
from vertebra.demo.understood import Replay
from vertebra.demo.voices import Voices
from vertebra.demo.workforce import Workforce
from vertebra.discovery.actions.guides import ensure_shipped_guides
from vertebra.evidence.trail import places
from vertebra.kit import clock
from vertebra.kit.database import learn_sizes
from vertebra.kit.refusal import Refusal
from vertebra.org.actions.findings import refresh_findings
from vertebra.org.actions.watchers import index_spaces
from vertebra.org.models import Area, EmptySpace, Market, Person, Unit, UnitKind
from vertebra.org.queries.search import entries
from vertebra.sources.models import Source

SEED = 20_260
Progress = Callable[[str, int, int], None]
OURS = (
    "accounts",
    "sources",
    "org",
    "evidence",
    "discovery",
    "measures",
    "roadmap",
    "releases",
    "learning",
    "reviews",
    "practices",
)


class NotEmpty(Refusal):
    """The demo company is only loaded where there is nothing yet."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What was loaded: the company's name, its profile and day, and how many rows of what."""

    name: str
    profile: str
    until: dt.date
    people: int
    teams: int
    units: int
    product_managers: int
    champions: int
    areas: int
    rows: int
    cast: int

    def facts(self) -> dict[str, Any]:
        """The same, for a program to read."""
        return asdict(self)


def nothing(step: str, done: int, total: int) -> None:
    """Tell nobody."""


def load(
    *,
    profile: str = "scale-up",
    scale: int = 1,
    until: dt.date,
    progress: Progress = nothing,
    reset: bool = False,
) -> Summary:
    """Make the demo company as it is on a day, with its three years before; all or nothing."""
    size = _profile(profile, scale)
    progress("plan", 0, 1)
    company = plan(size, until)
    progress("plan", 1, 1)
    with transaction.atomic():
        if reset:
            clear()
        refuse_unless_empty()
        book = Book()
        kinds = dict(UnitKind.objects.values_list("slug", "id"))
        users = write_company(company, book, kinds)
        Voices(company, book, users, random.Random(SEED + 3)).speak()  # noqa: S311 (rules, not secrets)
        book.write(lambda done: progress("write", done, book.count))
        # What is read from here on is planned by what was just written: nothing else counts it before the end.
        learn_sizes()
        now = at(until, 9, 0)
        _index(progress, now)
        # What actions write into rows is in the company's language, whoever loads it.
        with translation.override(LANGUAGE), of_pages():
            progress("listen", 0, 1)
            with only_the_last():
                acting = listen(company, users, now)
            progress("listen", 1, 1)
            progress("look", 0, 1)
            refresh_findings(now=now)
            acting.end(now)
            bring_all()
            in_order_of_time()
            progress("look", 1, 1)
    learn_sizes()
    return _summary(company, book.count + acting.rows)


_profile = profile


def listen(company: Company, users: dict[str, int], now: dt.datetime) -> Acting:
    """Three years of listening, deciding and acting; what is long past waits for nobody."""
    ensure_shipped_guides(actor=None, now=at(company.timeline.start, 8, 0))
    chance = random.Random(SEED + 5)  # noqa: S311 (rules, not secrets)
    felt, book = hurts(company.timeline.until), Book()
    heard = Conversations(company, felt, users, book, chance).hold()
    book.write(lambda done: None)
    replay = Replay(company, felt, heard, chance)
    plan_audits(replay, random.Random(SEED + 6))  # noqa: S311 (rules, not secrets)
    plan_requests(replay)
    Judging(replay, random.Random(SEED + 7)).plan()  # noqa: S311 (rules, not secrets)
    acting = Acting(replay, users, SEED + 20)
    acting.write(now)
    acting.plan()
    Practices(replay).plan()
    replay.run()
    told = Telling(replay, users, SEED + 40)
    told.write(now)
    acting.rows += told.rows
    learn_sizes()
    Message.objects.filter(created_at__lt=now - dt.timedelta(days=10)).update(read_at=now)
    return acting


def bring_all() -> None:
    """What was told in these three years was brought at its time: nothing of it leaves when a server first runs."""
    wait = (DeliveryState.QUEUED, DeliveryState.HELD)
    Delivery.objects.filter(state__in=wait).update(state=DeliveryState.SENT, attempts=1, sent_at=F("due_at"))


def in_order_of_time() -> None:
    """Number the entries of the audit by their moment: what the rules wrote last did not happen last."""
    old = list(AuditEntry.objects.order_by("at", "id").values_list("id", flat=True))
    moved = [(-new, before) for new, before in enumerate(old, 1) if new != before]
    entry, row = AuditEntry._meta.db_table, AuditRow._meta.db_table
    with connection.cursor() as cursor:
        cursor.executemany(f"UPDATE {row} SET entry_id = %s WHERE entry_id = %s", moved)  # noqa: S608 (no input)
        cursor.executemany(f"UPDATE {entry} SET id = %s WHERE id = %s", moved)  # noqa: S608 (no input)
        cursor.execute(f"UPDATE {row} SET entry_id = -entry_id WHERE entry_id < 0")  # noqa: S608 (no input)
        cursor.execute(f"UPDATE {entry} SET id = -id WHERE id < 0")  # noqa: S608 (no input)


def plan(size: Profile, until: dt.date) -> Company:
    """The whole company, decided by the seed and the day alone."""
    chance = random.Random(SEED)  # noqa: S311 (rules, not secrets)
    timeline = Timeline(until, size)
    built = structure.build(size, timeline, chance)
    reserve_seats(built)
    people = Workforce(built, size, timeline, chance).run()
    open_units(built, people)
    cast = introduce(people, chance)
    let_units_speak(built, timeline, chance)
    set_managers(built, people, timeline)
    let_the_directory_err(people, chance)
    holdings = Holdings(built, size, timeline, chance).build()
    mandates = Mandates(built, holdings, people, size, timeline, chance).build()
    return Company(size, timeline, built, people, holdings, mandates, cast)


def is_here() -> bool:
    """Whether a demo company was loaded before."""
    return User.objects.filter(is_cast=True).exists()


def refuse_unless_empty() -> None:
    """Raise NotEmpty, in clear words, unless nobody and nothing is here yet."""
    if is_here():
        raise NotEmpty(_("The demo company is already here: nothing was changed."))
    remedy = _("Give it a data folder (VERTEBRA_DATA) or a database of its own.")
    if User.objects.exists():
        raise NotEmpty(_("Somebody has an account here: the demo company needs an empty instance."), remedy)
    if Source.objects.exists() or any(
        model._default_manager.exists() for model in (Unit, Person, Area, Market)
    ):
        raise NotEmpty(_("An organisation is here: the demo company needs an empty instance."), remedy)


def clear() -> None:
    """Remove everything of a demo company, never anything real."""
    if User.objects.filter(is_cast=False).exists() or Source.objects.filter(is_demo=False).exists():
        raise NotEmpty(_("There are real accounts or sources here: nothing was removed."))
    for pk in Source.objects.values_list("pk", flat=True):
        transaction.on_commit(partial(places.remove, pk))
    tables = [
        model for label in OURS for model in apps.get_app_config(label).get_models(include_auto_created=True)
    ]
    with connection.constraint_checks_disabled(), connection.cursor() as cursor:
        for model in _downstream_first(tables):
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(model._meta.db_table)}")  # noqa: S608 (no input)
        sequences = [{"table": model._meta.db_table, "column": "id"} for model in tables]
        for statement in connection.ops.sequence_reset_by_name_sql(no_style(), sequences):
            cursor.execute(statement)


def _downstream_first(tables: list[type[models.Model]]) -> list[type[models.Model]]:
    """Models in an order in which their rows can go, those that others point to last."""
    left, ordered = list(tables), []
    while left:
        pointed = {
            field.related_model
            for model in left
            for field in model._meta.concrete_fields
            if field.is_relation and field.related_model is not model
        }
        free = [model for model in left if model not in pointed] or left[:1]
        ordered += free
        left = [model for model in left if model not in free]
    return ordered


def _index(progress: Progress, now: dt.datetime) -> None:
    """Let search know everything that is there."""
    kinds: list[tuple[str, type[models.Model]]] = [
        (Kind.UNIT, Unit),
        (Kind.AREA, Area),
        (Kind.MARKET, Market),
        (Kind.PERSON, Person),
    ]
    ids = [
        (kind, key)
        for kind, model in kinds
        for key in model._default_manager.order_by("pk").values_list("pk", flat=True)
    ]
    for start in range(0, len(ids), 2000):
        batch = ids[start : start + 2000]
        for kind, _model in kinds:
            found = entries(kind, [key for of, key in batch if of == kind], clock.today(now))
            index_many(found, now=now)
        progress("index", min(start + 2000, len(ids)), len(ids))
    index_spaces(EmptySpace.objects.order_by("pk"), now=now)


def _summary(company: Company, rows: int) -> Summary:
    day = company.timeline.until
    there = [person for person in company.people if person.is_present(day)]
    units = [unit for unit in company.structure.units.values() if unit.is_open(day)]
    champions = {
        row.person.id
        for row in company.mandates
        if row.role == "champion" and row.person and row.person.is_present(day)
    }
    return Summary(
        name=content.company()["name"],
        profile=company.profile.name,
        until=day,
        people=len(there),
        teams=sum(unit.kind == "team" for unit in units),
        units=len(units),
        product_managers=sum(person.seat.title in ("pm", "senior_pm") for person in there),
        champions=len(champions),
        areas=len(company.holdings.areas),
        rows=rows + AuditEntry.objects.filter(verb="refresh").count(),
        cast=len(company.cast),
    )
