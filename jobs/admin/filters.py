"""By what operators narrow the list of jobs down."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from jobs import errors
from jobs.models import Job


class KnownValuesFilter(admin.SimpleListFilter):
    """By the values that there can be; Django would look through all rows for those that there are."""

    values: list[str]

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(value, value) for value in self.values]

    def queryset(self, request: HttpRequest, jobs: QuerySet[Job]) -> QuerySet[Job]:
        return jobs.filter(**{str(self.parameter_name): self.value()}) if self.value() else jobs


class OutcomeFilter(KnownValuesFilter):
    title = parameter_name = "outcome"
    values = ["compressed", "already_small"]


class ErrorFilter(KnownValuesFilter):
    title = "error"
    parameter_name = "error_code"
    values = sorted(code for code, kind in errors.catalogue().items() if issubclass(kind, errors.JobFailure))
