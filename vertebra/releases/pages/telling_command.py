"""“Whom do I tell?” from a chat tool: a command with a text is answered with names, which only who asks can read."""

import json
import re
import secrets
from hashlib import sha256
from html import unescape

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from vertebra.accounts.labels import Channel
from vertebra.accounts.models import User
from vertebra.accounts.permissions import Right, may, open_to_anyone
from vertebra.accounts.rate_limits import is_allowed
from vertebra.connectors import mattermost, slack
from vertebra.connectors.publishing import Button, Post, Tick
from vertebra.kit import clock
from vertebra.releases.pages.chat_frame import genuine, sent, who_asks
from vertebra.releases.pages.telling_frame import with_reach
from vertebra.releases.pages.telling_links import page_with
from vertebra.releases.queries.telling import LONGEST, Shown, nearest, shown, whom_to_tell

MOST_NAMES = 5
# What is pressed to tell those who are ticked, and for how many seconds.
TELL = "tell"
PRESSED_FOR = 3600
_MARKS = re.compile(r"([\\`*_\[\]<>#~|])")


@csrf_exempt
@open_to_anyone("a chat tool asks for somebody: it proves who it is with the secret of its command")
@require_POST
def ask(request: HttpRequest, chat_id: int) -> HttpResponseBase:
    """Answer a command with whom to tell; nothing of it is kept but what its own link opens, for an hour."""
    connection = genuine(request, chat_id)
    if connection is None:
        return HttpResponse(status=401)
    is_slack = connection.tool == Channel.SLACK
    user = who_asks(connection, sent(request, "user_id" if is_slack else "user_name"))
    with translation.override(user.language if user else connection.language):
        post = _answer(user, unescape(sent(request, "text")).strip(), is_pressed=is_slack)
    if is_slack:
        return JsonResponse(slack.said(post))
    return JsonResponse({"response_type": "ephemeral", "text": mattermost.text_of(post)})


def _answer(user: User | None, text: str, *, is_pressed: bool) -> Post:
    """Names with their reasons and the way to write to them, or why there are none."""
    title, url = _("Whom do I tell?"), settings.PUBLIC_URL + reverse("releases:telling")
    if user is None:
        said = _("It is not known here who you are: ask on the page, where you sign in.")
    elif not may(user, Right.TAKE_PART):
        said = _("Your role does not allow this.")
    elif not text:
        said = _("Write after the command what it is about: a sentence, or a whole ticket.")
    elif not is_allowed("telling_command", str(user.pk)):
        said = _("You asked many times in a short time: wait a minute.")
    else:
        return _names(user, text, title, is_pressed=is_pressed)
    return Post(title, said, url, _("Open"))


def _names(user: User, text: str, title: str, *, is_pressed: bool) -> Post:
    # What time people agreed to stays on the page: a chat tool vouches for nobody.
    now = clock.now()
    told = whom_to_tell(text, now=now, language=user.language[:2])
    rows, subjects, lacks = shown(told, with_time=False)
    about = _("This speaks of: %(subjects)s.") % {"subjects": plain(", ".join(subjects))} if subjects else ""
    if near := nearest(told):
        about = _("It names nothing that a champion answers for. Nearest to it: %(subjects)s.") % {
            "subjects": plain(", ".join(near))
        }
    first = sorted(with_reach(rows), key=lambda one: not one.is_picked)[:MOST_NAMES]
    lines = [_line(one) for one in first]
    if not rows and not subjects:
        about = _("It names no area, market, unit or thing under way that is known here.")
    if not rows:
        about += " " + _("On the page are Product Ops and all champions, by trade and by name.")
    missing = [f"_{plain(one)}_" for one in lacks[:MOST_NAMES]]
    parts = [about, "\n".join(lines), "\n\n".join(missing)]
    # Addresses end in histories and logs: what was asked stands in none.
    address = page_with(text[:LONGEST], user)
    nonce = secrets.token_urlsafe(12)
    value = json.dumps({"key": nonce, "text": text}, ensure_ascii=False)
    can_press = is_pressed and bool(rows) and len(value) <= slack.MOST_VALUE
    if can_press:
        cache.set(key_of(nonce), user.pk, PRESSED_FOR)
        parts.append(_("Those who are ticked get what you wrote, as it is, under your name."))
    body = "\n\n".join(part for part in parts if part)
    if not can_press:
        return Post(title, body, address, _("Tell them") if rows else _("Open"))
    ticks = tuple(Tick(one.person.name, str(one.person.pk), one.is_picked) for one in first)
    buttons = (Button(_("Tell them"), TELL, value),)
    return Post(title, body, address, _("Write it otherwise"), buttons=buttons, ticks=ticks)


def key_of(nonce: str) -> str:
    """Under what it is remembered that an answer was not pressed yet, and whose it is; nothing of its text."""
    return f"telling-pressed:{sha256(nonce.encode()).hexdigest()}"


def _line(one: Shown) -> str:
    who = f"- **{plain(one.person.name)}**"
    who += f", {plain(one.person.title)}" if one.person.title else ""
    return f"{who}: {plain(' · '.join(one.reasons))}" if one.reasons else who


def plain(text: str) -> str:
    """A text in which nothing is a mark."""
    return _MARKS.sub(r"\\\1", text)
