"""API tokens, each shown once."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest
from django.utils.html import format_html

from jobs.tokens import ApiToken


@admin.register(ApiToken)
class ApiTokenAdmin(admin.ModelAdmin):
    """Deleting a token revokes it."""

    list_display = ["name", "user", "created_at", "last_used_at"]
    search_fields = ["name", "user__username"]
    autocomplete_fields = ["user"]
    readonly_fields = ["created_at", "last_used_at"]

    def save_model(self, request: HttpRequest, token: ApiToken, form: Any, change: bool) -> None:
        if change:
            token.save(update_fields=["name", "user"])
            return
        secret = ApiToken.new_secret()
        token.digest = ApiToken.digest_of(secret)
        token.save()
        self.message_user(
            request,
            format_html("Copy the token now, it is not shown again: <code>{}</code>", secret),
            messages.WARNING,
        )
