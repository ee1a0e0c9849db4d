"""How often the same thing may be tried, for the doors that are ours; allauth's own are in settings."""

import hashlib

from django.core.cache import cache

# What is tried: how many times in how many seconds.
RATES = {
    "one_time_link": (10, 60),
    "invitation": (60, 3600),
    "api_token": (20, 60),
    "token_made": (20, 3600),
    "demo_sign_in": (60, 60),
    "password_link": (20, 3600),
    "comment": (30, 60),
    "empty_space_report": (8, 600),
    "hearing_answer": (20, 600),
    "consent": (20, 600),
    "audit_reading": (20, 600),
    "audit_room": (120, 60),
    "follow_up": (5, 3600),
    "topic_raise": (8, 600),
    "heads_up": (8, 600),
    "telling_command": (20, 60),
    "release_word": (40, 600),
    "release_link": (60, 60),
    "ranking": (240, 60),
    "ranking_link": (20, 600),
    "ranking_room": (120, 60),
    "survey_answer": (12, 60),
    "survey_link": (60, 60),
}


def is_allowed(action: str, who: str) -> bool:
    """Count one try, and tell whether it is within the rate; each try takes a place that frees itself in time."""
    amount, seconds = RATES[action]
    digest = hashlib.sha256(who.encode()).hexdigest()[:32]
    places = [f"rate:{action}:{digest}:{place}" for place in range(amount)]
    taken = cache.get_many(places)
    return any(cache.add(place, 1, seconds) for place in places if place not in taken)
