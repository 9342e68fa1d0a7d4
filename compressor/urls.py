"""Every address, and who answers it. WebSockets and uploads are in `compressor/asgi.py`."""

from django.contrib import admin
from django.urls import include, path

from jobs import views
from jobs.api import api

urlpatterns = [
    path("", views.home, name="home"),
    path("watch/<uuid:job_id>", views.watch, name="watch"),
    path("watch/<uuid:job_id>/card", views.card, name="card"),
    path("watch/<uuid:job_id>/cancel", views.cancel, name="watch-cancel"),
    path("watch/<uuid:job_id>/retry", views.retry, name="watch-retry"),
    path("problems", views.problem_list, name="problems"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("metrics", views.measure, name="metrics"),
    path("accounts/", include("django.contrib.auth.urls")),
    path("admin/", admin.site.urls),
    path("", include("jobs.uploads.views")),
    path("", api.urls),
]

handler400 = "jobs.problems.bad_request"
handler403 = "jobs.problems.permission_denied"
handler404 = "jobs.problems.not_found"
handler500 = "jobs.problems.server_error"
