"""What three years of telling the field hold: releases, words for each trade, who understood, champions, lessons."""

import datetime as dt

import pytest
from django.db.models import Count, F

from tests.demo.rules import faults
from vertebra.accounts.labels import Kind, Relation
from vertebra.accounts.models import Link
from vertebra.demo import content
from vertebra.demo.fixture import DAY
from vertebra.demo.load import Summary
from vertebra.learning.models import Completion, Enrolment, Lesson, LessonText, LessonVersion, Path, StepDone
from vertebra.org.models import Mandate
from vertebra.releases.models import (
    Announcement,
    Audience,
    Brief,
    BriefQuestion,
    CheckCount,
    Consultation,
    ConsultationAnswer,
    ConsultationAsk,
    FreezeWindow,
    GoDecision,
    HeadsUp,
    MovedDate,
    Readiness,
    Receipt,
    Recipient,
    Relay,
    Release,
    Validation,
)
from vertebra.releases.queries.audiences import people_on, reached_by
from vertebra.releases.queries.freezes import freezes_of
from vertebra.reviews.models import Cadence, Finding, Review

pytestmark = pytest.mark.django_db
BOTH = pytest.mark.parametrize("loaded", ["small", "scale-up"], indirect=True)
LARGE = pytest.mark.parametrize("loaded", ["scale-up"], indirect=True)
EXPORT = "Un seul export pour toutes vos boutiques"
ANNOUNCED = "Les annonces de sortie arrivent la veille, dans les mots de chaque métier"


def test_large_releases_say_as_much_in_both_languages() -> None:
    for sheet in content.majors():
        pairs = {name: value for name, value in sheet.items() if isinstance(value, list)}
        for name in pairs.keys() - {"markets", "asked"}:
            assert len(pairs[name]) == 2, (sheet["key"], name)
        french, english = sheet["choices"]
        assert len(french) == len(english) > sheet.get("right", 0)


def test_what_is_asked_of_champions_is_about_something_that_exists() -> None:
    known = {sheet["key"] for sheet in content.majors()} | {f"team:{one['key']}" for one in content.teams()}
    assert {sheet["about"] for sheet in content.telling()["consultation"]} <= known


@BOTH
def test_releases_came_out_over_three_years_and_some_are_still_to_come(loaded: Summary) -> None:
    rows = Release.objects.all()
    wanted = range(380, 420) if loaded.profile == "scale-up" else range(45, 80)
    assert rows.count() in wanted
    out = rows.filter(state="released")
    assert not out.filter(released_on__gt=DAY).exists()
    first = out.earliest("released_on").released_on
    assert first and first < DAY - dt.timedelta(days=800)
    coming = rows.filter(state__in=("planned", "checking"))
    assert coming.count() >= 5 and not coming.filter(planned_on__lte=DAY).exists()
    assert set(rows.values_list("tier__slug", flat=True)) == {"minor", "standard", "major"}
    assert MovedDate.objects.exists()
    assert not rows.filter(released_on__lt=F("created_at__date")).exists()


@LARGE
def test_nothing_came_out_in_a_freeze_nor_before_a_weekend(loaded: Summary) -> None:
    assert FreezeWindow.objects.filter(from_on__gt=DAY).exists()
    for row in Release.objects.filter(state="released").prefetch_related("markets"):
        assert row.released_on and row.released_on.weekday() < 4
        assert not freezes_of(row, row.released_on)


@LARGE
def test_some_come_from_trackers_and_changelogs_and_some_were_withdrawn(loaded: Summary) -> None:
    by_source = dict(Release.objects.values_list("source__name").annotate(count=Count("pk")))
    assert {"Journaux de version", "Suivi des équipes", None} == set(by_source)
    assert min(by_source.values()) > 40
    withdrawn = Release.objects.filter(state="withdrawn")
    assert withdrawn.count() == 4 and not withdrawn.filter(withdrawn_reason="").exists()
    put_right = Announcement.objects.exclude(kind="first")
    assert set(put_right.values_list("kind", flat=True)) == {"correction", "withdrawal"}
    for row in put_right.select_related("correction_of"):
        assert row.correction_of is not None
        first = set(row.correction_of.recipients.values_list("person", flat=True))
        assert set(row.recipients.values_list("person", flat=True)) == first


@BOTH
def test_what_was_raised_can_be_followed_to_those_who_understood_it(loaded: Summary) -> None:
    raised = Link.objects.filter(
        from_kind=Kind.RELEASE, to_kind=Kind.PAIN_POINT, relation=Relation.ANSWERS
    ).values("from_id")
    title = {"title": ANNOUNCED} if loaded.profile == "scale-up" else {}
    release = Release.objects.filter(pk__in=raised, **title)[0]
    ends = {row.to_kind: row.to_id for row in Link.objects.filter(from_kind=Kind.RELEASE, from_id=release.pk)}
    assert set(ends) == {Kind.PAIN_POINT, Kind.TOPIC, Kind.INITIATIVE}
    decided = Link.objects.filter(
        from_kind=Kind.INITIATIVE, from_id=ends[Kind.INITIATIVE], relation=Relation.CARRIES_OUT
    ).values("to_id")
    assert Link.objects.filter(
        from_kind=Kind.DECISION, from_id__in=decided, to_kind=Kind.TOPIC, to_id=ends[Kind.TOPIC]
    ).exists()
    assert Recipient.objects.filter(announcement__release=release).count() > 5
    assert Receipt.objects.filter(release=release, state="understood").count() > 3


@BOTH
def test_the_coming_export_waits_for_late_briefs_and_for_champions_of_the_cast(loaded: Summary) -> None:
    release = Release.objects.get(title=EXPORT)
    assert (release.state, release.tier.slug) == ("checking", "major")
    assert release.planned_on and DAY < release.planned_on < DAY + dt.timedelta(days=60)
    states = dict(release.briefs.values_list("state").annotate(count=Count("pk")))
    assert states["ready"] == 5 and states["prefilled"] == 2
    assert set(release.briefs.values_list("language", flat=True)) == {"fr", "en"}
    asks = ConsultationAsk.objects.filter(consultation__release=release, person__name="Pauline Lescure")
    assert [ask.state for ask in asks] in (["waiting"], ["reminded"])
    assert Link.objects.filter(
        from_kind=Kind.RELEASE, from_id=release.pk, to_kind=Kind.TOPIC, relation=Relation.ANSWERS
    ).exists()


@LARGE
def test_audiences_reach_whom_the_rows_say_they_reached(loaded: Summary) -> None:
    latest = Announcement.objects.filter(kind="first", state="sent").order_by("-due_at")[:12]
    for row in latest:
        assert row.audience is not None
        day = row.due_at.date()
        there = set(people_on(day).filter(reached_by([row.audience.rules], day)).values_list("pk", flat=True))
        told = set(row.recipients.values_list("person", flat=True))
        assert told and len(told - there) <= len(told) * 0.02
    assert Audience.objects.count() == 12


@LARGE
def test_more_of_the_field_knows_before_the_day_than_a_year_ago_and_some_teams_never_do(
    loaded: Summary,
) -> None:
    def share(since: int, until: int) -> float:
        rows = Release.objects.filter(
            released_on__gt=DAY - dt.timedelta(days=since), released_on__lte=DAY - dt.timedelta(days=until)
        )
        told = Recipient.objects.filter(announcement__release__in=rows, announcement__kind="first").count()
        heard = Receipt.objects.filter(
            release__in=rows, first_at__date__lte=F("release__released_on")
        ).count()
        return heard / told

    assert share(180, 30) > share(600, 420)
    early = Receipt.objects.filter(first_at__date__lt=F("release__released_on")).count()
    late = Receipt.objects.filter(first_at__date__gt=F("release__released_on")).count()
    assert early > late > early / 10
    assert set(Receipt.objects.values_list("state", flat=True)) == {"acknowledged", "understood", "question"}
    assert CheckCount.objects.exists() and BriefQuestion.objects.filter(answered_at=None).exists()


@BOTH
def test_receipts_are_of_people_who_were_told_and_not_before(loaded: Summary) -> None:
    for row in Release.objects.filter(announcements__state="sent").distinct():
        told = set(Recipient.objects.filter(announcement__release=row).values_list("person", flat=True))
        assert set(row.receipts.values_list("person", flat=True)) <= told
        first = min(row.announcements.values_list("due_at", flat=True))
        assert not row.receipts.filter(first_at__lt=first).exists()


@BOTH
def test_large_releases_have_agreement_readiness_and_a_go(loaded: Summary) -> None:
    told = Release.objects.filter(
        tier__slug="major", state="released", announcements__isnull=False
    ).distinct()
    assert told.exists()
    for row in told:
        assert GoDecision.objects.filter(release=row).exclude(verdict="no_go").exists()
        assert Validation.objects.filter(release=row, part="champions", is_agreed=True).exists()
        assert Readiness.objects.filter(release=row).values("function").distinct().count() == 4


@LARGE
def test_champions_answer_in_minutes_and_what_was_asked_has_an_outcome(loaded: Summary) -> None:
    mandates = set(Mandate.objects.filter(role="champion").values_list("pk", flat=True))
    asks = ConsultationAsk.objects.select_related("mandate")
    assert {ask.mandate_id for ask in asks} <= mandates
    assert all(ask.mandate.person_id == ask.person_id for ask in asks)
    states = set(asks.values_list("state", flat=True))
    assert states >= {"answered", "lapsed", "waiting"}
    assert not Consultation.objects.filter(closed_at__isnull=False, outcome="").exists()
    assert Consultation.objects.filter(closed_at=None).count() >= 2
    assert set(ConsultationAnswer.objects.values_list("impact", flat=True)) == {"none", "low", "high"}
    assert Relay.objects.exclude(became="").exists() and Relay.objects.filter(release__isnull=False).exists()
    assert HeadsUp.objects.count() >= 4


@BOTH
def test_lessons_expire_when_their_feature_changes_and_are_taken_anew(loaded: Summary) -> None:
    assert Lesson.objects.filter(release__isnull=False).exists()
    assert set(LessonText.objects.values_list("language", flat=True)) == {"fr", "en"}
    changed = LessonVersion.objects.filter(expired_why="changed")
    if loaded.profile == "scale-up":
        assert changed.filter(expired_by__isnull=False).exists()
        assert Completion.objects.filter(version__number=2).exists() or not changed.exists()
    taken = Completion.objects.count()
    assert 0 < taken <= Enrolment.objects.filter(lesson__isnull=False).count() * 2
    assert not Completion.objects.filter(done_on__gt=DAY).exists()


@BOTH
def test_whoever_arrived_is_on_the_product_camp(loaded: Summary) -> None:
    camp = Path.objects.get(is_camp=True)
    on_it = Enrolment.objects.filter(path=camp)
    assert on_it.exists() and not on_it.exclude(person__joined_on__lt=F("started_on")).exists()
    assert StepDone.objects.filter(enrolment__path=camp).exists()


@LARGE
def test_the_role_of_champions_was_looked_back_at_twice(loaded: Summary) -> None:
    cadence = Cadence.objects.get(role="champion")
    assert cadence.next_on > DAY + dt.timedelta(days=60)
    rows = list(Review.objects.order_by("frozen_on"))
    assert [row.verdict for row in rows] == ["lighten", "keep"]
    assert all(row.figures["answered"] and row.survey_id for row in rows)
    assert Finding.objects.filter(pain_point__isnull=False).count() >= 3


@BOTH
def test_rows_keep_the_rules_between_their_fields(loaded: Summary) -> None:
    for model in (Release, Brief, Announcement, Consultation, ConsultationAsk, Lesson, LessonVersion, Review):
        assert faults(list(model._default_manager.all()[:60]), whole=True) == []
