"""A company that was listened to for long: thousands of conversations, tens of thousands of verbatims and answers."""

import datetime as dt
import random
import time
from itertools import islice
from typing import Any

from vertebra.accounts.models import User
from vertebra.demo.book import Book
from vertebra.demo.hurts import hurts
from vertebra.demo.rows import at
from vertebra.discovery.actions.audits import create_audit
from vertebra.discovery.actions.follow_up import recount
from vertebra.discovery.labels import Consent, InterviewState
from vertebra.discovery.models import Campaign, Evidence, Interview, PainPoint, Verbatim
from vertebra.discovery.queries.voices import told_cells
from vertebra.evidence.actions.surveys import close_survey, create_survey, open_survey
from vertebra.evidence.models import Cell, Invitation, Response, Survey
from vertebra.kit import clock
from vertebra.kit.database import learn_sizes
from vertebra.org.models import Membership

INTERVIEWS, VERBATIMS, ANSWERS = 5_000, 60_000, 200_000
DAYS = 60
SEED = 11


def fill() -> dict[str, int]:
    """Add what a year of a large company would bring; gives how many rows of what there are in the end."""
    chance = random.Random(SEED)
    campaign = _campaign()
    verbatims = _conversations(campaign, chance)
    _tie(verbatims, chance)
    _answers(chance)
    learn_sizes()  # as the worker does once tables have grown
    return {
        "interviews": Interview.objects.count(),
        "verbatims": Verbatim.objects.count(),
        "answers": Response.objects.count(),
        "campaign": campaign.pk,
        "pain_point": PainPoint.objects.order_by("-evidence_count")[0].pk,
    }


def _campaign() -> Campaign:
    now = clock.now()
    return Campaign.objects.create(
        title="Everybody", language="fr", state="closed", created_at=now, changed_at=now, closed_at=now
    )


def _conversations(campaign: Campaign, chance: random.Random) -> list[dict[str, Any]]:
    """Conversations with people of today on sixty days of the last year, twelve verbatims each."""
    today, book = clock.today(), Book()
    there = list(
        Membership.objects.as_of(today - dt.timedelta(days=400))
        .filter(person__left_on=None)
        .values_list("person_id", "unit_id", "function")
    )
    days = [today - dt.timedelta(days=5 + 6 * number) for number in range(DAYS)]
    felt, who = hurts(today), User.objects.get(email__startswith="ines").pk
    first, said = Interview.objects.latest("pk").pk + 1, []
    for number in range(INTERVIEWS):
        person, unit, function = chance.choice(there)
        day = chance.choice(days)
        book.add(
            Interview, id=first + number, campaign_id=campaign.pk, person_id=person, unit_id=unit,
            function=function, interviewer_id=who, state=InterviewState.HELD, held_on=day, language="fr",
            consent=Consent.GIVEN, starts_at=at(day, 10), notes="…", notes_version=1,
            created_at=at(day), changed_at=at(day, 11),
        )  # fmt: skip
        for _ in range(VERBATIMS // INTERVIEWS):
            hurt = chance.choice(felt)
            words = chance.choice(
                hurt.says.get(function) or [line for all_ in hurt.says.values() for line in all_]
            )
            said.append((first + number, person, unit, function, day, words, who))
    _write(book, said, today)
    return [dict(row) for row in book.pages[Verbatim]]


def _write(book: Book, said: list[tuple[Any, ...]], today: dt.date) -> None:
    cells = told_cells([(function, unit, day) for _i, _p, unit, function, day, _w, _m in said], today)
    number = Verbatim.objects.latest("pk").pk
    for (interview, person, unit, function, day, words, who), (told, place) in zip(said, cells, strict=True):
        number += 1
        book.add(
            Verbatim, id=number, interview_id=interview, text=words, language="fr", person_id=person,
            function=function, unit_id=unit, shown_function=told, shown_unit_id=place, said_on=day,
            marked_by_id=who, created_at=at(day, 12),
        )  # fmt: skip
    book.write(lambda done: None)


def _tie(verbatims: list[dict[str, Any]], chance: random.Random) -> None:
    """Every verbatim shows one pain point; one of them gathers five thousand."""
    pain_points = list(PainPoint.objects.filter(merged_into=None).order_by("pk"))
    book, number = Book(), Evidence.objects.latest("pk").pk
    for row in verbatims:
        number += 1
        pain_point = pain_points[0] if number % 12 == 0 else chance.choice(pain_points[1:])
        book.add(
            Evidence, id=number, pain_point_id=pain_point.pk, verbatim_id=row["id"], person_id=row["person_id"],
            function=row["function"], unit_id=row["unit_id"], seen_on=row["said_on"],
            made_by_id=row["marked_by_id"], made_at=row["created_at"],
        )  # fmt: skip
    book.write(lambda done: None)
    recount(pain_points, clock.now())


def _answers(chance: random.Random) -> None:
    """Waves of the widest pulse, answered by everybody asked, until there are answers enough."""
    model = Survey.objects.filter(series="well-being").latest("opened_at")
    actor = User.objects.get(email__startswith="ines")
    while (left := ANSWERS - Response.objects.count()) > 0:
        survey = _copy(model, actor)
        open_survey(actor=actor, survey=survey, now=clock.now())
        cells = list(Cell.objects.filter(survey=survey).values_list("pk", "invited_count"))
        rows = (
            Response(survey=survey, cell_id=cell, answers={"load": chance.randint(1, 5), "voice": 3})
            for cell, count in cells
            for _ in range(count)
        )
        Response.objects.bulk_create(islice(rows, left), batch_size=2000)
        Invitation.objects.filter(survey=survey).update(is_answered=True)
        close_survey(actor=None, survey=survey, now=clock.now())


def _copy(model: Survey, actor: User) -> Survey:
    from vertebra.evidence.actions.surveys import QuestionDraft
    from vertebra.evidence.queries.population import Audience

    drafts = [QuestionDraft(q.code, q.kind, q.text) for q in model.questions.all()]
    return create_survey(
        actor=actor, kind=model.kind, title=model.title, language="fr", questions=drafts, cut=model.cut,
        audience=Audience(), series=model.series, now=clock.now(),
    )  # fmt: skip


def assemble(campaign: int) -> float:
    """Seconds that assembling an audit of everything heard takes."""
    actor = User.objects.get(email__startswith="ines")
    start = time.perf_counter()
    create_audit(
        actor=actor,
        title="All",
        language="fr",
        campaigns=[Campaign.objects.get(pk=campaign)],
        now=clock.now(),
    )
    return time.perf_counter() - start


def open_links(count: int) -> dict[str, Any]:
    """A survey that so many people may answer, with the link of each."""
    from vertebra.accounts.tokens import digest_of, new_secret

    actor = User.objects.get(email__startswith="ines")
    survey = _copy(Survey.objects.filter(series="well-being").latest("opened_at"), actor)
    open_survey(actor=actor, survey=survey, now=clock.now())
    secrets = []
    for invitation in Invitation.objects.filter(survey=survey).order_by("pk")[:count]:
        secret = new_secret()
        Invitation.objects.filter(pk=invitation.pk).update(digest=digest_of(secret), sent_on=clock.today())
        secrets.append(secret)
    return {"survey": survey.pk, "secrets": secrets}


def answered(survey: int) -> int:
    """How many answers a survey has."""
    return Response.objects.filter(survey=survey).count()
