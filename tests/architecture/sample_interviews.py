"""A conversation for the walk: with notes in two texts, a transcript, a verbatim, and the link of its thanks."""

from tests import world
from vertebra.accounts.models import User
from vertebra.accounts.tokens import digest_of
from vertebra.discovery.actions.interviews import hold_interview, record_consent, start_interview
from vertebra.discovery.actions.transcripts import add_transcript
from vertebra.discovery.actions.verbatims import mark_verbatim
from vertebra.discovery.labels import Consent
from vertebra.discovery.models import Interview, NotesCopy
from vertebra.org.models import Person

PAGES = ("discovery:interview-", "discovery:transcript-", "discovery:verbatim-", "discovery:heard-")
SECRET = "7" * 64


class SampleInterviews:
    """What the addresses of conversations name."""

    def __init__(self, actor: User) -> None:
        person = Person.objects.order_by("pk")[1]
        self.talk = start_interview(actor=actor, person=person, now=world.NOW)
        record_consent(actor=actor, interview=self.talk, consent=Consent.GIVEN, now=world.NOW)
        hold_interview(actor=actor, interview=self.talk, now=world.NOW)
        Interview.objects.filter(pk=self.talk.pk).update(notes="Walked.", follow_up_digest=digest_of(SECRET))
        self.verbatim = mark_verbatim(actor=actor, interview=self.talk, text="Walked.", now=world.NOW)
        self.copy = NotesCopy.objects.create(
            interview=self.talk, author=actor, text="Ran.", based_on=0, key="walk", at=world.NOW
        )
        self.transcript = add_transcript(
            actor=actor, interview=self.talk, name="walk.txt", content=b"We walked.", now=world.NOW
        )

    def of(self, name: str) -> object:
        """The sample for one parameter of one of these addresses."""
        return {
            "interview_id": self.talk.pk,
            "verbatim_id": self.verbatim.pk,
            "copy_id": self.copy.pk,
            "transcript_id": self.transcript.pk,
            "token": SECRET,
        }[name]
