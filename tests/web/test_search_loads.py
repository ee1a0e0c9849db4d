"""The dictionaries of search wait for somebody to open the search box, and are there before the first word."""

import threading

import pytest
from django.test import Client
from django.urls import reverse

from tests import world
from vertebra.kit import text

pytestmark = pytest.mark.django_db


def test_opening_the_command_bar_loads_the_dictionaries_once(client: Client) -> None:
    client.force_login(world.ines())
    text.load_words.cache_clear()
    text.lemma.cache_clear()
    assert client.get(reverse("web:home")).status_code == 200
    assert text.lemma.cache_info().currsize == 0
    for _ in range(2):
        assert client.get(reverse("web:commands")).status_code == 200
    for thread in threading.enumerate():
        if thread.name == "dictionaries":
            thread.join()
    assert text.lemma.cache_info().misses == 1
    assert text.load_words.cache_info().misses == 1
