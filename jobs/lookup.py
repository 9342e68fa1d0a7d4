"""One job by its id, which every poll asks for.

Django takes ten times as long to put this question into SQL as the database to answer it. The words are the same each
time but for the id, so they are found once.
"""

import functools
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models.sql import Query

from jobs.models import Job

NOBODY = UUID(int=0)


def job_by(job_id: UUID, *fields: str) -> Job:
    """The row, or these fields of it; without its log, which is long and for operators alone.

    Raises Job.DoesNotExist.
    """
    query, sql, names, converters = _question(*fields)
    with connection.cursor() as cursor:
        cursor.execute(sql, [Job._meta.get_field("id").get_db_prep_value(job_id, connection)])
        row = cursor.fetchone()
    if row is None:
        raise Job.DoesNotExist
    compiler = query.get_compiler(connection=connection)
    return Job.from_db(connection.alias, names, next(compiler.apply_converters([row], converters)))


@functools.cache
def _question(*fields: str) -> tuple[Query, str, list[str], dict[int, Any]]:
    """The query, its words, the fields that it reads, and what makes Python's values of the database's."""
    rows = Job.objects.only(*fields) if fields else Job.objects.lean()
    query = rows.order_by().filter(pk=NOBODY).query
    compiler = query.get_compiler(connection=connection)
    sql, _ = compiler.as_sql()
    columns = [column for column, _, _ in compiler.select]
    return query, sql, [column.target.attname for column in columns], compiler.get_converters(columns)
