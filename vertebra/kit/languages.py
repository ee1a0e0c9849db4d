"""The names of languages, as a sentence says them."""

from django.utils.translation import pgettext_lazy

_SAID = {
    "fr": pgettext_lazy("a language, inside a sentence", "French"),
    "en": pgettext_lazy("a language, inside a sentence", "English"),
}


def language_said(code: str) -> str:
    """The name of a language inside a sentence of the reader's own: “in French”, « en français »."""
    return str(_SAID.get(code, code))
