"""An audit as Markdown: what one pastes into a wiki."""

from collections.abc import Iterator

from vertebra.discovery.exports.headings import headings
from vertebra.discovery.exports.words import Document, Item, Quote
from vertebra.kit.papers import paragraphs, plain, table


def as_markdown(document: Document) -> str:
    """The whole document as Markdown."""
    return "\n\n".join(part for part in _parts(document) if part.strip()) + "\n"


def _parts(it: Document) -> Iterator[str]:
    words = headings()
    yield f"# {plain(it.title)}"
    yield plain(it.subtitle)
    yield f"**{plain(it.lead)}**"
    yield paragraphs(it.introduction)
    yield f"## {words['points']}"
    yield plain(it.order)
    for item in it.items:
        yield from _item(item, words)
    if it.wins:
        yield f"## {words['wins']}"
        rows = [(w.title, w.pain_title, w.days_said, w.people_said) for w in it.wins]
        yield table((words["what"], words["relieves"], words["days"], words["people"]), rows)
    yield f"## {words['method']}"
    yield paragraphs(it.method)
    yield plain(it.coverage)
    yield table((words["function"], words["people"]), it.functions) if it.functions else ""
    yield table((words["unit"], words["people"]), it.units) if it.units else ""
    yield plain(words["kept_back"]) if it.functions else ""
    yield plain(it.reading)
    if it.not_heard:
        yield f"## {words['not_heard']}"
        yield paragraphs(it.not_heard)
    if it.moved:
        yield f"## {words['compared']}"
        yield plain(it.compared)
        rows = [(m.title, m.change_said, _rank(m.rank_before), _rank(m.rank)) for m in it.moved]
        yield table((words["point"], words["change"], words["before"], words["now"]), rows)


def _item(item: Item, words: dict[str, str]) -> Iterator[str]:
    yield f"### {item.rank}. {plain(item.title)}"
    yield plain(item.facts)
    yield paragraphs(item.comment)
    for side in item.quoted:
        yield f"**{plain(side.name)}**" + (f" ({plain(side.people)})" if side.people else "")
        for quote in side.quotes:
            yield _quote(quote, words)
    yield plain(item.also)


def _quote(quote: Quote, words: dict[str, str]) -> str:
    if quote.is_withdrawn:
        return f"> *{plain(quote.text)}*"
    said = f"> {words['open']}{plain(quote.text)}{words['close']}"
    return f"{said}  \n> {plain(quote.who)}" if quote.who else said


def _rank(rank: int | None) -> str:
    return "—" if rank is None else str(rank)
