"""Addresses of imports and sources; `vertebra.urls` hands over the targets that files can be imported into."""

from django.urls import path

from vertebra.sources.pages import connections, imports, sources, steps

app_name = "sources"
urlpatterns = [
    path("imports/", imports.import_list, name="import-list"),
    path("imports/new/", imports.import_create, name="import-create"),
    path("imports/sources/", sources.source_list, name="source-list"),
    path("imports/sources/<int:source_id>/", sources.source_show, name="source-show"),
    path("imports/sources/<int:source_id>/archive/", sources.source_archive, name="source-archive"),
    path("imports/sources/<int:source_id>/erase/", sources.source_erase, name="source-erase"),
    path("imports/connect/", connections.system_list, name="system-list"),
    path("imports/connect/<slug:system>/", connections.source_connect, name="source-connect"),
    path("imports/systems/<int:system_id>/opening/", connections.source_opening, name="source-opening"),
    path("imports/systems/<int:system_id>/choice/", connections.source_choice, name="source-choice"),
    path("imports/systems/<int:system_id>/fields/", connections.source_fields, name="source-fields"),
    path("imports/systems/<int:system_id>/again/", connections.source_again, name="source-again"),
    path("imports/systems/<int:system_id>/test/", connections.source_test, name="source-test"),
    path("imports/systems/<int:system_id>/reading/", connections.source_reading, name="source-reading"),
    path("imports/systems/<int:system_id>/pause/", connections.source_pause, name="source-pause"),
    path("imports/<int:run_id>/", imports.import_show, name="import-show"),
    path("imports/<int:run_id>/format/", steps.import_format, name="import-format"),
    path("imports/<int:run_id>/columns/", steps.import_columns, name="import-columns"),
    path("imports/<int:run_id>/preview/", steps.import_preview, name="import-preview"),
    path("imports/<int:run_id>/apply/", imports.import_apply, name="import-apply"),
]
