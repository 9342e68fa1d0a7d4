"""What operators see and do. A job's state changes only through the verbs, so nothing here is editable."""

from django.contrib import admin
from django_rq.models import Dashboard

from jobs.admin.jobs import JobAdmin
from jobs.admin.tokens import ApiTokenAdmin
from jobs.queue_pages import QueuePages

__all__ = ["ApiTokenAdmin", "JobAdmin"]

admin.site.site_header = "Compressor"
admin.site.site_title = "Compressor"
admin.site.index_title = "Operations"

admin.site.register(Dashboard, QueuePages)
