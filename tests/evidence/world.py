"""A company to ask, and surveys put to it."""

from collections.abc import Sequence
from typing import Any

from tests import world
from tests.org.company import person, unit
from vertebra.accounts.models import Message, User
from vertebra.accounts.tokens import digest_of
from vertebra.evidence import sending
from vertebra.evidence.actions.surveys import QuestionDraft, create_survey, open_survey, record_answer
from vertebra.evidence.labels import Cut, QuestionKind, SurveyKind
from vertebra.evidence.models import Invitation, Survey
from vertebra.evidence.queries.population import Audience
from vertebra.kit.seals import unseal
from vertebra.org.models import Person, Unit

SCALE = QuestionDraft("cost", QuestionKind.SCALE, "How much does this cost you?", is_required=True)
CHOICE = QuestionDraft(
    "cause", QuestionKind.SEVERAL, "What takes it?", (("tools", "tools"), ("meetings", "meetings"))
)
LINE = QuestionDraft("line", QuestionKind.TEXT, "One line")


def team(name: str, size: int, parent: Unit | None = None, function: str = "engineering") -> Unit:
    """A team of so many people, each with an address."""
    made = unit(name, parent)
    for number in range(size):
        person(f"{name} {number}", made, function, email=f"{name.lower()}{number}@example.org", language="en")
    return made


def pulse(
    questions: Sequence[QuestionDraft] = (SCALE, CHOICE, LINE),
    *,
    actor: User | None = None,
    people: Sequence[Person] | None = None,
    cut: str = Cut.UNIT,
    **values: Any,
) -> Survey:
    """A draft put to everybody, or to these people."""
    audience = {"people": people} if people is not None else {"audience": Audience()}
    values = {"kind": SurveyKind.PULSE, "title": "How are we doing?", "language": "en"} | values
    return create_survey(actor=actor, questions=questions, cut=cut, now=world.NOW, **audience, **values)


def asked(survey: Survey, actor: User | None = None) -> Survey:
    """The survey opened, everybody asked."""
    open_survey(actor=actor, survey=survey, now=world.NOW)
    sending.send_due(world.NOW)
    survey.refresh_from_db()
    return survey


def token_of(invitation: Invitation) -> str:
    """The secret of the link that was sent."""
    address = unseal(Message.objects.get(key=f"survey_invitation:{invitation.pk}").address)
    token = address.rstrip("/").rsplit("/", 1)[-1]
    assert digest_of(token) == invitation.digest
    return token


def answer(survey: Survey, in_unit: Unit, *values: int, **others: Any) -> None:
    """People of a unit answer the question `cost` with these values, one each."""
    rows = Invitation.objects.filter(
        survey=survey, is_answered=False, person__memberships__unit=in_unit
    ).order_by("pk")
    for invitation, value in zip(list(rows[: len(values)]), values, strict=True):
        record_answer(token=token_of(invitation), answers={"cost": value, **others}, now=world.NOW)
