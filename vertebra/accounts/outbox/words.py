"""What a message says, in the language of whoever reads it: a letter once for all its readers, others from a template."""

from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.template import Context, engines
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import formats, translation
from django.utils.html import escape
from django.utils.translation import gettext as _

from vertebra.accounts.labels import STOPPED_BY_A_CLICK, DeliveryState, MessageKind
from vertebra.accounts.models import Delivery, Letter, Message
from vertebra.kit import markdown
from vertebra.kit.seals import unseal

DIGEST = "digest"
MOST_ITEMS = 200
# Stand where each reader has their own, so that the rest is written once for all of them.
_ADDRESS, _STOP = "https://address.invalid/", "https://stop.invalid/"


@dataclass(frozen=True, slots=True)
class Words:
    """A message in the language of whoever reads it."""

    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class Mail:
    """What a mail says, as text and (unless it is short) as HTML."""

    subject: str
    text: str
    html: str = ""


def address_of(message: Message) -> str:
    """Where the reader of a message is led, in full."""
    link = unseal(message.address or (message.letter.address if message.letter else ""))
    return f"{settings.PUBLIC_URL}{link}" if link.startswith("/") else link


def words_of(message: Message, language: str = "") -> Words:
    """The subject and the text of a message."""
    language = language or message.language
    if message.letter is not None:
        return letter_words(message.letter, language, is_first=is_first(message))
    context: dict[str, Any] = {
        "to": message.to_user.name if message.to_user else "",
        "address": address_of(message),
    }
    if message.template == DIGEST:
        context |= {"items": items_of(message, language), "settings": told_address()}
    return _from_template(message.template, message.particulars | context, language)


def _from_template(name: str, particulars: dict[str, Any], language: str) -> Words:
    """A template's first line is the subject, the rest is the text."""
    template = engines["django"].get_template(f"accounts/mail/{name}.txt")
    # What people typed stays on its line: it cannot become a subject, a header or a paragraph of ours.
    said = {k: " ".join(v.split()) if isinstance(v, str) else v for k, v in particulars.items()}
    with translation.override(language):
        context = Context({**said, "instance": settings.PUBLIC_URL}, autoescape=False)
        text = template.template.render(context).strip()  # type: ignore[attr-defined]
    subject, _sign, body = text.partition("\n")
    return Words(" ".join(subject.split())[:200], body.strip())


def letter_words(letter: Letter, language: str, *, is_first: bool = False) -> Words:
    """What a letter says in a language, or in the first that it was written in; a correction has a title of its own."""
    said = _said(letter, language)
    subject = said.get("subject", "") if is_first else said.get("again_subject") or said.get("subject", "")
    return Words(" ".join(str(subject).split())[:200], str(said.get("body", "")).strip())


def is_first(message: Message) -> bool:
    """Whether a correction is the first that its reader hears."""
    return bool(message.particulars.get("is_first"))


def _said(letter: Letter, language: str) -> dict[str, str]:
    said: dict[str, str] = letter.words.get(language) or next(iter(letter.words.values()), {})
    return said


@dataclass(frozen=True, slots=True)
class Item:
    """One message in a digest."""

    subject: str
    address: str
    day: str


def items_of(digest: Message, language: str) -> list[Item]:
    """What a digest gathers, the oldest first."""
    rows = Delivery.objects.filter(digest=digest, state=DeliveryState.GATHERED)
    rows = rows.select_related("message__letter", "message__to_user").order_by("message_id")
    found = []
    for row in rows[:MOST_ITEMS]:
        with translation.override(language):
            day = formats.date_format(row.message.created_at, "DATE_FORMAT")
        found.append(Item(words_of(row.message, language).subject, address_of(row.message), day))
    return found


def told_address() -> str:
    """Where one chooses how to be told."""
    return settings.PUBLIC_URL + reverse("accounts:telling")


@dataclass
class Writer:
    """Writes mails; what is the same for many is written once."""

    letters: dict[tuple[int, str, bool], Mail] = field(default_factory=dict)

    def mail(self, message: Message, stop_address: str) -> Mail:
        """A message as a mail."""
        if message.letter is not None:
            return self._letter(message, message.letter, stop_address)
        words = words_of(message)
        if message.template == DIGEST:
            return self._digest(message, words, stop_address)
        return Mail(words.subject, words.body)

    def _letter(self, message: Message, letter: Letter, stop_address: str) -> Mail:
        key = (letter.pk, message.language, is_first(message))
        if key not in self.letters:
            self.letters[key] = _written(message, letter)
        once, address = self.letters[key], address_of(message)
        return Mail(
            once.subject,
            once.text.replace(_ADDRESS, address).replace(_STOP, stop_address),
            once.html.replace(_ADDRESS, escape(address)).replace(_STOP, escape(stop_address)),
        )

    def _digest(self, message: Message, words: Words, stop_address: str) -> Mail:
        context = {
            "subject": words.subject,
            "items": items_of(message, message.language),
            "stop": stop_address,
            "settings": told_address(),
            "language": message.language,
        }
        with translation.override(message.language):
            html = render_to_string("accounts/mail/digest.html", context)
        return Mail(words.subject, words.body, html)


def _written(message: Message, letter: Letter) -> Mail:
    """A letter as a mail for everybody, with marks where each reader's own addresses go."""
    words = letter_words(letter, message.language, is_first=is_first(message))
    with translation.override(message.language):
        context = {
            "subject": words.subject,
            "lead": lead_of(message),
            "address": _ADDRESS if address_of(message) else "",
            "stop": _STOP if letter.kind in STOPPED_BY_A_CLICK else "",
            "settings": told_address() if message.to_user_id else "",
            "why": MessageKind(letter.kind).label,
            "language": message.language,
        }
        base = settings.PUBLIC_URL
        plain, rich = markdown.plain(words.body, base=base), markdown.render(words.body, base=base)
        text = render_to_string("accounts/mail/letter.txt", {**context, "body": plain})
        html = render_to_string("accounts/mail/letter.html", {**context, "body": rich})
    return Mail(words.subject, text.strip(), html)


def lead_of(message: Message) -> str:
    """What a correction says first, to those who were told otherwise before."""
    letter = message.letter
    if letter is None or letter.corrects is None or is_first(message):
        return ""
    day = formats.date_format(letter.corrects.created_at, "DATE_FORMAT")
    lead = _("This corrects what you were told on %(day)s.") % {"day": day}
    return " ".join(filter(None, (lead, _said(letter, message.language).get("again_lead", ""))))
