"""Raising pain points from what shows them, tying and untying evidence, counting who was heard."""

import datetime as dt

import pytest

from tests import world
from tests.discovery.hurt import heard, hurting
from tests.org import company
from vertebra.accounts import audit
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry, Link, Message, Watch
from vertebra.discovery.actions.pain_points import (
    EvidenceDraft,
    NoEvidence,
    raise_pain_point,
    tie_evidence,
    untie_evidence,
)
from vertebra.discovery.labels import PainState
from vertebra.discovery.models import PainPoint
from vertebra.org.labels import Function

pytestmark = pytest.mark.django_db


def test_a_pain_point_is_not_raised_without_evidence() -> None:
    with pytest.raises(NoEvidence):
        raise_pain_point(
            actor=world.ines(), title="Nobody tells sales", language="en", evidence=[], now=world.NOW
        )
    assert not PainPoint.objects.exists()


def test_raising_counts_whom_was_heard_and_follows_it() -> None:
    ines = world.ines()
    team = company.unit("Cash desk")
    said = [heard(company.person(f"Sales {n}", team, Function.SALES), team, Function.SALES) for n in range(3)]
    pain = raise_pain_point(
        actor=ines, title="Nobody tells sales", language="en", now=world.NOW,
        evidence=[EvidenceDraft(verbatim=one) for one in said],
    )  # fmt: skip
    assert (pain.people_count, pain.team_count, pain.function_count, pain.evidence_count) == (3, 1, 1, 3)
    assert pain.recent_count == 3
    assert Watch.objects.filter(user=ines, kind=Kind.PAIN_POINT, object_id=pain.pk).exists()
    assert AuditEntry.objects.get(kind=Kind.PAIN_POINT, object_id=pain.pk).verb == "raise"


def test_one_person_said_twice_counts_once() -> None:
    team = company.unit("Cash desk")
    lea = company.person("Lea", team, Function.SALES)
    pain = hurting(world.ines(), heard(lea, team, Function.SALES), heard(lea, team, Function.SALES))
    assert (pain.people_count, pain.evidence_count) == (1, 2)


def test_it_hurts_the_smallest_unit_that_holds_five_of_the_function() -> None:
    tribe = company.unit("Payments")
    cash, billing = company.unit("Cash desk", tribe), company.unit("Billing", tribe)
    people = [company.person(f"Sales {n}", cash if n < 3 else billing, Function.SALES) for n in range(6)]
    pain = hurting(world.ines(), heard(people[0], cash, Function.SALES))
    [group] = pain.groups.all()
    assert (group.function, group.unit_id, group.people_count) == (Function.SALES, tribe.pk, 6)


def test_the_last_evidence_stays_unless_whoever_said_it_takes_it_back() -> None:
    ines = world.ines()
    pain = hurting(ines, heard(None, None, Function.SALES))
    evidence = pain.evidence.get()
    with pytest.raises(NoEvidence):
        untie_evidence(actor=ines, evidence=evidence, now=world.NOW)
    untie_evidence(actor=ines, evidence=evidence, now=world.NOW, is_withdrawn=True)
    pain.refresh_from_db()
    assert pain.evidence_count == 0


def test_evidence_seen_after_it_was_settled_brings_it_back_and_tells_followers() -> None:
    ines = world.ines()
    pain = hurting(ines, heard(None, None, Function.SALES))
    pain.state, pain.settled_on = PainState.SETTLED, world.TODAY - dt.timedelta(days=10)
    pain.save()
    lea = world.lea()
    Watch.objects.create(user=lea, kind=Kind.PAIN_POINT, object_id=pain.pk, since_at=world.NOW)
    before = heard(None, None, Function.SALES, said_on=world.TODAY - dt.timedelta(days=10))
    tie_evidence(actor=ines, pain_point=pain, draft=EvidenceDraft(verbatim=before), now=world.NOW)
    pain.refresh_from_db()
    assert pain.state == PainState.SETTLED
    after = heard(None, None, Function.SALES)
    tie_evidence(actor=ines, pain_point=pain, draft=EvidenceDraft(verbatim=after), now=world.NOW)
    assert PainPoint.objects.get(pk=pain.pk).state == PainState.CONFIRMED
    assert AuditEntry.objects.latest("pk").verb == "reopen"
    assert Message.objects.get(to_user=lea).template == "pain_point_changed"


def test_an_object_that_shows_it_is_a_step_of_the_thread_and_undo_takes_it_back() -> None:
    ines = world.ines()
    draft = EvidenceDraft(kind=Kind.EMPTY_SPACE, object_id=7, why="reported nine times")
    pain = raise_pain_point(actor=ines, title="Refunds", language="en", evidence=[draft], now=world.NOW)
    assert Link.objects.get().from_id == 7
    tie_evidence(actor=ines, pain_point=pain, draft=EvidenceDraft(kind=Kind.GAP, object_id=3), now=world.NOW)
    audit.undo(actor=ines, entry=AuditEntry.objects.latest("pk"), now=world.NOW)
    pain.refresh_from_db()
    assert pain.evidence_count == 1
    assert not Link.objects.filter(from_kind=Kind.GAP).exists()
