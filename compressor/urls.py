"""Every address, and who answers it. WebSockets and uploads are in `compressor/asgi.py`."""

from django.contrib import admin
from django.urls import include, path

from jobs.api.views import api
from jobs.monitoring import views as monitoring
from jobs.pages import views as pages

urlpatterns = [
    path("", pages.home, name="home"),
    path("watch/<uuid:job_id>", pages.watch, name="watch"),
    path("watch/<uuid:job_id>/card", pages.card, name="card"),
    path("watch/<uuid:job_id>/delete", pages.delete, name="watch-delete"),
    path("watch/<uuid:job_id>/retry", pages.retry, name="watch-retry"),
    path("problems", pages.problem_list, name="problems"),
    path("healthz", monitoring.healthz, name="healthz"),
    path("readyz", monitoring.readyz, name="readyz"),
    path("metrics", monitoring.metrics, name="metrics"),
    path("accounts/", include("django.contrib.auth.urls")),
    path("admin/", admin.site.urls),
    path("", include("jobs.uploads.views")),
    path("", api.urls),
]

handler400 = "jobs.problems.bad_request"
handler403 = "jobs.problems.permission_denied"
handler404 = "jobs.problems.not_found"
handler500 = "jobs.problems.server_error"
