"""Batches: the jobs that came together, under an id that their client chose. There is no row for one: it is its jobs.

ids        what may name one
find       whose it is, and what it is made of
standing   the public document of a batch, counted from an index
verbs      what is done to all of it: to so many at a time, each by its own verb
archive    all of its results as one ZIP
"""

from jobs.batches.archive import archive_name, archive_of
from jobs.batches.find import batches_of, jobs_of
from jobs.batches.standing import standing, standings
from jobs.batches.verbs import VERBS

__all__ = ["VERBS", "archive_name", "archive_of", "batches_of", "jobs_of", "standing", "standings"]
