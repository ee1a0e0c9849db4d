"""What the objects of ways of working are called, for comments, watches, search and the thread."""

from vertebra.accounts.labels import Kind
from vertebra.accounts.together import Names
from vertebra.kit.cards import Titled
from vertebra.practices.models import Check, Practice

resolve = Names(
    {
        Kind.PRACTICE: Titled(Practice, "practices:practice-show", title="name"),
        Kind.CHECK: Titled(Check, "practices:check-show", title="name"),
    }
)
