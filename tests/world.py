"""The cast of the tests: a small product organisation whose members have names."""

import datetime as dt
from zoneinfo import ZoneInfo

from vertebra.accounts.labels import Role
from vertebra.accounts.models import User

NOW = dt.datetime(2026, 11, 2, 9, 0, tzinfo=ZoneInfo("Europe/Paris"))
TODAY = NOW.date()
PASSWORD = "correct horse battery staple"


def account(name: str, role: Role = Role.READER, **fields: object) -> User:
    """An account of the cast, whose e-mail is made of the first name."""
    email = f"{name.split()[0].lower()}@example.org"
    user = User(email=email, name=name, role=role, created_at=NOW, **fields)
    user.set_unusable_password()
    user.save()
    return user


def ines() -> User:
    """Inès, Product Ops."""
    return account("Ines Barbier", Role.PRODUCT_OPS)


def karim() -> User:
    """Karim, a contributor who leads a team."""
    return account("Karim Diallo", Role.CONTRIBUTOR)


def lea() -> User:
    """Léa, a reader from the field."""
    return account("Lea Roux", Role.READER)


def ada() -> User:
    """Ada, who administers the instance."""
    return account("Ada Lind", Role.ADMINISTRATOR)


def english(user: User) -> User:
    """The same account, which reads English."""
    user.language = "en"
    user.save(update_fields=["language"])
    return user
