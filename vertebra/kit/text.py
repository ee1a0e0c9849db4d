"""Words as search sees them: folded (no case, no accent), cut into tokens, brought to their lemma."""

import re
import threading
import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from simplemma.lemmatizer import Lemmatizer

_WORD = re.compile(r"[^\W_]+")
_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "ł": "l", "đ": "d", "ı": "i"})
_TYPOGRAPHY = str.maketrans({"’": "'", "\u2010": "-", "\u2011": "-"})
LANGUAGES = ("fr", "en")


@lru_cache(maxsize=65_536)
def fold(text: str) -> str:
    """The text as it is compared: no case, accents, ligatures or repeated spaces, one kind of apostrophe and hyphen.

    « Œuvre  d’Été » is "oeuvre d'ete".
    """
    plain = text if text.isascii() else unicodedata.normalize("NFKC", text).translate(_TYPOGRAPHY)
    plain = plain.casefold()
    # A letter may only show its ligature once its accent is gone.
    for _ in range(2):
        if plain.isascii():
            break
        plain = unicodedata.normalize("NFKD", plain.translate(_LIGATURES)).casefold()
        plain = "".join(char for char in plain if not unicodedata.combining(char))
    return " ".join(plain.split())


def tokens(text: str) -> list[str]:
    """The words of the text, folded and written in ASCII letters and digits, so that every database cuts them alike."""
    return words_of(fold(text))


def words_of(folded: str) -> list[str]:
    """The same of a text that is folded already."""
    return [word if word.isascii() else _spelled(word) for word in _WORD.findall(folded)]


def _spelled(word: str) -> str:
    """Letters outside ASCII as their code point: one fixed spelling that keeps prefixes."""
    return "".join(char if char.isascii() else f"u{ord(char):06x}" for char in word)


@cache
def _lemmatizer() -> "Lemmatizer":
    """The dictionaries as they are kept on the disk, a sixth of the memory; what was looked up is remembered by `lemma`."""
    from simplemma.lemmatizer import Lemmatizer
    from simplemma.strategies import DefaultStrategy

    return Lemmatizer(cache_max_size=0, lemmatization_strategy=DefaultStrategy(low_memory=True))


@lru_cache(maxsize=65_536)
def lemma(word: str, language: str) -> str:
    """The dictionary form of one word as written (accents matter), in ASCII."""
    # Only the dictionaries of these two are installed, whatever the language somebody writes in.
    both = ("fr", "en") if language == "fr" else ("en", "fr")
    found = _lemmatizer().lemmatize(word.lower(), lang=both)
    spelled = tokens(found)
    return spelled[0] if spelled else ""


@cache
def load_words() -> None:
    """Load the dictionaries in the background, once: whoever opens the search box is about to need them."""
    threading.Thread(target=lemma, args=("mots", "fr"), name="dictionaries", daemon=True).start()


def lemmas(text: str, language: str) -> set[str]:
    """Lemmas of the words of the text."""
    return {lemma(word, language) for word in _WORD.findall(text) if not word.isdigit()} - {""}


def index_text(parts: Iterable[tuple[str, bool]], language: str) -> str:
    """What search keeps of the parts: their tokens, and the lemmas of those that are prose (True), each once."""
    words: dict[str, None] = {}
    for text, is_prose in parts:
        for word in tokens(text):
            words[word] = None
        if is_prose:
            for word in sorted(lemmas(text, language)):
                words[word] = None
    return " ".join(words)
