"""Every page and route declares who may come, and holds to it for each role and for nobody."""

from django.http import HttpResponse
from django.test import override_settings
from django.urls import path

from tests.architecture.addresses import addresses, routes, undeclared


def test_every_address_declares_its_right() -> None:
    assert undeclared() == []


def test_there_are_addresses_to_look_at() -> None:
    assert len(list(addresses())) > 50
    assert len(list(routes())) > 20


class Faulty:
    """A URLconf with a page that declares nothing."""

    urlpatterns = (path("secret/", lambda request: HttpResponse(), name="secret"),)


@override_settings(ROOT_URLCONF=Faulty)
def test_a_page_without_a_right_is_seen() -> None:
    assert "/secret/ (secret)" in undeclared()
