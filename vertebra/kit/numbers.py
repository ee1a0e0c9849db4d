"""Numbers as addresses and forms send them: anybody may send anything."""

# More digits than any id or count of ours has; Python itself refuses to read thousands of them.
_MOST_DIGITS = 17


def whole_number(text: str) -> int | None:
    """The number that the text writes in plain digits, None if it is none that we could have meant."""
    is_number = text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS
    return int(text) if is_number else None
