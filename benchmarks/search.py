"""Search over ten times the scale-up: names, prose, typing errors, rare and common words."""

from collections.abc import Iterable
from urllib.parse import quote

from benchmarks.figures import Figure
from benchmarks.instance import shared
from benchmarks.visitor import Visitor, p50, p95

NAMES = ("ines barbier", "Karim Diallo", "helene v", "benhadou", "Zoé", "muller", "weidner", "caisse tactil")
WORDS = ("caisse", "vente", "équipe", "réservations", "commerçants", "support", "a", "le client", "payment")
LONG = ("ce que nous faisons pour les commerces de Lyon", "responsable technique terminaux", "xqzt wvyk")
ROUNDS = 6


def run() -> Iterable[Figure]:
    """The page of answers, what the command bar asks while somebody types, and the API."""
    instance = shared()
    cookies, token = instance.inside("sessions"), instance.inside("token")
    words = (*NAMES, *WORDS, *LONG)
    with instance.served() as server:
        instance.rest()
        reader = Visitor(server.port, cookie=cookies["reader"])
        program = Visitor(server.port, token=token)
        yield Figure("search: floor: empty view", p50(reader.times("/healthz", 100)), "ms")
        start = reader.ask(f"/search/?q={quote(words[0])}")[2]
        yield Figure("search: the very first, words of both languages being read", start, "ms")
        for name, visitor, path in (
            ("page", reader, "/search/?q="),
            ("command bar", reader, "/commands/?q="),
            ("API", program, "/api/v1/search?q="),
        ):
            times = [ms for word in words for ms in visitor.times(path + quote(word), ROUNDS, warm=1)]
            yield Figure(f"search: {name}: p50", p50(times), "ms")
            yield Figure(f"search: {name}: p95", p95(times), "ms", 30.0)
