"""Where teams stand: superseded and never edited, seen by the team first, doubted, adapted for a time, asked once."""

import datetime as dt
from typing import Any

import pytest

from tests import world
from tests.org.company import person
from tests.practices.adopted import TWO_WEEKS, Living, leads, lived, living, says, signed_in
from vertebra.accounts.audit import NothingChanges, undo
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry, Link, Message
from vertebra.discovery.models import HelpRequest
from vertebra.evidence.models import Ask
from vertebra.kit.seals import unseal
from vertebra.practices.actions import adoption_observed
from vertebra.practices.actions.adaptations import (
    NoEnd,
    NoReason,
    adapt_practice,
    end_adaptation,
    tell_adaptations_over,
)
from vertebra.practices.actions.adoption import NoAnswer, answer_doubt, say_adoption
from vertebra.practices.actions.adoption_cards import (
    CardIsOver,
    answer_card,
    ask_teams,
    decline_card,
    remind_teams,
)
from vertebra.practices.actions.adoption_help import ask_help_with
from vertebra.practices.actions.adoption_observed import observe_adoption
from vertebra.practices.actions.adoption_rows import NotAState, Said
from vertebra.practices.labels.adoption import CardState
from vertebra.practices.models import Adaptation, Adoption, AdoptionCard, ObservationDoubt, Practice, Trial
from vertebra.practices.queries.adoption import facts_on
from vertebra.practices.queries.adoption_figures import adoption_figures, is_to_reopen

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


@pytest.fixture
def here() -> Living:
    return living()


def days(count: float) -> dt.datetime:
    return world.NOW + dt.timedelta(days=count)


def say(here: Living, state: str = "adopted", now: dt.datetime = world.NOW, **more: Any) -> AuditEntry:
    said = [Said(here.practice.pk, state, **more)]
    return say_adoption(actor=None, person=here.karim, unit=here.billing, said=said, language="fr", now=now)


def test_what_a_team_says_takes_the_place_of_what_it_said(here: Living) -> None:
    say(here, "trying")
    say(here, "adopted", days(30), is_willing=True)
    first, then = Adoption.objects.all_time().order_by("pk")
    assert (first.state, first.ends_on) == ("trying", days(30).date())
    assert first.visible_until == then.visible_from == days(44).date()
    assert (then.state, then.is_willing, then.ends_on) == ("adopted", True, None)
    with pytest.raises(NothingChanges):
        say(here, "adopted", days(31), is_willing=True)
    with pytest.raises(NotAState):
        say(here, "always", days(31))


def test_the_entry_of_what_a_team_says_names_neither_practice_nor_state_and_is_undone(here: Living) -> None:
    say(here, "trying")
    entry = say(here, "adopted", days(1))
    assert entry.object_name == "Billing"
    assert "adopted" not in str(entry.particulars) and here.practice.name not in str(entry.particulars)
    undo(actor=signed_in(here.karim, world.karim()), entry=entry, now=days(1))
    assert Adoption.objects.get().state == "trying"


def test_willing_is_said_of_what_is_adopted_only(here: Living) -> None:
    say(here, "trying", is_willing=True)
    assert not Adoption.objects.get().is_willing


def test_tools_fill_in_and_are_doubted_and_answered(here: Living, monkeypatch: pytest.MonkeyPatch) -> None:
    shares: dict[int, float | None] = {here.billing.pk: 0.9, here.cash.pk: 0.1, here.web.pk: None}
    shares |= {here.payments.pk: 0.6, here.company.pk: 0.6}  # units around teams
    monkeypatch.setattr(adoption_observed, "observed_shares", lambda _version, _day: shares)
    assert observe_adoption(actor=None, now=world.NOW)
    assert observe_adoption(actor=None, now=days(1)) is None
    states = {row.unit_id: row.state for row in Adoption.objects.all()}
    assert states == {here.billing.pk: "adopted", here.cash.pk: "not_yet"}

    say(here, "not_yet", days(2), is_doubted=True, doubt="The board moved.")
    doubt = ObservationDoubt.objects.get()
    shares[here.billing.pk] = 0.5
    assert observe_adoption(actor=None, now=days(3)) is None
    with pytest.raises(NoAnswer):
        answer_doubt(actor=world.ines(), doubt=doubt, person=None, is_mended=True, answer=" ", now=days(4))
    ines = Practice.objects.get().carrier
    answer_doubt(
        actor=signed_in(here.karim, world.karim()), doubt=doubt, person=ines, is_mended=True, answer="Mapped again.", now=days(4)
    )  # fmt: skip
    assert observe_adoption(actor=None, now=days(5))
    assert Adoption.objects.get(unit=here.billing, ends_on=None).state == "trying"


def test_what_a_team_said_stands_until_the_tools_show_something_new(
    here: Living, monkeypatch: pytest.MonkeyPatch
) -> None:
    shares: dict[int, float | None] = {here.billing.pk: 0.1}
    monkeypatch.setattr(adoption_observed, "observed_shares", lambda _version, _day: shares)
    observe_adoption(actor=None, now=world.NOW)
    say(here, "adopted", days(1))
    assert observe_adoption(actor=None, now=days(2)) is None
    shares[here.billing.pk] = 0.5
    assert observe_adoption(actor=None, now=days(3))


def test_a_trial_is_trying(here: Living) -> None:
    Trial.objects.create(
        practice=here.practice, unit=here.web, starts_on=world.TODAY, language="en", created_at=world.NOW
    )
    observe_adoption(actor=None, now=world.NOW)
    assert Adoption.objects.get().state == "trying"


def adapted(
    here: Living, ends: int = 60, reason: str = "We ship on Mondays.", now: dt.datetime = world.NOW
) -> Any:
    return adapt_practice(
        actor=here.karim.user or signed_in(here.karim, world.karim()), person=here.karim, practice=here.practice,
        unit=here.billing, kind="adapted", reason=reason, ends_on=world.TODAY + dt.timedelta(days=ends), language="fr",
        now=now,
    )  # fmt: skip


def test_doing_otherwise_needs_a_reason_and_a_day_and_ends_by_itself(here: Living) -> None:
    with pytest.raises(NoReason):
        adapted(here, reason=" ")
    with pytest.raises(NoEnd):
        adapted(here, ends=0)
    adapted(here)
    with pytest.raises(NothingChanges):
        adapted(here)
    adapted(here, ends=90, now=days(1))
    assert Adaptation.objects.as_of(days(2).date()).count() == 1
    assert tell_adaptations_over(actor=None, now=days(60)) is None
    assert tell_adaptations_over(actor=None, now=days(90))
    assert tell_adaptations_over(actor=None, now=days(91)) is None
    assert Message.objects.filter(template="adaptation_over").count() == 1


def test_a_team_does_as_written_again_whenever_it_likes(here: Living) -> None:
    entry = adapted(here)
    row, user = Adaptation.objects.get(pk=entry.object_id), here.karim.user
    assert user is not None
    end_adaptation(actor=user, adaptation=row, now=days(3))
    assert not Adaptation.objects.as_of(days(4).date()).exists()
    with pytest.raises(NothingChanges):
        end_adaptation(actor=user, adaptation=row, now=days(4))


def test_where_a_third_do_otherwise_the_practice_is_asked_about_again(here: Living) -> None:
    adapted(here)
    assert not is_to_reopen(facts_on(world.TODAY, world.TODAY), here.practice.pk)
    Adaptation.objects.create(
        practice=here.practice, unit=here.fees, kind="opted_out", reason="No demos.", language="en",
        starts_on=world.TODAY, ends_on=days(30).date(), created_at=world.NOW,
    )  # fmt: skip
    assert is_to_reopen(facts_on(world.TODAY, world.TODAY), here.practice.pk)


def test_one_card_for_all_practices_goes_to_one_person_once_a_quarter(here: Living) -> None:
    lived("Retro")
    signed_in(here.karim, world.karim())
    assert ask_teams(actor=None, now=world.NOW)
    assert ask_teams(actor=None, now=days(1)) is None
    card = AdoptionCard.objects.get()
    assert (card.unit_id, card.person_id) == (here.billing.pk, here.karim.pk)
    assert Message.objects.filter(template="adoption_card").count() == 1
    assert Ask.objects.filter(kind=Kind.ADOPTION_CARD, person=here.karim).count() == 1
    assert remind_teams(actor=None, now=days(3)) is None
    assert remind_teams(actor=None, now=days(8))
    assert remind_teams(actor=None, now=days(20)) is None
    assert ask_teams(actor=None, now=world.NOW.replace(year=2027, month=1, day=4))


def test_whoever_was_asked_twice_this_week_is_not_asked(here: Living) -> None:
    signed_in(here.karim, world.karim())
    for number in (1, 2):
        Ask.objects.create(person=here.karim, kind=Kind.SURVEY, object_id=number, on=world.TODAY)
    assert ask_teams(actor=None, now=world.NOW) is None
    assert ask_teams(actor=None, now=days(8))


def test_a_team_whose_tools_show_everything_is_not_asked(
    here: Living, monkeypatch: pytest.MonkeyPatch
) -> None:
    signed_in(here.karim, world.karim())
    shares = {here.billing.pk: 0.9}
    monkeypatch.setattr(adoption_observed, "observed_shares", lambda _version, _day: shares)
    observe_adoption(actor=None, now=world.NOW)
    assert ask_teams(actor=None, now=world.NOW) is None


def test_a_card_is_answered_twice_and_passed_on(here: Living) -> None:
    signed_in(here.karim, world.karim())
    zoe = leads(person("Zoé Lam", here.billing, email="zoe@example.org"), here.billing, "designer")
    ask_teams(actor=None, now=world.NOW)
    decline_card(actor=None, card=AdoptionCard.objects.get(), now=days(1))
    signed_in(zoe, world.lea())
    assert ask_teams(actor=None, now=days(1))
    card = AdoptionCard.objects.get(state=CardState.WAITING)
    assert card.person_id == zoe.pk
    for state, at in (("trying", 2), ("adopted", 2), ("adopted", 2)):
        answer_card(actor=None, card=card, said=[Said(here.practice.pk, state)], language="fr", now=days(at))
    assert Adoption.objects.get(ends_on=None).state == "adopted"
    with pytest.raises(CardIsOver):
        decline_card(actor=None, card=card, now=days(3))
    with pytest.raises(CardIsOver):
        answer_card(actor=None, card=card, said=[], language="fr", now=days(100))


def test_the_link_of_the_letter_opens_the_card(here: Living) -> None:
    signed_in(here.karim, world.karim())
    ask_teams(actor=None, now=world.NOW)
    message = Message.objects.get(template="adoption_card")
    assert unseal(message.address).startswith("/practices/card/")


def test_help_is_asked_in_one_line_and_tied_to_the_practice(here: Living) -> None:
    user = signed_in(here.karim, world.karim())
    ask_help_with(
        actor=user, practice=here.practice, unit=here.billing, sentence="How do you keep it short?", language="en",
        now=world.NOW,
    )  # fmt: skip
    request = HelpRequest.objects.get()
    assert request.unit_id == here.billing.pk
    link = Link.objects.get(to_kind=Kind.PRACTICE)
    assert (link.from_kind, link.from_id, link.to_id) == (Kind.HELP_REQUEST, request.pk, here.practice.pk)


def test_the_figures_of_the_look_back_are_what_the_outside_may_know(here: Living) -> None:
    says(here.billing, here.practice, "adopted")
    says(here.cash, here.practice, "trying")
    says(here.refunds, here.practice, "adopted")
    until = world.TODAY + TWO_WEEKS
    early = adoption_figures(here.practice, world.TODAY - TWO_WEEKS, until - dt.timedelta(days=1))
    assert (early["adopted"], early["unknown"]) == (0, 5)
    later = adoption_figures(here.practice, world.TODAY - TWO_WEEKS, until)
    # Refunds, of three, is counted with Fees: six people together. Letters, alone in its tribe, is counted nowhere.
    assert (later["teams"], later["adopted"], later["trying"]) == (5, 2, 1)


def test_the_look_back_counts_who_does_otherwise_on_its_day(here: Living) -> None:
    adapted(here, ends=30)

    def on(day: int) -> int | None:
        return adoption_figures(here.practice, world.TODAY - TWO_WEEKS, days(day).date())["adapted"]

    assert (on(29), on(30), on(60)) == (1, 0, 0)
