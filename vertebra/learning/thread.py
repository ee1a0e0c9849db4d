"""What lessons and paths are called, for comments, watches, search and the thread."""

from vertebra.accounts.labels import Kind
from vertebra.accounts.together import Names
from vertebra.kit.cards import Titled
from vertebra.learning.models import Lesson, Path

resolve = Names(
    {
        Kind.LESSON: Titled(Lesson, "learning:lesson-show"),
        Kind.PATH: Titled(Path, "learning:path-show"),
    }
)
