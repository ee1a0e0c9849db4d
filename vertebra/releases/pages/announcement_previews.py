"""What each trade gets in each language, exactly as it is sent: the mail as HTML and as text, the post in Slack."""

import base64
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import nh3
from django.conf import settings
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override
from django.views.decorators.http import require_GET

from vertebra.accounts.labels import Channel, MessageKind
from vertebra.accounts.models import Letter, Message, User
from vertebra.accounts.outbox.chats import post_of
from vertebra.accounts.outbox.words import Mail, Writer
from vertebra.accounts.permissions import PageRequest, Right, requires
from vertebra.connectors.publishing import Post
from vertebra.connectors.slack import blocks_of
from vertebra.kit import markdown
from vertebra.kit.languages import language_said
from vertebra.releases.forms.announcing import ROOM
from vertebra.releases.forms.announcing import ways as ways_to_tell
from vertebra.releases.labels.briefs import Trade
from vertebra.releases.models import Release
from vertebra.releases.pages.frame import changeable, written_in
from vertebra.releases.queries.announcing import LANGUAGES, Text, Texts, letter_of, reader_page

FORMS = {
    "mail": gettext_lazy("Mail"),
    "text": gettext_lazy("Mail as text"),
    "slack": "Slack",
}
# By which ways each of them goes; a room of a chat tool gets what Slack does.
FORM_WAYS = {"mail": Channel.MAIL, "text": Channel.MAIL, "slack": Channel.SLACK}
_SHOWN = {"strong", "em", "s", "u", "code"}
_MARKS = (
    (re.compile(r"<[^|>\s]+\|([^>]*)>"), r"<u>\1</u>"),
    (re.compile(r"<((?:https?|mailto):[^>\s]+)>"), r"<u>\1</u>"),
    (re.compile(r"(?<![\w*])\*(?=\S)([^*\n]+)\*(?![\w*])"), r"<strong>\1</strong>"),
    (re.compile(r"(?<![\w_])_(?=\S)([^_\n]+)_(?![\w_])"), r"<em>\1</em>"),
    (re.compile(r"(?<![\w~])~(?=\S)([^~\n]+)~(?![\w~])"), r"<s>\1</s>"),
)
_STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Sample:
    """What one reader gets."""

    trade: str
    language: str
    text: Text
    mail: Mail
    post: Post


def sample_of(texts: Texts, trade: str, language: str, reader: User) -> Sample:
    """The mail and the post, written by what sends them; nobody can unsubscribe from a preview."""
    letter = Letter(
        kind=MessageKind.RELEASES, words=letter_of(texts, trade), address=reader_page(texts.release)
    )
    message = Message(kind=letter.kind, letter=letter, to_user=reader, language=language)
    stop = settings.PUBLIC_URL + reverse("accounts:telling")
    mail = Writer().mail(message, stop)
    return Sample(trade, language, texts.best(trade, language), mail, post_of(message))


def _asked(request: PageRequest, release_id: int) -> tuple[Release, Texts, Sample]:
    row = changeable(request, release_id)
    texts = Texts.of(row)
    trade, language = request.GET.get("trade", ""), request.GET.get("language", "")
    trade = trade if trade in texts.trades else str(Trade.EVERYONE)
    language = language if language in LANGUAGES else written_in()
    return row, texts, sample_of(texts, trade, language, request.user)


@require_GET
@requires(Right.TAKE_PART)
def announcement_preview(request: PageRequest, release_id: int) -> HttpResponseBase:
    """Show what one trade gets in one language, in one form; the others are one click away."""
    row, texts, sample = _asked(request, release_id)
    ways = _ways(request)
    goes = [code for code in FORMS if not ways or _goes(code, ways)]
    form = request.GET.get("form", "")
    form = form if form in FORMS else next(iter(goes), "mail")
    context = {
        "row": row,
        "sample": sample,
        "trade_label": Trade(sample.trade).label,
        "language_name": language_said(sample.language),
        "form_name": form,
        "is_ticked": form in goes,
        "forms": _tabs(row, sample, form, ways),
        "choices": _choices(row, texts, sample, form, ways),
        "body": markdown.render(letter_of(texts, sample.trade)[sample.language]["body"]),
        "read_it": _read_it(sample.language),
        "blocks": list(_said(blocks_of(sample.post))) if form == "slack" else [],
        "mail_url": _url("releases:announcement-mail", row, sample.trade, sample.language),
    }
    return render(request, "releases/announcement_preview.html", context)


@require_GET
@requires(Right.TAKE_PART)
def announcement_mail(request: PageRequest, release_id: int) -> HttpResponseBase:
    """The mail as a mail program shows it: its HTML alone."""
    _row, _texts, sample = _asked(request, release_id)
    answer = HttpResponse(sample.mail.html)
    answer["Cache-Control"] = "private"
    # The mail brings its own style: that one, known by its digest, and no other.
    styles = [_digest(style) for style in _STYLE.findall(sample.mail.html)]
    answer._csp_replace = {"style-src": [f"'sha256-{digest}'" for digest in styles]}  # type: ignore[attr-defined]
    return answer


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _ways(request: PageRequest) -> list[str]:
    """The ways that were ticked where one comes from; none if nothing is known of it."""
    asked = request.GET.getlist("channels")
    return [code for code, _label in ways_to_tell() if code in asked]


def _goes(form: str, ways: list[str]) -> bool:
    """Whether anybody gets it in this form by these ways."""
    return FORM_WAYS[form] in ways or (form == "slack" and any(one.startswith(ROOM) for one in ways))


def _url(name: str, row: Release, trade: str, language: str, form: str = "", ways: Sequence[str] = ()) -> str:
    asked = {"trade": trade, "language": language} | ({"form": form} if form else {})
    return f"{reverse(name, args=(row.pk,))}?{urlencode({**asked, 'channels': ways}, doseq=True)}"


def _tabs(row: Release, sample: Sample, form: str, ways: list[str]) -> list[dict[str, Any]]:
    name = "releases:announcement-preview"
    return [
        {
            "label": label,
            "url": _url(name, row, sample.trade, sample.language, code, ways),
            "is_current": code == form,
        }
        for code, label in FORMS.items()
    ]


def _choices(row: Release, texts: Texts, sample: Sample, form: str, ways: list[str]) -> list[dict[str, Any]]:
    """Every trade with a text of its own, in every language."""
    name = "releases:announcement-preview"
    return [
        {
            "label": Trade(trade).label,
            "languages": [
                {
                    "code": language,
                    "url": _url(name, row, trade, language, form, ways),
                    "is_current": (trade, language) == (sample.trade, sample.language),
                }
                for language in LANGUAGES
            ],
        }
        for trade in texts.trades
    ]


def _read_it(language: str) -> str:
    """What the mail's button says."""
    with override(language):
        return _("Read it in Vertebra")


def _said(blocks: list[dict[str, Any]]) -> list[dict[str, str]]:
    """The blocks of a post, each as its kind and its text as Slack shows it."""
    return [
        {"kind": block["type"], "text": as_slack_shows(element["text"].get("text", ""))}
        if block["type"] == "section"
        else {"kind": block["type"], "text": element["text"].get("text", "")}
        for block in blocks
        for element in (block.get("elements") or [block])
    ]


def as_slack_shows(text: str) -> SafeString:
    """Slack's own marks as a browser shows them: bold, soft, struck out, links; nothing else of HTML."""
    for pattern, shown in _MARKS:
        text = pattern.sub(shown, text)
    return mark_safe(nh3.clean(text, tags=_SHOWN))  # noqa: S308 (nh3 cleaned it)
