"""The question of a lesson, for the release that carries it (list CHECK_QUESTIONS)."""

from vertebra.learning.models import Lesson
from vertebra.learning.queries.lessons import is_complete, versions_of
from vertebra.releases.queries.understanding import Worded


def question_of(release_id: int) -> dict[str, Worded]:
    """What the lesson of a release asks, in each language: what holds, else what is being written."""
    row = Lesson.objects.filter(release=release_id, archived_at=None).first()
    known = versions_of(row) if row else None
    version = (known.current or known.draft) if known else None
    texts = version.texts.order_by("language") if version else ()
    return {
        text.language: Worded(text.question, text.choices, text.right, text.explanation)
        for text in texts
        if is_complete(text)
    }
