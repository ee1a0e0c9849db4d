"""Lessons, paths and reviews for the walk: a lesson with an image, given to people, a camp, a review for each to lead."""

from collections.abc import Sequence

from django.core.files.uploadedfile import SimpleUploadedFile

from tests import world
from tests.architecture.addresses import Address
from tests.architecture.sample_results import person_of
from vertebra.accounts.models import User
from vertebra.learning.actions.assigning import enrol_due, give_lesson
from vertebra.learning.actions.lessons import create_lesson, publish_lesson, write_text
from vertebra.learning.actions.paths import create_camp
from vertebra.learning.queries.images import keep_image
from vertebra.org.labels import MandateRole
from vertebra.org.models import Person
from vertebra.releases.actions.releases import create_release
from vertebra.reviews.actions.cadences import create_cadence
from vertebra.reviews.actions.reviews import add_finding, open_review
from vertebra.reviews.models import Review

PAGES = ("learning:", "reviews:")
ROLES = (MandateRole.KPI_OWNER, MandateRole.PRACTICE_CARRIER, MandateRole.OTHER, MandateRole.LEAD)
SAID = {
    "body": "One foot, then the other.",
    "question": "Which foot first?",
    "choices": ["left", "right"],
    "image_words": "Two feet",
}


class SampleLearning:
    """What the addresses of learning and of reviews name."""

    def __init__(self, actor: User, users: Sequence[User], reader: Person) -> None:
        now = world.NOW
        image = keep_image(SimpleUploadedFile("feet.png", b"\x89PNG\r\n\x1a\n" + b"0" * 24))
        # A reader writes what they keep true, and decides what they lead.
        self.lesson = create_lesson(actor=actor, title="Walking", language="en", owner=reader, now=now)
        said = {**SAID, "image": image}
        write_text(actor=actor, lesson=self.lesson, language="en", changes=said, now=now)
        publish_lesson(actor=actor, lesson=self.lesson, now=now)
        give_lesson(actor=actor, lesson=self.lesson, role=MandateRole.CHAMPION, now=now)
        enrol_due(actor=actor, now=now)
        write_text(actor=actor, lesson=self.lesson, language="fr", changes=SAID, now=now)
        self.text = self.lesson.versions.get(number=1).texts.get()
        self.release = create_release(actor=actor, title="Running shoes", language="en", lead=reader, now=now)
        self.camp = create_camp(actor=actor, language="en", now=now)
        self.reviews = {user.pk: self._review(user, role) for user, role in zip(users, ROLES, strict=True)}

    def _review(self, user: User, role: MandateRole) -> Review:
        cadence = create_cadence(
            actor=user,
            title=f"The role of {role}",
            language="en",
            role=role,
            lead=person_of(user),
            now=world.NOW,
        )
        review = open_review(actor=user, cadence=cadence, now=world.NOW)
        add_finding(actor=user, review=review, line=f"Somebody walks for {role}", now=world.NOW)
        return review

    def of(self, _address: Address, name: str, mine: User) -> object:
        """The sample for one parameter of one of these addresses."""
        review = self.reviews[mine.pk]
        return {
            "lesson_id": self.lesson.pk,
            "language": "en",
            "text_id": self.text.pk,
            "assignment_id": self.lesson.assignments.all()[0].pk,
            "release_id": self.release.pk,
            "path_id": self.camp.pk,
            "step_id": self.camp.steps.all()[0].pk,
            "review_id": review.pk,
            "cadence_id": review.cadence_id,
        }[name]
