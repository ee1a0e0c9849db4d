"""Small marks that pages repeat row after row: icons, states, initials, moments."""

import datetime as dt
import re
import secrets
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import Any

from django import template
from django.contrib.staticfiles import finders
from django.template import Context
from django.template.defaultfilters import floatformat
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.utils import formats, timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from vertebra.kit import clock

register = template.Library()

ICONS = "vendor/lucide-1.62.0"
_QUOTED = re.compile(r"""\"[^"\\]*\"|'[^'\\]*'""")
TONES = frozenset({"good", "attention", "harm", "accent", "neutral"})


@cache
def _drawing(name: str) -> str:
    """The shapes inside one icon of the committed set; an unknown name is a programming error."""
    path = finders.find(f"{ICONS}/{name}.svg")
    if not isinstance(path, str):
        raise template.TemplateSyntaxError(f"No icon is called {name!r}: add it to tools/vendor.py")
    with open(path, encoding="utf-8") as file:
        inside = re.search(r"<svg[^>]*>(.*)</svg>", file.read(), re.DOTALL)
    return re.sub(r"\s*\n\s*", "", inside[1] if inside else "")


@register.simple_tag
def icon(name: str, modifier: str = "", label: str = "") -> SafeString:
    """Draw an icon inline; decoration unless it has a label."""
    return _icon(str(name), str(modifier), str(label))


_draw_each_time = register.tags["icon"]


@register.tag("icon")
def icon_tag(parser: template.base.Parser, token: template.base.Token) -> template.Node:
    """Draw an icon inline; one that the page names itself is drawn when the page is read, not row after row."""
    words = token.split_contents()[1:]
    if 1 <= len(words) <= 3 and all(_QUOTED.fullmatch(word) for word in words):
        # What a page writes between quotes is taken as it stands, as Django does.
        return template.base.TextNode(icon(*(mark_safe(word[1:-1]) for word in words)))  # noqa: S308
    node: template.Node = _draw_each_time(parser, token)
    return node


@lru_cache(maxsize=2048)
def _icon(name: str, modifier: str, label: str) -> SafeString:
    return format_html(
        '<svg class="icon {}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2"'
        ' stroke-linecap="round" stroke-linejoin="round" {}>{}</svg>',
        modifier,
        format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"'),
        mark_safe(_drawing(name)),  # noqa: S308 our own committed files
    )


@register.simple_tag(takes_context=True)
def page_title(context: Context) -> SafeString | str:
    """Write the block `title` a second time: a list has its sentence on top, its name for those who listen."""
    block = context.render_context[BLOCK_CONTEXT_KEY].get_block("title")
    return block.nodelist.render(context) if block else ""


@register.simple_tag(takes_context=True)
def of_row(context: Context, name: str) -> SafeString | str:
    """Write a block of the page for one row: what Django readies to write a block anew is not needed row after row."""
    block = context.render_context[BLOCK_CONTEXT_KEY].get_block(name)
    return block.nodelist.render(context) if block else ""


@register.simple_tag
def once() -> str:
    """A word of its own for the form on this page, by which it is carried out once."""
    return secrets.token_urlsafe(18)


def initials(name: object) -> str:
    """The one or two letters that stand for a person or a team."""
    words = [word for word in re.split(r"[\s\-_.]+", str(name or "")) if word[:1].isalnum()]
    return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper()


@register.simple_tag
def avatar(name: object, modifier: str = "is-soft") -> SafeString:
    """Draw the round mark with someone's initials; the name itself must stand beside it."""
    return format_html('<span class="avatar {}" aria-hidden="true">{}</span>', modifier, initials(name))


@register.filter
def state(label: object, tone: str = "neutral") -> SafeString:
    """Write a state as a dot and its word: never the colour alone."""
    return format_html('<span class="state is-{}">{}</span>', tone if tone in TONES else "neutral", label)


@register.filter
def figure(value: float | None) -> str:
    """Write a number with the thousands of the reader's language; never use it in an address."""
    return "" if value is None else _figure(value, get_language())


@lru_cache(maxsize=4096, typed=True)
def _figure(value: float, _language: str | None) -> str:
    return formats.number_format(value, force_grouping=True)


@register.filter
def tenths(value: float | None) -> str:
    """Write a number with one decimal, as the reader's language does."""
    return "" if value is None else _tenths(value, get_language())


@lru_cache(maxsize=4096, typed=True)
def _tenths(value: float, _language: str | None) -> str:
    return floatformat(value, 1)


@register.filter
def level(value: float | None, highest: float) -> str:
    """The shade of a matrix cell, from 0 to 5, as a share of the highest value; `few` for what cannot be shown."""
    if value is None:
        return "few"
    return str(min(5, max(0 if not value else 1, round(5 * value / highest)))) if highest else "0"


@register.simple_tag(takes_context=True)
def when(context: Context, value: dt.datetime | dt.date | None, how: str = "") -> SafeString | str:
    """Write a moment as people say it: relative within a week, absolute beyond; on, since or until it where asked."""
    if value is None:
        return ""
    now = timezone.localtime(context.get("now") or clock.now())
    if isinstance(value, dt.datetime):
        local = timezone.localtime(value)
        lately = "" if how in {"since", "until"} else _seconds_ago((now - local).total_seconds())
        said = lately or _day_said(local.date(), now.date(), how, get_language())
        return _moment(value, _whole(local.replace(tzinfo=None), get_language()), said)
    return _day(value, now.date(), how, get_language())


@lru_cache(maxsize=4096)
def _day(value: dt.date, today: dt.date, how: str, _language: str | None) -> SafeString:
    whole = formats.date_format(value, "DATE_FORMAT")
    return _moment(value, whole, _day_said(value, today, how, _language))


@lru_cache(maxsize=4096)
def _whole(local: dt.datetime, _language: str | None) -> str:
    """A moment in full; told without its zone, for the same moment is another hour in another zone."""
    return formats.date_format(local, "DATETIME_FORMAT")


def _moment(value: dt.date, whole: str, said: str) -> SafeString:
    return format_html('<time datetime="{}" title="{}">{}</time>', value.isoformat(), whole, said)


def _seconds_ago(seconds: float) -> str:
    """Say a moment of the last hours, or nothing when it is further away."""
    if not 0 <= seconds < 6 * 3600:
        return ""
    if seconds < 60:
        return _("just now")
    if seconds < 3600:
        minutes = int(seconds // 60)
        return ngettext("%(count)d minute ago", "%(count)d minutes ago", minutes) % {"count": minutes}
    hours = int(seconds // 3600)
    return ngettext("%(count)d hour ago", "%(count)d hours ago", hours) % {"count": hours}


@lru_cache(maxsize=4096)
def _day_said(day: dt.date, today: dt.date, how: str, _language: str | None) -> str:
    """Say a day relative to today within a week, by its date beyond; since and until are said of near days only."""
    away = (day - today).days
    near, far = _words(how)
    if away in near:
        return near[away]
    if how not in {"since", "until"} and 0 < abs(away) <= 7:
        if away < 0:
            return ngettext("%(count)d day ago", "%(count)d days ago", -away) % {"count": -away}
        return ngettext("in %(count)d day", "in %(count)d days", away) % {"count": away}
    return far % {
        "day": formats.date_format(day, "MONTH_DAY_FORMAT" if day.year == today.year else "DATE_FORMAT")
    }


def _words(how: str) -> tuple[dict[int, str], str]:
    """How the days nearest to today are said, and how a date is: whole, since many languages join them to what precedes."""
    if how == "until":
        near = {-1: _("until yesterday"), 0: _("until today"), 1: _("until tomorrow")}
        return near, _("until %(day)s")
    if how == "since":
        return {-1: _("since yesterday"), 0: _("since today")}, _("since %(day)s")
    near = {-1: _("yesterday"), 0: _("today"), 1: _("tomorrow")}
    return near, _("on %(day)s") if how == "on" else "%(day)s"


@register.filter
def is_checkbox(field: Any) -> bool:
    """Whether a form field is one box, whose label stands beside it and not above."""
    return getattr(field.field.widget, "input_type", "") == "checkbox" and not hasattr(
        field.field.widget, "choices"
    )


@register.filter
def is_group(field: Any) -> bool:
    """Whether a form field is several boxes or radios, which need a fieldset."""
    return bool(field.field.widget.use_fieldset)


class CellNode(template.Node):
    """One cell of a list's row: nothing when its column is hidden, marked when it is empty."""

    def __init__(self, nodelist: template.NodeList, key: str, classes: str) -> None:
        self.nodelist, self.key, self.classes = nodelist, key, classes

    def render(self, context: Context) -> SafeString:
        label = context["listing"].labels.get(self.key)
        if label is None:
            return mark_safe("")
        inside = self.nodelist.render(context)
        classes = self.classes if inside else f"{self.classes} is-blank".lstrip()
        start = f'<td class="{classes}" data-label="{label}">' if classes else f'<td data-label="{label}">'
        return mark_safe(f"{start}{inside}</td>")  # noqa: S308 the template escaped what is inside


@register.tag
def cell(parser: template.base.Parser, token: template.base.Token) -> CellNode:
    """Write a cell of a column that the reader may hide: {% cell "key" "classes" %}…{% endcell %}."""
    _name, key, *classes = token.split_contents()
    nodelist = parser.parse(("endcell",))
    parser.delete_first_token()
    return CellNode(nodelist, key.strip("\"'"), " ".join(classes).strip("\"'"))


@register.simple_tag
def choice_links(choices: Iterable[Any]) -> SafeString:
    """Write the choices of a filter as links, in one go: there may be hundreds."""
    on = mark_safe(' aria-current="true"')
    return format_html_join(
        "",
        '<a class="menu-item" href="{0}" hx-get="{0}"{1}>{2}</a>',
        ((one.url, on if one.is_on else "", one.label) for one in choices),
    )
