"""Tags and filters of Django that pages repeat row after row: what always gives the same is worked out once."""

import datetime as dt
from functools import lru_cache
from typing import Any

from django import template
from django.conf import settings
from django.template import Context, defaultfilters, defaulttags
from django.template.base import Parser, Token
from django.templatetags import i18n
from django.urls import get_script_prefix, get_urlconf, reverse
from django.utils.html import conditional_escape
from django.utils.translation import get_language

register = template.Library()


class Words(template.Node):
    """Words that are written in the page, said once in each language."""

    def __init__(self, node: i18n.TranslateNode) -> None:
        self.node = node
        self.said: dict[tuple[str | None, bool], str] = {}

    def render(self, context: Context) -> str:
        key = get_language(), context.autoescape
        if (found := self.said.get(key)) is None:
            found = self.said[key] = self.node.render(context)
        return found


@register.tag
def translate(parser: Parser, token: Token) -> template.Node:
    """Say words in the language of the reader, as Django does."""
    node: Any = i18n.do_translate(parser, token)
    told = [node.filter_expression.var, *([node.message_context.var] if node.message_context else [])]
    is_written = all(isinstance(one, str) or isinstance(getattr(one, "literal", None), str) for one in told)
    return Words(node) if is_written and not node.asvar and not node.filter_expression.filters else node


class Address(template.Node):
    """An address by its name and by numbers or words, put together once: no application stands under two namespaces."""

    def __init__(self, node: defaulttags.URLNode) -> None:
        self.node = node

    def render(self, context: Context) -> str:
        args = tuple([arg.resolve(context) for arg in self.node.args])
        if not context.autoescape or any(type(arg) not in {int, str} for arg in args):
            return self.node.render(context)
        name = self.node.view_name.resolve(context)
        return _address(name, args, get_urlconf() or settings.ROOT_URLCONF, get_script_prefix())


@lru_cache(maxsize=4096, typed=True)
def _address(name: str, args: tuple[int | str, ...], urls: str, _prefix: str) -> str:
    return conditional_escape(reverse(name, urls, args))


@register.tag
def url(parser: Parser, token: Token) -> template.Node:
    """Write an address, as Django does."""
    node = defaulttags.url(parser, token)
    return node if node.kwargs or node.asvar else Address(node)


@register.filter(expects_localtime=True, is_safe=False)
def date(value: Any, form: str | None = None) -> str:
    """Write a day or a moment, as Django does: days come back in every row, moments do not."""
    return _date(value, form, get_language()) if type(value) is dt.date else defaultfilters.date(value, form)


@lru_cache(maxsize=4096)
def _date(value: dt.date, form: str | None, _language: str | None) -> str:
    return defaultfilters.date(value, form)


@register.filter(is_safe=True)
def floatformat(value: Any, form: int | str = -1) -> str:
    """Write a number rounded, as Django does."""
    is_plain = type(value) in {float, int}
    return _rounded(value, form, get_language()) if is_plain else defaultfilters.floatformat(value, form)


@lru_cache(maxsize=4096, typed=True)
def _rounded(value: float, form: int | str, _language: str | None) -> str:
    return defaultfilters.floatformat(value, form)
