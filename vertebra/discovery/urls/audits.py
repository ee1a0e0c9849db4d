"""Addresses of audits, their readings, their rooms, their files, and quick wins."""

from django.urls import URLPattern, path

from vertebra.discovery.pages import (
    audit_desk,
    audit_files,
    audit_readings,
    audit_rooms,
    audits,
    follow_ups,
    quick_wins,
)

ONE = "discovery/audits/<int:audit_id>/"
ITEM = ONE + "items/<int:item_id>/"
WIN = "discovery/quick-wins/<int:quick_win_id>/"

urlpatterns: list[URLPattern] = [
    path("discovery/audits/", audits.audit_list, name="audit-list"),
    path("discovery/audits/create/", audits.audit_create, name="audit-create"),
    path(ONE, audits.audit_page, name="audit-show"),
    path(ONE + "versions/<int:version>/", audits.version_page, name="audit-version"),
    path(ONE + "freeze/", audits.freeze, name="audit-freeze"),
    path(ONE + "thaw/", audits.thaw, name="audit-thaw"),
    path(ONE + "publication/", audits.publication, name="audit-publication"),
    path(ONE + "correction/", audits.correction, name="audit-correction"),
    path(ONE + "archiving/", audits.archiving, name="audit-archiving"),
    path(ONE + "desk/", audit_desk.desk, name="audit-desk"),
    path(ONE + "text/", audit_desk.text, name="audit-text"),
    path(ONE + "order/", audit_desk.order, name="audit-order"),
    path(ONE + "figures/", audit_desk.figures, name="audit-figures"),
    path(ONE + "items/", audit_desk.item_create, name="audit-item-create"),
    path(ITEM + "removal/", audit_desk.item_removal, name="audit-item-removal"),
    path(ITEM + "comment/", audit_desk.item_comment, name="audit-item-comment"),
    path(ITEM + "quotes/", audit_desk.quotes, name="audit-quotes"),
    path(ONE + "quick-wins/", audit_desk.quick_win_create, name="audit-quick-win-create"),
    path(ONE + "readings/", audit_readings.readings, name="audit-readings"),
    path(ONE + "readings/handover/", audit_readings.handover, name="audit-reading-handover"),
    path(ONE + "readings/of/<int:reader_id>/link/", audit_readings.reading_link, name="audit-reading-link"),
    path(ONE + "readings/<int:opinion_id>/item/", audit_readings.reading_item, name="audit-reading-item"),
    path(ONE + "files/<slug:form>/", audit_files.audit_file, name="audit-file"),
    path(ONE + "files/<slug:form>/state/", audit_files.file_state, name="audit-file-state"),
    path(ONE + "links/", audit_files.links, name="audit-links"),
    path(ONE + "links/<int:link_id>/revocation/", audit_files.link_revocation, name="audit-link-revocation"),
    path(ONE + "room/", audit_rooms.room, name="audit-room"),
    path(ONE + "room/opening/", audit_rooms.opening, name="audit-room-opening"),
    path(ONE + "room/closing/", audit_rooms.closing, name="audit-room-closing"),
    path("discovery/rooms/<str:token>/", audit_rooms.inside, name="audit-room-inside"),
    path("discovery/rooms/<str:token>/state/", audit_rooms.state, name="audit-room-state"),
    path("discovery/rooms/<str:token>/act/", audit_rooms.act, name="audit-room-act"),
    path("discovery/drafts/<str:token>/", audit_readings.read, name="audit-read"),
    path("discovery/shared/<str:token>/", audit_files.by_link, name="audit-by-link"),
    path(
        "discovery/shared/<str:token>/files/<slug:form>/", audit_files.file_by_link, name="audit-file-by-link"
    ),
    path("discovery/heard/<str:token>/", follow_ups.follow_up, name="follow-up"),
    path("discovery/quick-wins/", quick_wins.quick_win_list, name="quick-win-list"),
    path("discovery/quick-wins/create/", quick_wins.quick_win_create, name="quick-win-create"),
    path(WIN, quick_wins.quick_win_page, name="quick-win-show"),
    path(WIN + "edit/", quick_wins.quick_win_edit, name="quick-win-edit"),
    path(WIN + "start/", quick_wins.start, name="quick-win-start"),
    path(WIN + "delivery/", quick_wins.delivery, name="quick-win-delivery"),
    path(WIN + "dropping/", quick_wins.dropping, name="quick-win-dropping"),
]
