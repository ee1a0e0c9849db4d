"""Addresses of the desk of champions, of their load, and of what is being designed."""

from django.urls import URLPattern, path

from vertebra.releases.pages import desk, desk_load, in_design

urlpatterns: list[URLPattern] = [
    path("releases/desk/", desk.desk, name="desk"),
    path("releases/desk/in-design/", desk.desk_design, name="desk-design"),
    path("releases/desk/<int:person_id>/", desk.desk_of, name="desk-of"),
    path("releases/relays/new/", desk.relay_create, name="relay-create"),
    path("releases/relays/<int:relay_id>/outcome/", desk.relay_outcome, name="relay-outcome"),
    path("releases/relays/<int:relay_id>/removal/", desk.relay_removal, name="relay-removal"),
    path("releases/champions/", desk_load.champion_list, name="champion-list"),
    path("releases/in-design/", in_design.in_design_list, name="in-design-list"),
]
