"""What three years of listening hold: diagnoses, stages, readings of the audits, and something to answer today."""

import datetime as dt
from itertools import pairwise

import pytest
from django.db import models

from tests.demo.rules import ours
from vertebra.accounts.models import User
from vertebra.analysis.diagnosis import BY_CODE, FEWEST_ANSWERED, SYMPTOMS
from vertebra.demo import content
from vertebra.demo.fixture import DAY
from vertebra.demo.load import Summary, plan
from vertebra.demo.profiles import profile
from vertebra.demo.timeline import months_before
from vertebra.discovery.labels import AuditState, DiagnosisState, Skill, Verdict
from vertebra.discovery.models import Audit, AuditOpinion, AuditReading, Diagnosis, StageOfFunction
from vertebra.discovery.queries.audit_document import reading_counts
from vertebra.discovery.queries.diagnosis_figures import FUNCTIONS_OF
from vertebra.evidence.labels import SurveyState
from vertebra.evidence.models import Ask, Invitation, Survey
from vertebra.org.models import Field, Person
from vertebra.releases.models import MovedDate

pytestmark = pytest.mark.django_db
BOTH = pytest.mark.parametrize("loaded", ["small", "scale-up"], indirect=True)
LARGE = pytest.mark.parametrize("loaded", ["scale-up"], indirect=True)
ENGLISH = (" the ", " of ", " with ", " and ", " who ", " our ")


def test_what_stands_behind_each_symptom_is_something_that_hurts() -> None:
    hurts = {sheet["key"] for sheet in content.listening()["hurt"]} | {"growth", "reorganisations"}
    symptoms = content.function()["symptoms"]
    assert list(symptoms) == [symptom.code for symptom in SYMPTOMS]
    assert {key for keys in symptoms.values() for key in keys} <= hurts
    for sheet in content.function()["stage"]:
        assert set(sheet["hurts"]) <= hurts
        assert set(sheet["wants"]) <= set(Skill.values)
    for sheet in content.function()["diagnosis"]:
        assert set(sheet["populations"]) <= set(FUNCTIONS_OF)


@BOTH
def test_the_diagnosis_is_repeated_every_six_months_and_concluded(loaded: Summary) -> None:
    rows = list(Diagnosis.objects.order_by("started_on"))
    assert len(rows) == 5
    assert {row.state for row in rows} == {DiagnosisState.DONE}
    assert all(150 < (b.started_on - a.started_on).days < 220 for a, b in pairwise(rows))
    assert rows[0].survey is None
    assert all(row.survey is not None and row.survey.state == SurveyState.CLOSED for row in rows[1:])
    assert all(len(set(row.result["strengths"]) & set(BY_CODE)) >= FEWEST_ANSWERED for row in rows)
    assert rows[-1].next_on is not None
    assert rows[-1].next_on > DAY
    assert len(rows[-1].result["populations"]) >= 2


@LARGE
def test_what_was_relieved_shows_in_the_diagnoses(loaded: Summary) -> None:
    rows = list(Diagnosis.objects.order_by("started_on"))
    first, latest = rows[1].result["strengths"], rows[-1].result["strengths"]
    assert latest["product_design"] < first["product_design"] - 0.1
    assert latest["pm_time"] < first["pm_time"] - 0.1


@LARGE
def test_a_diagnosis_knows_no_more_than_its_day(loaded: Summary) -> None:
    rows = list(Diagnosis.objects.order_by("started_on"))
    assert rows[0].figures["people"] < rows[-1].figures["people"]
    assert rows[0].figures["never_heard"] == 1
    assert rows[0].figures["open_spaces"] == 0
    assert rows[-1].figures["vacancies"] > 0


@BOTH
def test_the_stage_of_every_field_is_noted_every_six_months(loaded: Summary) -> None:
    for field in Field.objects.all():
        rows = list(StageOfFunction.objects.filter(field=field).order_by("on"))
        assert len(rows) == 5
        assert rows[-1].standards > rows[0].standards
        assert months_before(DAY, 6) < rows[-1].on <= DAY


@BOTH
def test_those_heard_read_both_audits_before_they_were_frozen(loaded: Summary) -> None:
    audits = list(Audit.objects.order_by("number"))
    assert [audit.state for audit in audits] == [AuditState.PUBLISHED] * 2
    for audit in audits:
        assert audit.frozen_at is not None
        readings, said = AuditReading.objects.filter(audit=audit), AuditOpinion.objects.filter(audit=audit)
        assert said.count() == readings.filter(has_answered=True).count() >= readings.count() / 2 >= 3
        assert all(row.invited_at and row.invited_at < audit.frozen_at for row in readings)
        assert all(row.comment for row in said.filter(verdict=Verdict.MISSING))


@LARGE
def test_enough_of_them_answered_for_the_readings_to_be_told(loaded: Summary) -> None:
    counts = [reading_counts(audit) for audit in Audit.objects.order_by("number")]
    assert any(one["thats_it"] for one in counts)
    assert any(one["missing"] for one in counts)


@BOTH
def test_lea_and_nadia_find_a_pulse_that_waits_for_them(loaded: Summary) -> None:
    for name in ("Léa Roux", "Nadia Benhaddou"):
        user = User.objects.get(name=name)
        waiting = Invitation.objects.filter(
            person__user=user, is_answered=False, sent_on__isnull=False, survey__state=SurveyState.OPEN
        )
        assert waiting.exists(), name


@BOTH
def test_nobody_was_asked_for_more_than_two_things_this_week(loaded: Summary) -> None:
    since = DAY - dt.timedelta(days=7)
    counts = Ask.objects.filter(on__gt=since).values("person").annotate(count=models.Count("id"))
    assert max(row["count"] for row in counts) <= 2
    assert Survey.objects.filter(state=SurveyState.OPEN, closes_on__lte=DAY).count() == 0


EXPRESSIONS = ("among", "flags")


@BOTH
def test_the_company_speaks_french_except_where_a_row_says_english(loaded: Summary) -> None:
    found = []
    for model in ours():
        if model.__name__ in ("SearchEntry", "Guide", "GuideQuestion"):
            continue
        texts = [
            f.attname
            for f in model._meta.concrete_fields
            # An expression is written in the language of checks, which is nobody's.
            if isinstance(f, models.CharField | models.TextField) and f.name not in EXPRESSIONS
        ]
        # Why the day of a release moved is written in the language of the release.
        said_in = "release__language" if model is MovedDate else "language"
        rows = model._default_manager.all()
        if said_in == "release__language" or said_in in texts:
            rows = rows.exclude(**{said_in: "en"})
        for row in rows.values_list(*texts) if texts else ():
            found += [
                f"{model.__name__}: {text}"
                for text in row
                if isinstance(text, str) and any(word in f" {text.lower()} " for word in ENGLISH)
            ]
    assert found[:20] == []


@pytest.mark.parametrize("day", ["2026-03-01", "2026-09-06", "2025-12-31", "2024-02-29", "2031-09-01"])
def test_those_who_read_and_judge_are_there_on_any_day(day: str) -> None:
    until = dt.date.fromisoformat(day)
    for name in ("small", "scale-up"):
        lea = plan(profile(name), until).cast["lea"]
        assert lea.seat.home.key.startswith("field:sales:fr")


@LARGE
def test_everybody_has_a_title_in_french(loaded: Summary) -> None:
    abroad = Person.objects.present_on(DAY).exclude(country="France")
    assert abroad.filter(title__in=["Commerciale", "Conseiller support"]).exists()
