"""What is kept: jobs, pieces of long ones, choices that users named, what the whole installation knows of itself."""

from jobs.installation import Installation
from jobs.models.experience import Experience
from jobs.models.job import Job
from jobs.models.owner import Owner
from jobs.models.piece import Piece
from jobs.models.preset import Preset
from jobs.models.querysets import JobQuerySet
from jobs.tokens import ApiToken

__all__ = ["ApiToken", "Experience", "Installation", "Job", "JobQuerySet", "Owner", "Piece", "Preset"]
