"""The golden thread of any object, as a page and as the one line that its page shows."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render

from vertebra.accounts.labels import Kind
from vertebra.accounts.permissions import PageRequest, Right, requires
from vertebra.accounts.together import card_of
from vertebra.web.thread import Step, Thread, thread_of

IN_LINE = 3
# What the one line on a page tells; what was heard, the aim and the figures of it are told when it unfolds.
STORY = frozenset(
    {
        Kind.VERBATIM, Kind.PAIN_POINT, Kind.AUDIT, Kind.EMPTY_SPACE, Kind.INCIDENT, Kind.HELP_REQUEST, Kind.SURVEY,
        Kind.TOPIC, Kind.DECISION, Kind.QUICK_WIN, Kind.INITIATIVE, Kind.RESULT,
        Kind.RELEASE,
    }
)  # fmt: skip


@requires(Right.READ)
def thread(request: PageRequest, kind: str, object_id: int) -> HttpResponse:
    """Where an object comes from and what came of it; the line alone when its page asks for it."""
    here = card_of(request.user, kind, object_id)
    if here is None:
        raise Http404
    if not request.htmx:
        return render(request, "web/thread.html", {"thread": thread_of(request.user, here)})
    line = _line(thread_of(request.user, here, STORY)) or _line(thread_of(request.user, here))
    return render(request, "web/thread.html#line", {"steps": line})


def _line(found: Thread) -> list[dict[str, Any]]:
    """The nearest steps both ways, for the trail on the page of the object; of its story, where it has one."""
    if not (found.before or found.after):
        return []
    here = {"label": found.here.title, "is_here": True}
    before, after = _story(found.before), _story(found.after)
    return [*map(_shown, before[-IN_LINE:]), here, *map(_shown, after[:IN_LINE])]


def _story(steps: list[Step]) -> list[Step]:
    """The steps of a line: of what was said, the words that stand nearest."""
    words = [step for step in steps if step.card.kind == Kind.VERBATIM]
    return [step for step in steps if step not in words[:-1]]


def _shown(step: Step) -> dict[str, Any]:
    return {
        "label": step.card.title,
        "url": step.card.url,
        "kind": step.kind_label,
        "when": step.since,
        "why": step.why,
    }
