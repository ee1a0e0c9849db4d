"""What is pressed in Slack: those who are ticked are told, a consultation is answered; answered there within seconds."""

import json

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from vertebra.accounts.audit import NothingChanges, Refusal
from vertebra.accounts.jobs import answer_in_slack
from vertebra.accounts.labels import Channel
from vertebra.accounts.models import User
from vertebra.accounts.permissions import Right, may, open_to_anyone
from vertebra.accounts.rate_limits import is_allowed
from vertebra.connectors import slack
from vertebra.connectors.publishing import Post
from vertebra.kit import clock
from vertebra.kit.numbers import whole_number
from vertebra.releases.actions.consultation_answers import answer_consultation
from vertebra.releases.actions.telling import send_heads_up
from vertebra.releases.labels.consultations import IMPACT_ANSWERS, PRESSED
from vertebra.releases.pages.chat_frame import genuine, is_replayed, sent, who_asks
from vertebra.releases.pages.telling_command import TELL, key_of, plain
from vertebra.releases.pages.telling_frame import who_is_missed, who_is_told
from vertebra.releases.queries.consultations import asks
from vertebra.releases.queries.telling import shown, whom_to_tell

# What is answered to a press, and whether it takes the place of what was pressed.
Said = tuple[Post, bool]


@csrf_exempt
@open_to_anyone("Slack brings what somebody pressed: it signs each request, and each is taken once")
@require_POST
def press(request: HttpRequest, chat_id: int) -> HttpResponseBase:
    """Do what was pressed, once; what came of it is said there by a job, so that Slack never waits."""
    connection = genuine(request, chat_id)
    if connection is None or connection.tool != Channel.SLACK or is_replayed(request):
        return HttpResponse(status=401)
    pressed = slack.press_of(sent(request, "payload"))
    if pressed is None or not (pressed.action == TELL or pressed.action.startswith(PRESSED)):
        return HttpResponse()  # ticked only, or opened
    user = who_asks(connection, pressed.who)
    with translation.override(user.language if user else connection.language):
        if user is None:
            said = _said(_("It is not known here who you are: ask on the page, where you sign in."))
        elif pressed.action == TELL:
            said = _tell(user, pressed)
        else:
            said = _answer(user, pressed)
    post, replaces = said
    if pressed.answer_to:
        answer_in_slack.enqueue(pressed.answer_to, slack.said(post, replaces=replaces))
    return HttpResponse()


def _said(words: str, title: str = "", page: str = "", *, replaces: bool = False) -> Said:
    url = settings.PUBLIC_URL + (page or reverse("releases:telling"))
    return Post(title or _("Whom do I tell?"), words, url, _("Open")), replaces


def _tell(user: User, pressed: slack.Press) -> Said:
    """Send what was asked about to those who are ticked, once for each answer, if they are proposed for it."""
    try:
        value = json.loads(pressed.value)
        nonce, text = str(value["key"]), str(value["text"]).strip()
    except (ValueError, KeyError, TypeError, RecursionError):
        return _said(_("Write after the command what it is about: a sentence, or a whole ticket."))
    if not may(user, Right.TAKE_PART):
        return _said(_("Your role does not allow this."))
    now = clock.now()
    found = whom_to_tell(text, now=now, language=user.language[:2])
    rows, _subjects, _lacks = shown(found, with_time=False)
    ticked = {str(one.person.pk): one for one in rows if str(one.person.pk) in pressed.ticked}
    try:
        with transaction.atomic():
            # Taken with what it opens: whatever is refused leaves it to be pressed again.
            if cache.get(key_of(nonce)) != user.pk or not cache.delete(key_of(nonce)):
                raise Refusal(_("This was sent already, or is an hour old: ask again."))
            if not is_allowed("heads_up", str(user.pk)):
                raise Refusal(_("You told many people in a short time: wait a few minutes."))
            people = {one.person.pk: one.codes for one in ticked.values()}
            _entry, told, missed = send_heads_up(
                actor=user, words=text, people=people, language=user.language[:2], now=now
            )
    except Refusal as refusal:
        return _said(str(refusal))
    words = f"{who_is_told(len(told))} {plain(', '.join(one.name for one in told))}"
    if missed:
        words += f"\n\n{plain(who_is_missed([one.name for one in missed]))}"
    return _said(words, replaces=True)


def _answer(user: User, pressed: slack.Press) -> Said:
    """Take none, low or high of whoever was asked; what they wrote before stays."""
    row = asks().filter(pk=whole_number(pressed.value) or 0, person__user=user).first()
    if row is None:
        return _said(_("This was asked of somebody else."))
    impact = pressed.action.removeprefix(PRESSED)
    held = getattr(row, "answer", None)
    page, title = reverse("releases:consultation-show", args=(row.consultation_id,)), row.consultation.title
    try:
        if not is_allowed("survey_answer", f"consultation ask {row.pk}"):
            raise Refusal(_("You answered many times in a short time: wait a minute."))
        answer_consultation(
            actor=user, ask=row, impact=impact, readiness=held.readiness if held else "",
            words=held.words if held else "", language=held.language if held else user.language[:2],
            now=clock.now(),
        )  # fmt: skip
    except NothingChanges:
        pass
    except Refusal as refusal:
        return _said(str(refusal), title, page)
    thanks = _("Noted: “%(answer)s”. On its page you may say more, or answer better until it is closed.")
    return _said(thanks % {"answer": str(IMPACT_ANSWERS[impact])}, title, f"{page}#mine")
