"""Jobs of transcripts: reading large files outside the pages."""

from django.utils.translation import gettext_lazy as _

from vertebra.discovery.actions.transcripts import read_put_away
from vertebra.discovery.models import Transcript
from vertebra.kit import clock
from vertebra.kit.jobs import job


@job(words=_("Read a large transcript"), apart=True)
def read_large_transcript(transcript_id: int) -> int:
    """Read the file of one transcript; done again, it changes nothing."""
    transcript = Transcript.objects.filter(pk=transcript_id).first()
    if transcript is None:
        return 0
    return read_put_away(actor=None, transcript=transcript, now=clock.now()).line_count
