"""Addresses of the front desk."""

from django.urls import path

from vertebra.web.pages import health, home, jobs, search, thread

app_name = "web"
urlpatterns = [
    path("", home.home, name="home"),
    path("asked/", home.home_asked, name="home-asked"),
    path("changed/", home.home_changes, name="home-changes"),
    path("raised/", home.home_blocks, name="home-blocks"),
    path("around/", home.home_around, name="home-around"),
    path("search/", search.search, name="search"),
    path("thread/<slug:kind>/<int:object_id>/", thread.thread, name="thread-show"),
    path("commands/", search.commands, name="commands"),
    path("administration/jobs/", jobs.jobs, name="job-list"),
    path("administration/jobs/pulse/", jobs.pulse, name="jobs-pulse"),
    path("administration/jobs/<uuid:job_id>/", jobs.job, name="jobs-show"),
    path("administration/jobs/<uuid:job_id>/retry/", jobs.retry, name="jobs-retry"),
    path("healthz", health.healthz, name="health"),
    path("readyz", health.readyz, name="readiness"),
    path("metrics", health.metrics_page, name="metrics"),
]
