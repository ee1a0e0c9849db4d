"""Addresses of pain points and what is asked again."""

from django.urls import URLPattern, path

from vertebra.discovery.pages import pain_pairs, pain_point, pain_points
from vertebra.discovery.pages import pain_point_raising as raising
from vertebra.discovery.pages import pain_point_verbs as verbs

_ALL = "discovery/pain-points/"
_ONE = f"{_ALL}<int:pain_point_id>/"

urlpatterns: list[URLPattern] = [
    path(_ALL, pain_points.pain_point_list, name="pain-point-list"),
    path(f"{_ALL}new/", raising.pain_point_create, name="pain-point-create"),
    path(f"{_ALL}alike/", raising.alike_part, name="pain-point-alike"),
    path(f"{_ALL}suggestions/", raising.suggestions, name="pain-point-suggest"),
    path(f"{_ALL}together/", pain_points.together, name="pain-point-together"),
    path(f"{_ALL}pairs/", pain_pairs.pair_page, name="pain-point-pairs"),
    path(f"{_ALL}directors/", pain_points.director_list, name="pain-point-directors"),
    path(f"{_ALL}evidence/<int:evidence_id>/untying/", verbs.untie, name="evidence-untying"),
    path(f"{_ALL}askings/<int:re_ask_id>/skipping/", verbs.skip_asking, name="re-ask-skipping"),
    path(_ONE, pain_point.pain_point_page, name="pain-point-show"),
    path(f"{_ONE}voices/", pain_point.voices_page, name="pain-point-voices"),
    path(f"{_ONE}facts/", verbs.edit, name="pain-point-edit"),
    path(f"{_ONE}confirmation/", verbs.confirm, name="pain-point-confirmation"),
    path(f"{_ONE}settlement/", verbs.settle, name="pain-point-settlement"),
    path(f"{_ONE}dismissal/", verbs.dismiss, name="pain-point-dismissal"),
    path(f"{_ONE}reopening/", verbs.reopen, name="pain-point-reopening"),
    path(f"{_ONE}directors/", verbs.put, name="pain-point-putting"),
    path(f"{_ONE}directors/withdrawal/", verbs.take_back, name="pain-point-taking-back"),
    path(f"{_ONE}parent/", verbs.move, name="pain-point-move"),
    path(f"{_ONE}groups/new/", verbs.add_group, name="pain-point-group-create"),
    path(f"{_ONE}groups/removal/", verbs.remove_group, name="pain-point-group-removal"),
    path(f"{_ONE}groups/heard/", verbs.follow_heard, name="pain-point-groups-heard"),
    path(f"{_ONE}asking/", verbs.ask_now, name="pain-point-asking"),
    path(f"{_ONE}question/", verbs.word_question, name="pain-point-question"),
    path(f"{_ONE}merge/", raising.merge_page, name="pain-point-merge"),
    path(f"{_ONE}split/", raising.split_page, name="pain-point-split"),
]
