"""Conversations: started in one step, agreed to, held with thanks, taken back at any time; marks in one gesture."""

import pytest
from django.core import mail

from tests import world
from tests.org.company import person, unit
from vertebra.accounts.audit import NothingChanges
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry, Message, User
from vertebra.accounts.outbox import mail_of
from vertebra.discovery.actions.interviews import (
    Close,
    NobodyNamed,
    hold_interview,
    record_consent,
    start_interview,
    withdraw_consent,
)
from vertebra.discovery.actions.verbatims import (
    NotAgreed,
    NothingSelected,
    TooLong,
    mark_verbatim,
    tie_verbatim,
    unmark_verbatim,
)
from vertebra.discovery.labels import Consent, InterviewState, PainState
from vertebra.discovery.models import Evidence, Interview, PainPoint, Verbatim
from vertebra.discovery.queries.follow_ups import opened_by
from vertebra.discovery.queries.voices import voices
from vertebra.kit.seals import unseal

pytestmark = pytest.mark.django_db
TITLE = "Le terrain apprend les sorties par les clients"


@pytest.fixture
def user() -> User:
    return world.ines()


@pytest.fixture
def talk(user: User) -> Interview:
    """A conversation under way, with the agreement to be quoted."""
    team = unit("Support")
    for number in range(5):
        person(f"Agent {number}", team, "support")
    lea = person("Lea Roux", team, "support", email="lea@example.org", language="fr")
    interview = start_interview(actor=user, person=lea, now=world.NOW)
    record_consent(actor=user, interview=interview, consent=Consent.GIVEN, now=world.NOW)
    interview.refresh_from_db()
    return interview


def mark(
    user: User, talk: Interview, text: str = "On l’apprend par les clients.", **given: object
) -> Verbatim:
    return mark_verbatim(actor=user, interview=talk, text=text, now=world.NOW, **given)  # type: ignore[arg-type]


def test_a_name_is_enough_to_start(talk: Interview) -> None:
    assert (talk.function, talk.state, talk.starts_at) == ("support", InterviewState.PLANNED, world.NOW)
    assert talk.unit is not None


def test_somebody_outside_the_directory_is_known_by_function_and_unit(user: User) -> None:
    team = unit("Field")
    made = start_interview(actor=user, function="sales", unit=team, now=world.NOW)
    assert (made.person, made.function, made.unit) == (None, "sales", team)
    with pytest.raises(NobodyNamed):
        start_interview(actor=user, now=world.NOW)


def test_one_planned_for_today_is_the_one_that_starts(user: User, talk: Interview) -> None:
    assert start_interview(actor=user, person=talk.person, now=world.NOW) == talk


def test_marking_raises_a_pain_point_and_tells_the_voice(user: User, talk: Interview) -> None:
    verbatim = mark(user, talk, "  On l’apprend par les clients.\n", new_pain_point_title=TITLE)
    assert verbatim.text == "On l’apprend par les clients."
    pain_point = PainPoint.objects.get()
    assert (pain_point.title, pain_point.people_count) == (TITLE, 1)
    told = voices([verbatim], world.TODAY)[verbatim.pk]
    assert (told.function, told.unit_name) == ("support", "Support")


def test_the_same_words_marked_again_are_one_verbatim_of_two_pain_points(user: User, talk: Interview) -> None:
    first = mark(user, talk, new_pain_point_title=TITLE)
    other = mark(user, talk, new_pain_point_title="Les notes de version arrivent trop tard")
    again = mark(user, talk, pain_point=PainPoint.objects.get(title=TITLE))
    assert first == other == again
    assert (Verbatim.objects.count(), Evidence.objects.count()) == (1, 2)


@pytest.mark.parametrize(("text", "refusal"), [(" \n", NothingSelected), ("x" * 2001, TooLong)])
def test_a_verbatim_is_a_few_words(user: User, talk: Interview, text: str, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        mark(user, talk, text)


def test_nobody_is_marked_who_was_not_asked(user: User) -> None:
    made = start_interview(actor=user, function="sales", now=world.NOW)
    with pytest.raises(NotAgreed):
        mark(user, made)


def test_notes_only_size_a_pain_point_and_are_never_shown(user: User, talk: Interview) -> None:
    record_consent(actor=user, interview=talk, consent=Consent.NOTES_ONLY, now=world.NOW)
    verbatim = mark(user, talk, new_pain_point_title=TITLE)
    assert PainPoint.objects.get().people_count == 1
    assert voices([verbatim], world.TODAY)[verbatim.pk].is_hidden


def test_unmarking_takes_the_pain_point_that_nothing_else_shows(user: User, talk: Interview) -> None:
    verbatim = mark(user, talk, new_pain_point_title=TITLE)
    unmark_verbatim(actor=user, verbatim=verbatim, now=world.NOW)
    assert PainPoint.objects.get().archived_at == world.NOW
    assert not Evidence.objects.filter(ended_at=None).exists()
    with pytest.raises(NothingChanges):
        unmark_verbatim(actor=user, verbatim=verbatim, now=world.NOW)


def test_a_mark_is_tied_later(user: User, talk: Interview) -> None:
    verbatim = mark(user, talk)
    tie_verbatim(actor=user, verbatim=verbatim, new_pain_point_title=TITLE, now=world.NOW)
    assert PainPoint.objects.get().state == PainState.RAISED


def test_holding_thanks_them_with_a_link_to_what_becomes_of_it(
    user: User, talk: Interview, settings: object
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"  # type: ignore[attr-defined]
    close = Close("Les sorties surprises.", "Un audit dans trois semaines.")
    hold_interview(actor=user, interview=talk, close=close, now=world.NOW)
    talk.refresh_from_db()
    assert (talk.state, talk.held_on, talk.most_painful) == (
        InterviewState.HELD, world.TODAY, "Les sorties surprises.",
    )  # fmt: skip
    message = Message.objects.get(template="interview_thanks")
    address = unseal(message.address)
    opened = opened_by(address.rstrip("/").rsplit("/", 1)[-1], world.NOW)
    assert opened is not None and opened.person == talk.person
    body = str(mail_of(message).body)
    assert f"{address}agreement/" in body and "Un audit dans trois semaines." in body
    assert not mail.outbox
    with pytest.raises(NothingChanges):
        hold_interview(actor=user, interview=talk, now=world.NOW)


def test_taking_back_an_agreement_hides_every_word_and_counts_none(user: User, talk: Interview) -> None:
    verbatim = mark(user, talk, new_pain_point_title=TITLE)
    withdraw_consent(actor=None, interview=talk, now=world.NOW)
    verbatim.refresh_from_db()
    pain_point = PainPoint.objects.get()
    assert verbatim.withdrawn_at == world.NOW
    assert (pain_point.people_count, pain_point.evidence_count) == (0, 0)
    assert voices([verbatim], world.TODAY)[verbatim.pk].is_hidden
    assert not AuditEntry.objects.latest("pk").rows.exists()
    assert Message.objects.filter(template="consent_withdrawn", to_user=user).exists()
    with pytest.raises(NothingChanges):
        withdraw_consent(actor=None, interview=talk, now=world.NOW)
    with pytest.raises(NotAgreed):
        mark(user, talk)


def test_the_audit_names_neither_words_nor_people(user: User, talk: Interview) -> None:
    mark(user, talk, "Mot très secret.", new_pain_point_title=TITLE)
    hold_interview(actor=user, interview=talk, close=Close("Mot secret."), now=world.NOW)
    withdraw_consent(actor=user, interview=talk, now=world.NOW)
    for entry in AuditEntry.objects.filter(kind__in=(Kind.INTERVIEW, Kind.VERBATIM)):
        kept = f"{entry.object_name} {entry.particulars} {list(entry.rows.values_list('before', 'after'))}"
        assert "secret" not in kept and "Lea" not in kept
