"""The life of a practice and its laws, tried in every way that would break them, by action and in the database."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from tests import world
from tests.org.company import person, unit
from tests.practices.made import built, director, idea, somebody, validated
from vertebra.accounts.audit import NothingChanges, Refusal, undo
from vertebra.accounts.labels import Kind, Role
from vertebra.accounts.models import AuditEntry, Link, Message, User
from vertebra.org.models import Membership
from vertebra.practices.actions import contributions, life, practices, reach, templates, versions
from vertebra.practices.actions.registering import NoCarrier
from vertebra.practices.actions.standing import NotReady
from vertebra.practices.home import part
from vertebra.practices.labels.practices import ContributionKind, Lacking, PracticeState, Reach
from vertebra.practices.models import Practice, PracticeReach, PracticeValidation, PracticeVersion, Trial
from vertebra.practices.queries.reach import reach_of, window_after
from vertebra.practices.queries.rights import is_product_ops
from vertebra.practices.queries.standards import missing_for_standard
from vertebra.practices.queries.texts import review_after, versions_of

pytestmark = pytest.mark.django_db
NOW, TODAY = world.NOW, world.TODAY


@pytest.fixture(autouse=True)
def today(settings: Any) -> None:
    settings.FIXED_NOW = NOW


def test_an_idea_becomes_a_standard_step_by_step() -> None:
    ines, (karim, carrier), (diane, _one) = world.ines(), somebody("Karim"), director()
    tribe = unit("Payments", None, "tribe")
    team = unit("Billing", tribe)
    row = built(karim, carrier, team)
    assert row.state == PracticeState.CO_BUILT
    life.validate_practice(actor=diane, practice=row, words="It helps.", now=NOW)
    row.refresh_from_db()
    assert row.state == PracticeState.VALIDATED and row.next_review_on == review_after(TODAY)
    reach.set_reach(actor=ines, practice=row, unit=tribe, reach=Reach.STANDARD, now=NOW)
    held = row.reaches.get()
    assert held.starts_on == window_after(TODAY) == dt.date(2026, 11, 17)
    assert held.announced_at == NOW and held.validation == row.validation
    known = reach_of([row.pk], held.starts_on)
    assert known.at(row.pk, team.pk) == held
    assert reach_of([row.pk], TODAY).at(row.pk, team.pk) is None
    verbs = set(AuditEntry.objects.filter(kind=Kind.PRACTICE).values_list("verb", flat=True))
    assert {
        "create",
        "write",
        "set_costs",
        "try",
        "propose",
        "add_co_author",
        "validate",
        "announce",
    } <= verbs


def test_those_concerned_are_told_once_and_may_object_until_the_day() -> None:
    karim, carrier = somebody("Karim")
    diane, _one = director()
    team = unit("Billing")
    lea, one = somebody("Lea")
    Membership.objects.create(person=one, unit=team, function="product", starts_on=TODAY)
    row = validated(karim, diane, carrier, team)
    reach.set_reach(actor=karim, practice=row, unit=team, reach=Reach.STANDARD, now=NOW)
    told = Message.objects.get(template="practice_announced")
    assert told.to_user == lea and told.particulars["reach"] == "standard"
    brought = contributions.contribute(
        actor=lea, practice=row, person=one, kind=ContributionKind.OBJECTION, words="Friday is closing day.",
        language="en", now=NOW,
    )  # fmt: skip
    row.refresh_from_db()
    assert row.state == PracticeState.CO_BUILT
    held = row.reaches.get()
    assert held.ends_on == held.starts_on
    with pytest.raises(life.Unanswered):
        life.validate_practice(actor=diane, practice=row, words="Still.", now=NOW)
    contributions.answer_contribution(
        actor=karim, contribution=brought, answer="Thursday then.", is_taken_up=True, person=carrier, now=NOW
    )
    assert Message.objects.get(template="practice_answer").to_user == lea
    life.validate_practice(actor=diane, practice=row, words="On Thursdays.", now=NOW)
    assert PracticeValidation.objects.count() == 2


def test_an_objection_leaves_what_holds_already_and_what_it_was_to_replace() -> None:
    karim, carrier = somebody("Karim")
    diane, _one = director()
    row = validated(karim, diane, carrier)
    tribe, other = unit("Payments", None, "tribe"), unit("Sales", None, "tribe")
    reach.set_reach(actor=karim, practice=row, unit=tribe, reach=Reach.RECOMMENDED, now=NOW)
    reach.set_reach(actor=karim, practice=row, unit=other, reach=Reach.STANDARD, now=NOW)
    later = NOW + dt.timedelta(days=30)
    reach.set_reach(actor=karim, practice=row, unit=tribe, reach=Reach.STANDARD, now=later)
    before = row.reaches.get(unit=tribe, reach=Reach.RECOMMENDED)
    assert before.ends_on is not None
    contributions.contribute(
        actor=karim, practice=row, person=carrier, kind="objection", words="Wait.", language="en", now=later
    )
    before.refresh_from_db()
    assert before.ends_on is None
    assert row.reaches.get(unit=other).ends_on is None


def test_product_ops_never_validate_alone_nor_carry_a_standard() -> None:
    ines = world.ines()
    ines_in_directory = person("Ines Barbier", user=ines, email=ines.email)
    _karim, carrier = somebody("Karim")
    row = built(ines, ines_in_directory)
    assert Lacking.CARRIER in missing_for_standard(row, TODAY)
    with pytest.raises(life.NotTheirs):
        life.validate_practice(actor=ines, practice=row, words="I say so.", now=NOW)
    reader, _one = somebody("Rene")
    with pytest.raises(life.NotTheirs):
        life.validate_practice(actor=reader, practice=row, words="I say so.", now=NOW)
    diane, _diane = director()
    life.validate_practice(actor=diane, practice=row, words="It helps.", now=NOW)
    with pytest.raises(reach.NotAStandardYet):
        reach.set_reach(actor=ines, practice=row, unit=None, reach=Reach.STANDARD, now=NOW)
    reach.set_reach(actor=ines, practice=row, unit=None, reach=Reach.RECOMMENDED, now=NOW)
    practices.change_practice(actor=ines, practice=row, changes={"carrier": carrier}, now=NOW)
    reach.set_reach(actor=ines, practice=row, unit=None, reach=Reach.STANDARD, now=NOW)
    with pytest.raises(practices.CarriedByProductOps):
        practices.change_practice(actor=ines, practice=row, changes={"carrier": ines_in_directory}, now=NOW)


@pytest.mark.parametrize(
    ("take_away", "lacking"),
    [
        (lambda row: row.trials.all().delete(), Lacking.PILOT),
        (lambda row: row.co_authors.all().delete(), Lacking.CO_AUTHORS),
        (lambda row: row.versions.get().costs.all().delete(), Lacking.COST),
        (lambda row: Practice.objects.filter(pk=row.pk).update(carrier=None), Lacking.CARRIER),
    ],
)
def test_a_standard_lacks_nothing(take_away: Callable[[Practice], Any], lacking: Lacking) -> None:
    karim, carrier = somebody("Karim")
    diane, _one = director()
    row = validated(karim, diane, carrier)
    take_away(row)
    row.refresh_from_db()
    assert missing_for_standard(row, TODAY) == [lacking]
    with pytest.raises(reach.NotAStandardYet, match=str(lacking.label)[:20]):
        reach.set_reach(actor=karim, practice=row, unit=None, reach=Reach.STANDARD, now=NOW)


def test_nothing_goes_beyond_the_teams_that_try_it_before_it_is_validated() -> None:
    karim, carrier = somebody("Karim")
    row = built(karim, carrier)
    for wanted in (Reach.STANDARD, Reach.RECOMMENDED):
        with pytest.raises(reach.NotValidated):
            reach.set_reach(actor=karim, practice=row, unit=None, reach=wanted, now=NOW)
        with pytest.raises(IntegrityError), transaction.atomic():
            PracticeReach.objects.create(practice=row, reach=wanted, starts_on=TODAY, created_at=NOW)


def test_a_window_cannot_be_cut_short() -> None:
    karim, carrier = somebody("Karim")
    diane, _one = director()
    row = validated(karim, diane, carrier)
    with pytest.raises(reach.TooSoon):
        reach.set_reach(
            actor=karim, practice=row, unit=None, reach=Reach.RECOMMENDED, starts_on=TODAY + dt.timedelta(days=3), now=NOW
        )  # fmt: skip
    reach.set_reach(actor=karim, practice=row, unit=None, reach=Reach.FREE, now=NOW)
    assert row.reaches.get().starts_on == TODAY


@pytest.mark.parametrize(
    "broken",
    [
        {"state": "validated"},
        {"state": "in_force", "is_validation_owed": False, "next_review_on": TODAY},
        {"state": "in_force", "is_validation_owed": True},
        {"state": "retired"},
    ],
)
def test_the_database_holds_the_laws(broken: dict[str, Any]) -> None:
    row = idea(world.karim())
    with pytest.raises(IntegrityError), transaction.atomic():
        Practice.objects.filter(pk=row.pk).update(**broken)


def test_steps_are_taken_in_order() -> None:
    karim, carrier = somebody("Karim")
    diane, _one = director()
    row = practices.create_practice(actor=karim, name="Alone", language="en", carrier=carrier, now=NOW)
    with pytest.raises(NotReady):
        life.propose_practice(actor=karim, practice=row, now=NOW)
    with pytest.raises(life.NotTheMoment):
        life.validate_practice(actor=diane, practice=row, words="Yes.", now=NOW)
    row = idea(karim, carrier=carrier)
    life.propose_practice(actor=karim, practice=row, now=NOW)
    row.refresh_from_db()
    assert row.state == PracticeState.PROPOSED
    with pytest.raises(life.NobodyBuiltIt):
        life.validate_practice(actor=diane, practice=row, words="Yes.", now=NOW)
    with pytest.raises(life.NotTheMoment):
        life.propose_practice(actor=karim, practice=row, now=NOW)


def test_a_team_tries_freely_and_says_what_it_learnt() -> None:
    karim, carrier = somebody("Karim")
    row = idea(karim, carrier=carrier)
    team = unit("Billing")
    life.start_trial(actor=karim, practice=row, unit=team, language="en", now=NOW)
    with pytest.raises(life.TriedAlready):
        life.start_trial(actor=karim, practice=row, unit=team, language="en", now=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Trial.objects.create(practice=row, unit=team, starts_on=TODAY, language="en", created_at=NOW)
    trial = row.trials.get()
    with pytest.raises(life.NothingLearnt):
        life.end_trial(actor=karim, trial=trial, learnt=" ", now=NOW)
    life.end_trial(actor=karim, trial=trial, learnt="Ten minutes are enough.", now=NOW)
    with pytest.raises(NothingChanges):
        life.end_trial(actor=karim, trial=trial, learnt="Again.", now=NOW)
    life.start_trial(actor=karim, practice=row, unit=team, language="en", now=NOW)


def test_what_was_lived_before_owes_its_validation_and_can_be_validated() -> None:
    ines, (_karim, carrier), (diane, _one) = world.ines(), somebody("Karim"), director()
    with pytest.raises(NoCarrier):
        practices.register_practice(actor=ines, name="Weekly", language="en", now=NOW)
    tribe = unit("Payments", None, "tribe")
    row = practices.register_practice(
        actor=ines, name="Weekly", language="en", units=[tribe], carrier=carrier, now=NOW
    )
    assert row.state == PracticeState.IN_FORCE and row.is_validation_owed
    assert row.next_review_on == dt.date(2027, 5, 2)
    assert reach_of([row.pk], TODAY).at(row.pk, tribe.pk) is not None
    with pytest.raises(reach.NotValidated):
        reach.set_reach(actor=ines, practice=row, unit=None, reach=Reach.STANDARD, now=NOW)
    life.validate_practice(actor=diane, practice=row, words="We keep it.", now=NOW)
    row.refresh_from_db()
    assert row.state == PracticeState.VALIDATED and not row.is_validation_owed


def test_retiring_ends_it_everywhere_and_tells_why() -> None:
    karim, carrier = somebody("Karim")
    row = practices.register_practice(
        actor=karim, name="Weekly", language="en", units=[unit("Billing"), None], carrier=carrier, now=NOW
    )
    with pytest.raises(practices.StillHolds):
        practices.archive_practice(actor=karim, practice=row, now=NOW)
    with pytest.raises(life.NoReason):
        life.retire_practice(actor=karim, practice=row, reason=" ", now=NOW)
    life.retire_practice(actor=karim, practice=row, reason="Nobody reads it.", now=NOW)
    row.refresh_from_db()
    assert row.state == PracticeState.RETIRED
    assert all(one.ends_on == TODAY for one in row.reaches.all())
    with pytest.raises(Refusal):
        versions.write_text(actor=karim, practice=row, language="en", changes={"why": "x"}, now=NOW)
    life.resume_practice(actor=karim, practice=row, now=NOW)
    row.refresh_from_db()
    assert row.state == PracticeState.CO_BUILT


def test_a_version_published_no_longer_changes_and_a_change_is_validated_anew() -> None:
    karim, carrier = somebody("Karim")
    diane, _one = director()
    row = validated(karim, diane, carrier)
    versions.write_text(actor=karim, practice=row, language="en", changes={"why": "To see."}, now=NOW)
    known = versions_of(row)
    assert known.read.number == 1 and known.draft is not None and known.draft.number == 2
    assert {cost.minutes for cost in known.draft.costs.all()} == {60}
    with pytest.raises(life.NotTheMoment):
        life.validate_practice(actor=diane, practice=row, words="Yes.", now=NOW)
    with pytest.raises(NotReady):
        versions.publish_version(actor=karim, practice=row, now=NOW)
    versions.publish_version(actor=karim, practice=row, what_changed="Words.", is_same=True, now=NOW)
    row.refresh_from_db()
    assert row.state == PracticeState.VALIDATED and versions_of(row).read.number == 2
    versions.write_text(
        actor=karim, practice=row, language="fr", changes={"name": "Démos", "why": "Voir."}, now=NOW
    )
    versions.publish_version(actor=karim, practice=row, what_changed="In French too.", now=NOW)
    row.refresh_from_db()
    assert row.state == PracticeState.CO_BUILT and versions_of(row).read.number == 2
    with pytest.raises(IntegrityError), transaction.atomic():
        PracticeVersion.objects.bulk_create(
            [PracticeVersion(practice=row, number=n, created_at=NOW, changed_at=NOW) for n in (8, 9)]
        )


def test_a_validation_can_be_taken_back_within_the_day() -> None:
    karim, carrier = somebody("Karim")
    diane, _one = director()
    row = validated(karim, diane, carrier)
    entry = AuditEntry.objects.get(kind=Kind.PRACTICE, verb="validate")
    undo(actor=diane, entry=entry, now=NOW)
    row.refresh_from_db()
    assert row.state == PracticeState.CO_BUILT and row.validation is None
    assert not PracticeValidation.objects.exists()


def test_a_standard_keeps_a_co_author() -> None:
    karim, carrier = somebody("Karim")
    diane, _one = director()
    row = validated(karim, diane, carrier)
    reach.set_reach(actor=karim, practice=row, unit=None, reach=Reach.STANDARD, now=NOW)
    with pytest.raises(contributions.LastOfAStandard):
        contributions.remove_co_author(actor=karim, co_author=row.co_authors.get(), now=NOW)


def test_a_practice_is_raised_from_what_hurts() -> None:
    row = practices.create_practice(
        actor=world.karim(), name="Triage", language="en", origin=("pain_point", 7), now=NOW
    )
    link = Link.objects.get(from_kind=Kind.PRACTICE, from_id=row.pk)
    assert (link.relation, link.to_kind, link.to_id) == ("raised_from", "pain_point", 7)


def test_a_template_is_a_text_or_an_address() -> None:
    row = idea(world.karim())
    with pytest.raises(templates.NothingToCopy):
        templates.add_template(actor=None, practice=row, title="Agenda", language="en", now=NOW)
    made = templates.add_template(
        actor=None, practice=row, title="Agenda", language="en", body="1. Hello", now=NOW
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        type(made).objects.filter(pk=made.pk).update(body="", web_address="")


def test_role_of_product_ops_is_seen_by_account_and_by_address() -> None:
    ops = world.account("Omar", Role.PRODUCT_OPS)
    assert is_product_ops(person("Omar", email=ops.email.upper()))
    assert not is_product_ops(person("Nobody"))
    User.objects.filter(pk=ops.pk).update(email="")
    assert not is_product_ops(person("Somebody without an address"))
    assert is_product_ops(person("Omar himself", user=ops))


def test_home_tells_who_answers_and_who_validates() -> None:
    karim, carrier = somebody("Karim")
    diane, _one = director()
    row = built(karim, carrier)
    assert said_on_home(diane) == ["“Demos on Fridays” was built together and waits for a validation"]
    held = contributions.contribute(
        actor=diane, practice=row, person=None, kind="objection", words="Wait.", language="en", now=NOW
    )
    assert said_on_home(diane) == []
    assert said_on_home(karim) == ["Somebody objects to “Demos on Fridays”"]
    contributions.answer_contribution(
        actor=karim, contribution=held, answer="We wait.", is_taken_up=True, person=carrier, now=NOW
    )
    assert len(said_on_home(karim)) == 1


def said_on_home(user: User) -> list[str]:
    told = part(user, NOW)
    rows = [row for asked in told.waits() for row in asked]
    return [need.sentence for need in told.told(rows)]
