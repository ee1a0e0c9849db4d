"""Surveys for the walk: one in each state, put to the accounts that walk."""

from collections.abc import Iterable

from tests import world
from vertebra.accounts.models import User
from vertebra.accounts.tokens import digest_of, new_secret
from vertebra.evidence.actions.importing import take_file
from vertebra.evidence.actions.surveys import QuestionDraft, close_survey, create_survey, open_survey
from vertebra.evidence.actions.themes import add_to_theme
from vertebra.evidence.labels import Cut, QuestionKind, SurveyKind
from vertebra.evidence.models import Invitation, Question, Response, Survey, Theme
from vertebra.evidence.survey_files import read_survey
from vertebra.kit.text import fold
from vertebra.org.models import Person

DRAFTS = {"pulse-questions", "pulse-people", "pulse-preview", "pulse-open"}
FILES = {"survey-columns", "survey-preview"}
OPEN = {"pulse-close", "pulse-withdraw", "pulse-remind", "answer-own"}
QUESTIONS = (
    QuestionDraft("q", QuestionKind.SCALE, "How much?"),
    QuestionDraft("t", QuestionKind.TEXT, "Why?"),
)
FILE = b"Region,Mood\r\n" + b"North,3\r\nSouth,4\r\n" * 6


class SampleSurveys:
    """A draft, a file being prepared, an open survey asked of each account, and a closed one with a theme."""

    def __init__(self, users: Iterable[User]) -> None:
        accounts = list(users)
        self.actor = next(user for user in accounts if user.role == "product_ops")
        people = [self._person(user.name, user) for user in accounts]
        people += [self._person(f"Asked {number} of the walk") for number in range(3)]
        self.draft = self._survey(people)
        self.open = self._survey(people, is_open=True)
        self.closed = self._survey(people, is_open=True)
        self.file = take_file(
            actor=self.actor,
            file=read_survey(FILE, "walk.csv"),
            name="walk.csv",
            title="Walk",
            language="fr",
            now=world.NOW,
        )
        self.secret = new_secret()
        rows = Invitation.objects.filter(survey=self.open)
        rows.update(sent_on=world.TODAY)
        Invitation.objects.filter(survey=self.open, person=people[-1]).update(digest=digest_of(self.secret))
        for row in Invitation.objects.filter(survey=self.closed):
            Response.objects.create(survey=self.closed, cell_id=row.cell_id, answers={"q": 5, "t": "Because"})
        close_survey(actor=None, survey=self.closed, now=world.NOW)
        self.question = Question.objects.get(survey=self.closed, code="t")
        ids = list(Response.objects.filter(survey=self.closed).values_list("pk", flat=True))
        add_to_theme(actor=self.actor, question=self.question, name="Walk", response_ids=ids, now=world.NOW)
        self.theme = Theme.objects.get(question=self.question)

    def of(self, name: str) -> int:
        """The survey that an address is about."""
        verb = name.partition(":")[2]
        if verb in DRAFTS:
            return self.draft.pk
        if verb in FILES:
            return self.file.pk
        return self.open.pk if verb in OPEN else self.closed.pk

    def _person(self, name: str, user: User | None = None) -> Person:
        return Person.objects.create(
            name=name, name_folded=fold(name), user=user, email=f"{fold(name).replace(' ', '.')}@example.org",
            created_at=world.NOW,
        )  # fmt: skip

    def _survey(self, people: list[Person], *, is_open: bool = False) -> Survey:
        made = create_survey(
            actor=self.actor, kind=SurveyKind.PULSE, title="Walk", language="fr", questions=QUESTIONS,
            people=people, cut=Cut.UNIT, now=world.NOW,
        )  # fmt: skip
        if is_open:
            open_survey(actor=self.actor, survey=made, now=world.NOW)
        made.refresh_from_db()
        return made
