"""What the roadmap says on the home page: what waits for the person, what became of what they raised, PM time off product."""

import datetime as dt
from collections import Counter

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from vertebra.accounts.models import User
from vertebra.accounts.permissions import Right, may
from vertebra.kit import clock
from vertebra.kit.home import Block, Line, Need, Part, Row
from vertebra.org.empty_spaces import person_of
from vertebra.roadmap.labels.topics import TOPIC_TONES, TopicState
from vertebra.roadmap.models import Decision, Voice
from vertebra.roadmap.queries.decisions import said_in
from vertebra.roadmap.queries.front_desk import due_for, in_turn, waiting
from vertebra.roadmap.queries.pm_time import PmTime, pm_time, tie_initiatives

SHOWN = 5
CAUSES_SHOWN = 3
DECIDED = (TopicState.CHOSEN, TopicState.NOT_NOW, TopicState.DECLINED)
# What is said of each thing that waits: sentence, verb, page and the place on it.
_SAID: dict[str, tuple[str | Promise, str | Promise, str]] = {
    "rank": (gettext_lazy("Rank the topics of “%(title)s”"), gettext_lazy("Rank, ten minutes"), "roadmap:cycle-rank"),
    "decide": (gettext_lazy("Decide on “%(title)s” with the others"), gettext_lazy("See the result"), "roadmap:cycle-result"),
    "baseline": (gettext_lazy("“%(title)s” cannot start without a baseline"), gettext_lazy("Note it"), "roadmap:key-result-list"),
    "close": (gettext_lazy("“%(title)s” is measured: say what came of it"), pgettext_lazy("initiative", "Close it"), "roadmap:initiative-closing"),
    "figure": (gettext_lazy("The second figure of “%(title)s” is due"), gettext_lazy("Note it"), "roadmap:key-result-list"),
    "gate": (gettext_lazy("A gate of “%(title)s” comes up"), gettext_lazy("See it"), "roadmap:project-show#gate-%d"),
    "word": (gettext_lazy("Say where “%(title)s” stands this month"), gettext_lazy("Say it, one minute"), "roadmap:initiative-show#words"),
    "step": (gettext_lazy("A step of yours is due: %(title)s"), gettext_lazy("See it"), "roadmap:launch-show#step-%d"),
    "workstream": (gettext_lazy("A workstream of yours is due: %(title)s"), gettext_lazy("See it"), "roadmap:project-show#workstream-%d"),
    "report": (gettext_lazy("“%(title)s” wrote itself and waits for your sentences"), gettext_lazy("Read it"), "roadmap:report-show"),
    "freeze": (gettext_lazy("Topics of “%(title)s” are collected: freeze the table"), gettext_lazy("Open it"), "roadmap:cycle-show"),
    "open": (gettext_lazy("The table “%(title)s” is frozen: let the directors rank"), gettext_lazy("Open it"), "roadmap:cycle-show"),
    "reveal": (gettext_lazy("Rankings of “%(title)s” are over: reveal the result"), gettext_lazy("Open it"), "roadmap:cycle-show"),
    "publish": (gettext_lazy("Decisions of “%(title)s” wait to be written and published"), gettext_lazy("Decide"), "roadmap:arbitration"),
    "quick_win": ("%(title)s", gettext_lazy("Say where it stands"), "discovery:quick-win-show"),
    "follow_up": (gettext_lazy("To be done after an incident: %(title)s"), pgettext_lazy("verb", "Say that it is done"), "evidence:incident-show#follow-ups"),
    "post_mortem": (gettext_lazy("The post-mortem of “%(title)s” is overdue"), pgettext_lazy("verb", "Write what was learnt"), "evidence:incident-show#post-mortem"),
    "alert": (gettext_lazy("“%(title)s” crossed the threshold you watch"), gettext_lazy("Look at it"), "measures:metric-show"),
    "request": (gettext_lazy("Somebody asks: %(title)s"), gettext_lazy("Answer them"), "measures:request-show"),
    "verify": (gettext_lazy("Nobody verified your metric “%(title)s”"), gettext_lazy("Verify it"), "measures:metric-show"),
}  # fmt: skip
# Of each of these only the first few are told one by one.
MOST_ALIKE = 3


def part(user: User, now: dt.datetime) -> Part:
    """What waits for the person and for Product Ops, the headline of Product Ops, and what became of what was raised."""
    return Part(
        lead=lambda: _headline(user),
        waits=lambda: due_for(user, now),
        told=lambda rows: _needs(rows, clock.today(now)),
        blocks=lambda: [_raised(user)],
        around=lambda: [*_pm_time(user), _load()] if may(user, Right.PRODUCT_OPS) else [],
    )


def _needs(rows: list[Row], day: dt.date) -> list[Need]:
    told, found = Counter[str](), []
    for row in in_turn(rows):
        told[row[0]] += 1
        if told[row[0]] <= MOST_ALIKE:
            found.append(_need(row, day))
    return found


def _need(row: Row, day: dt.date) -> Need:
    code, pk, title, _detail, due_on, place = row
    sentence, verb, page = _SAID[code]
    page, hash_, anchor = page.partition("#")
    url = reverse(page, args=(pk,)) + hash_ + anchor.replace("%d", str(place))
    said = str(sentence) % {"title": Truncator(title).chars(90)}
    return Need(said, url, str(verb), _when(due_on, day))


def _when(due_on: dt.date | None, day: dt.date) -> str:
    if due_on is None:
        return ""
    said = _("Was due on %(day)s.") if due_on < day else _("Due on %(day)s.")
    return said % {"day": date_format(due_on, "DATE_FORMAT")}


def _headline(user: User) -> SafeString | str:
    """For Product Ops: the share of their time that product managers spend off product, and what takes most of it."""
    found = pm_time(user.language) if may(user, Right.PRODUCT_OPS) else None
    if found is None or found.share is None:
        return ""
    said = _("Product managers spend %(share)s %% of their time off product") % {"share": round(found.share)}
    line = format_html('<a href="{}"><b>{}</b></a>', reverse("roadmap:pm-time"), said)
    rest = []
    if found.before is not None:
        rest.append(_("%(share)s %% a quarter before") % {"share": round(found.before)})
    if found.causes and found.causes[0].share is not None:
        rest.append(_("mostly: %(causes)s") % {"causes": ", ".join(c.label for c in found.causes[:2])})
    return format_html("{} ({}).", line, " ; ".join(rest)) if rest else format_html("{}.", line)


def _pm_time(user: User) -> list[Block]:
    """What takes the time of product managers, and which initiatives reduce each cause."""
    found = pm_time(user.language)
    title, url = _("What takes product managers off product"), reverse("roadmap:pm-time")
    if found is None:
        empty = _("Ask product managers once a quarter: the questions are ready among the pulses.")
        return [Block(title, [], reverse("evidence:pulse-list"), empty, _("See the pulses"))]
    tie_initiatives(found)
    return [Block(title, _cause_lines(found), url, _("Too few answered to say what takes it."))]


def _cause_lines(found: PmTime) -> list[Line]:
    url, lines = reverse("roadmap:pm-time"), []
    for cause in found.causes[:CAUSES_SHOWN]:
        said = _("named by fewer than five people")
        if cause.share is not None:
            said = _("named by %(share)s %%") % {"share": round(cause.share)}
        names = ", ".join(row.title for row in cause.initiatives)
        detail = _("%(said)s; reduced by %(names)s") % {"said": said, "names": names} if names else said
        state, tone = ("", "neutral") if names else (_("no initiative reduces it"), "attention")
        lines.append(Line(cause.label, url, detail, state, tone))
    return lines


def _load() -> Block:
    """What waits for the function, in one line."""
    count, url = waiting(), reverse("roadmap:load")
    if not count:
        return Block(
            _("The load of the function"), [], url, _("No request and no topic waits for an answer.")
        )
    said = ngettext("%(count)d request or topic waits", "%(count)d requests and topics wait", count)
    return Block(_("The load of the function"), [Line(said % {"count": count}, url)], url)


def _raised(user: User) -> Block:
    """The topics that the person raised or relayed, each with what was decided of it."""
    empty = _("Something gets in your way? Two lines are enough: the directors look at topics each quarter.")
    title, url = _("The topics you raised"), reverse("roadmap:topic-create")
    person = person_of(user)
    if person is None:
        return Block(title, [], url, empty, _("Raise a topic"))
    voices = Voice.objects.filter(person=person, topic__archived_at=None).select_related("topic")
    rows = list(voices.order_by("-since_at", "-pk")[:SHOWN])
    decided = [row.topic_id for row in rows if row.topic.state in DECIDED]
    held = Decision.objects.filter(topic__in=decided, published_at__isnull=False, replaced_by=None)
    told = {one.topic_id: one for one in held} if decided else {}
    lines = [_line(row, told.get(row.topic_id), user) for row in rows]
    return Block(title, lines, url, empty, _("Raise a topic"))


def _line(row: Voice, decision: Decision | None, user: User) -> Line:
    topic, tone = row.topic, TOPIC_TONES[row.topic.state]
    if decision is None:
        url = reverse("roadmap:topic-show", args=(topic.pk,))
        return Line(topic.title, url, "", str(topic.get_state_display()), tone)
    detail = Truncator(" — ".join(said_in(decision, user.language))).chars(200)
    url = reverse("roadmap:decision-show", args=(decision.pk,))
    return Line(topic.title, url, detail, str(decision.get_verdict_display()), tone)
