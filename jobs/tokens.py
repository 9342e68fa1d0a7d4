"""API tokens: how a program says whose it is. One for each program, made and revoked in the admin."""

import hashlib
import logging
import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import OperationalError, models
from django.utils import timezone

logger = logging.getLogger(__name__)

NOTED_EVERY = timedelta(minutes=5)  # so that reading, which a client does often, does not write each time


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    def used(self, secret: str) -> "ApiToken | None":
        """The token whose secret this is; None for an unknown or revoked one. Its use is noted now and then."""
        token = self.select_related("user").filter(digest=ApiToken.digest_of(secret), user__is_active=True).first()
        now = timezone.now()
        if token and (token.last_used_at is None or token.last_used_at < now - NOTED_EVERY):
            self._note_use(token, now)
        return token

    def _note_use(self, token: "ApiToken", now: datetime) -> None:
        """Nobody is refused because this cannot be written, as on a full disk."""
        try:
            self.filter(pk=token.pk).update(last_used_at=now)
        except OperationalError as error:
            logger.warning("The use of a token could not be noted: %s", error)


class ApiToken(models.Model):
    """A program's key to a user's jobs. Only the digest is kept: the secret is shown once, when it is made."""

    PREFIX = "cmp_"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=100, help_text="What uses it, for example “backup script”.")
    digest = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    last_used_at = models.DateTimeField(null=True, editable=False)

    objects = ApiTokenQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.name} ({self.user})"

    @classmethod
    def new_secret(cls) -> str:
        return cls.PREFIX + secrets.token_urlsafe(32)

    @staticmethod
    def digest_of(secret: str) -> str:
        """Plain SHA-256 is enough for 256 random bits: there is nothing to guess, so nothing to slow down."""
        return hashlib.sha256(secret.encode()).hexdigest()
