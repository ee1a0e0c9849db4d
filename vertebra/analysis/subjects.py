"""What a text speaks of: names of areas, markets, units and things under way that its words make out."""

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

NameKind = Literal["area", "market", "unit", "feature"]
# Below this share of a name, by the weight of its words, the text does not speak of it.
LEAST_SHARE = 0.6
# Words that only describe a thing count for less than those it is called by, and never make it out alone.
DESCRIBING = 0.25
SHORTEST = 2
# When a text names nothing, what shares its rarest words is near: words that few things know, at least this
# much of a name by one word alone, and not much less than what is nearest.
SHARED, FEW, ALONE, CLOSE = 1 / 16, 3, 1 / 3, 0.6
NEAR, NEAR_DESCRIBING = 0.5, 0.5
# Words of French and English that hold sentences together and name nothing.
HOLDING = frozenset(
    {
        "a", "an", "and", "are", "as", "at", "au", "aux", "avec", "be", "by", "ce", "ces", "cet", "cette",
        "chez", "dans", "de", "des", "do", "du", "elle", "en", "et", "etre", "for", "from", "il", "in",
        "is", "it", "la", "le", "les", "leur", "leurs", "mais", "ne", "nos", "not", "notre", "nous", "of",
        "on", "or", "ou", "our", "par", "pas", "plus", "pour", "que", "qui", "sa", "se", "ses", "son",
        "sont", "sous", "sur", "the", "their", "this", "to", "un", "une", "vos", "votre", "vous", "was",
        "we", "with", "you", "your",
    }
)  # fmt: skip

# Words that any text may have, whatever it is about: they bring nothing near.
EVERYDAY = frozenset(
    {
        "about", "after", "again", "aller", "all", "already", "also", "alors", "always", "an", "annee", "another",
        "any", "apres", "arriver", "ask", "aussi", "autre", "avant", "avoir", "back", "because", "become", "before",
        "bien", "bon", "bonjour", "both", "but", "can", "celui", "chaque", "chose", "come", "comme", "comment",
        "could", "dater", "day", "deja", "demain", "demander", "depuis", "devenir", "devoir", "dire", "dont", "donner",
        "down", "during", "each", "encore", "entre", "even", "every", "faire", "few", "find", "first", "get", "give",
        "go", "good", "have", "he", "hello", "her", "here", "heure", "hi", "hier", "him", "his", "hour", "how", "if",
        "into", "its", "jamais", "jour", "just", "keep", "know", "last", "let", "like", "long", "look", "lui", "make",
        "many", "matin", "may", "me", "meme", "merci", "mettre", "might", "mien", "minute", "moi", "mois", "mon",
        "month", "more", "morning", "most", "much", "must", "my", "need", "never", "new", "next", "no", "nothing",
        "notre", "nouveau", "now", "off", "old", "once", "one", "only", "other", "ou", "out", "over", "own", "part",
        "parce", "peu", "please", "pouvoir", "premier", "prendre", "put", "quand", "quel", "quelque", "quoi",
        "regarder", "rester", "rien", "same", "sans", "savoir", "say", "see", "semaine", "send", "seul", "several",
        "she", "should", "show", "si", "since", "so", "soir", "some", "somme", "soon", "still", "such", "svp", "take",
        "tell", "temp", "temps", "than", "thank", "that", "them", "then", "there", "these", "they", "thing", "think",
        "those", "today", "tomorrow", "too", "toujours", "tout", "tres", "trop", "trouver", "trois", "two", "under",
        "until", "up", "us", "use", "utiliser", "venir", "vers", "very", "voir", "vouloir", "want", "way", "week",
        "well", "what", "when", "where", "which", "while", "who", "whole", "why", "will", "without", "work", "would",
        "year", "yes", "yesterday", "yet",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Name:
    """Something that can be spoken of: the lemmas it is called by, those that describe it, what it belongs to."""

    kind: NameKind
    id: int
    called: tuple[str, ...]
    described: tuple[str, ...] = ()
    areas: tuple[int, ...] = ()
    markets: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Subject:
    """Something that a text speaks of, how clearly (0 to 1), and by which of its words."""

    kind: NameKind
    id: int
    weight: float
    words: tuple[str, ...]


class Names:
    """All names by their words, made once and asked for any number of texts."""

    def __init__(self, names: Iterable[Name]) -> None:
        self.names = {(name.kind, name.id): name for name in names}
        self._called: dict[str, list[tuple[NameKind, int]]] = defaultdict(list)
        self._known: dict[str, list[tuple[NameKind, int]]] = defaultdict(list)
        spread: Counter[str] = Counter()
        for key, name in sorted(self.names.items()):
            for word in dict.fromkeys(name.called):
                self._called[word].append(key)
            for word in {*name.called, *name.described}:
                self._known[word].append(key)
                spread[word] += 1
        whole = len(self.names)
        # A word that many things share says little of which is meant.
        self._rarity = {word: math.log1p(whole / count) for word, count in spread.items()}

    def spoken_of(self, lemmas: Collection[str], most: int = 12) -> list[Subject]:
        """What the words speak of, the clearest first; of two names in one another, the longer one."""
        said = {word for word in lemmas if len(word) >= SHORTEST and word not in HOLDING}
        near = {key for word in said for key in self._called.get(word, ())}
        found = [subject for key in sorted(near) if (subject := self._subject(key, said))]
        kept = [one for one in found if not any(_is_part(one, other) for other in found)]
        return sorted(kept, key=lambda one: (-one.weight, one.kind, one.id))[:most]

    def nearest(self, lemmas: Collection[str], most: int = 12) -> list[Subject]:
        """What shares the rarest words with a text, the nearest first: for one that names nothing."""
        said = {one for one in lemmas if len(one) >= SHORTEST and one not in HOLDING and one not in EVERYDAY}
        too_many = max(FEW, SHARED * len(self.names))
        met: dict[tuple[NameKind, int], list[str]] = defaultdict(list)
        for word in sorted(said):
            holding = self._known.get(word, ())
            for key in holding if len(holding) <= too_many else ():
                met[key].append(word)
        scores = {key: score for key, words in met.items() if (score := self._nearness(key, words))}
        best = max(scores.values(), default=0.0)
        kept = [key for key, score in scores.items() if score >= CLOSE * best]
        kept.sort(key=lambda key: (-scores[key], key))
        return [
            Subject(kind, number, round(NEAR * scores[kind, number] / best, 6), tuple(met[kind, number]))
            for kind, number in kept[:most]
        ]

    def _nearness(self, key: tuple[NameKind, int], words: Collection[str]) -> float:
        """How much these words say of a thing: what it is called by more than what describes it."""
        name = self.names[key]
        called = [word for word in words if word in name.called]
        if len(words) == 1:
            whole = self._weight(word for word in name.called if word not in HOLDING)
            if not called or self._weight(called) < ALONE * whole:
                return 0.0
        described = [word for word in words if word not in name.called]
        return self._weight(called) + NEAR_DESCRIBING * self._weight(described)

    def _subject(self, key: tuple[NameKind, int], said: Collection[str]) -> Subject | None:
        name = self.names[key]
        called = [
            word for word in dict.fromkeys(name.called) if len(word) >= SHORTEST and word not in HOLDING
        ]
        # What any text may have makes nothing out, unless a name has nothing else.
        called = [word for word in called if word not in EVERYDAY] or called
        whole = self._weight(called)
        met = [word for word in called if word in said]
        share = self._weight(met) / whole if whole else 0.0
        if share < LEAST_SHARE:
            return None
        described = {word for word in name.described if word in said} - set(met)
        more = self._weight(described) / whole * DESCRIBING if described else 0.0
        weight = min(1.0, 0.75 * share + min(0.25, more))
        return Subject(name.kind, name.id, round(weight, 6), tuple(met))

    def _weight(self, words: Iterable[str]) -> float:
        # In one order always: sums of fractions depend on it.
        return math.fsum(self._rarity.get(word, 0.0) for word in sorted(words))


def _is_part(one: Subject, other: Subject) -> bool:
    """Whether all that speaks of one thing speaks of the other too, and more."""
    return set(one.words) < set(other.words)


def areas_of(
    subjects: Iterable[Subject], names: Mapping[tuple[NameKind, int], Name]
) -> tuple[dict[int, float], dict[int, float], dict[int, float]]:
    """The areas, markets and units that a text is about, each with how clearly; a thing under way leads to its own."""
    areas: dict[int, float] = {}
    markets: dict[int, float] = {}
    units: dict[int, float] = {}
    for one in subjects:
        into = {"area": areas, "market": markets, "unit": units}.get(one.kind)
        if into is not None:
            into[one.id] = max(into.get(one.id, 0.0), one.weight)
        name = names.get((one.kind, one.id))
        for found, ids in ((areas, name.areas), (markets, name.markets)) if name else ():
            for number in ids:
                found[number] = max(found.get(number, 0.0), one.weight)
    return areas, markets, units
