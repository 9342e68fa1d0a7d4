"""Every address, and who answers it. WebSockets and uploads are in `compressor/asgi.py`."""

from django.conf import settings
from django.contrib import admin
from django.contrib.auth import views as auth
from django.urls import include, path

from jobs.api import reference
from jobs.api.views import api
from jobs.batches import VERBS as BATCH_VERBS
from jobs.monitoring import views as monitoring
from jobs.pages import batches
from jobs.pages import views as pages

MAIL = {"domain": settings.HOST_IN_MAILS, "site_name": "Compressor"}
accounts = [
    path("login/", auth.LoginView.as_view(), name="login"),
    path("logout/", auth.LogoutView.as_view(), name="logout"),
    path("password_change/", auth.PasswordChangeView.as_view(), name="password_change"),
    path("password_change/done/", auth.PasswordChangeDoneView.as_view(), name="password_change_done"),
]
if settings.PASSWORD_RESET:
    accounts += [
        path("password_reset/", auth.PasswordResetView.as_view(extra_email_context=MAIL), name="password_reset"),
        path("password_reset/done/", auth.PasswordResetDoneView.as_view(), name="password_reset_done"),
        path("reset/<uidb64>/<token>/", auth.PasswordResetConfirmView.as_view(), name="password_reset_confirm"),
        path("reset/done/", auth.PasswordResetCompleteView.as_view(), name="password_reset_complete"),
    ]

urlpatterns = [
    path("", pages.home, name="home"),
    path("docs", reference.page(api.get_openapi_schema), name="reference"),
    path("", api.urls),  # early, since nothing is asked for as often as a job
    path("", include("jobs.uploads.views")),
    path("watch/<uuid:job_id>", pages.watch, name="watch"),
    path("watch/<uuid:job_id>/card", pages.card, name="card"),
    path("watch/<uuid:job_id>/code.svg", pages.code, name="watch-code"),
    path("watch/<uuid:job_id>/choose", pages.choose, name="watch-choose"),
    path("watch/<uuid:job_id>/delete", pages.delete, name="watch-delete"),
    path("watch/<uuid:job_id>/another", pages.another, name="watch-another"),
    path("watch/<uuid:job_id>/delete-source", pages.delete_source, name="watch-delete-source"),
    path("watch/<uuid:job_id>/retry", pages.retry, name="watch-retry"),
    *(path(f"watch/<uuid:job_id>/{how}", pages.move, {"how": how}, name=f"watch-{how}") for how in pages.MOVES),
    path("watch/batches/<batch:batch>", batches.watch, name="watch-batch"),
    path("watch/batches/<batch:batch>/bar", batches.bar, name="batch-bar"),
    *(
        path(f"watch/batches/<batch:batch>/{verb}", batches.change, {"verb": verb}, name=f"watch-batch-{verb}")
        for verb in BATCH_VERBS
    ),
    path("problems", pages.problem_list, name="problems"),
    path("healthz", monitoring.healthz, name="healthz"),
    path("readyz", monitoring.readyz, name="readyz"),
    path("metrics", monitoring.metrics, name="metrics"),
    path("accounts/", include(accounts)),
    path("admin/", admin.site.urls),
]

handler400 = "jobs.problems.bad_request"
handler403 = "jobs.problems.permission_denied"
handler404 = "jobs.problems.not_found"
handler500 = "jobs.problems.server_error"
