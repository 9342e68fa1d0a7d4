"""Whom a job belongs to."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib.auth.models import User

if TYPE_CHECKING:
    from jobs.models.job import Job


@dataclass(frozen=True)
class Owner:
    """Whom a job belongs to: a user, or a browser by its random name, or (both empty) whoever knows its id.

    `network` is where somebody who did not sign in comes from, as a fingerprint: it is nobody's key to anything, it
    only counts what comes from there.
    """

    user: User | None = None
    visitor: str = ""
    network: str = ""

    @property
    def is_unnamed(self) -> bool:
        return self.user is None and not self.visitor

    @property
    def label(self) -> str:
        """For a log; "" for nobody. What is shown of a browser's random name does not suffice to take its place."""
        if self.user is not None:
            return f"user:{self.user.get_username()}"
        return f"visitor:{self.visitor[:8]}" if self.visitor else ""

    def may_see(self, job: "Job") -> bool:
        """One's own, and those of nobody, to which knowing the id is the key; all, as an operator of the admin."""
        return self.owns(job) or self._is_staff_with("jobs.view_job") or self._is_staff_with("jobs.change_job")

    def may_change(self, job: "Job") -> bool:
        return self.owns(job) or self._is_staff_with("jobs.change_job")

    def owns(self, job: "Job") -> bool:
        """Or has the key to it. Operators do not own what they may look at."""
        return job.owner_id is None or (self.user is not None and job.owner_id == self.user.pk)

    def _is_staff_with(self, permission: str) -> bool:
        return self.user is not None and self.user.is_staff and self.user.has_perm(permission)
