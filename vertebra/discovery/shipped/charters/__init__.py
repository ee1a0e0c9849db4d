"""The first charter as it ships, to be rewritten: one file for each language, five parts each."""

import tomllib
from functools import cache
from importlib import resources

LANGUAGES = ("fr", "en")
PARTS = ("what_we_do", "what_we_do_not", "who_we_are", "how_to_ask", "what_changed")


@cache
def example(language: str) -> dict[str, str]:
    """The five parts of the example in a language (French where we ship none)."""
    name = language if language in LANGUAGES else LANGUAGES[0]
    text = resources.files(__package__).joinpath(f"{name}.toml").read_text(encoding="utf-8")
    kept = tomllib.loads(text)
    return {part: str(kept[part]).strip() for part in PARTS}
