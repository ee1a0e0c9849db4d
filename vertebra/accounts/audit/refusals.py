"""Why an action does nothing: what people asked cannot be done, and they are told why."""


class Refusal(Exception):
    """A change that cannot be made; its text says why, and what to do instead."""


class NothingChanges(Refusal):
    """What is asked is what is already so."""
