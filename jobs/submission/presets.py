"""Choices with a name: kept for a user, and put into a submission by that name.

What a preset says is resolved into the job's own options at submission, so a later change of it changes no job. The
same client job id with the same preset and the same fields beside it is the same request, whatever became of the
preset: `Job.asked` holds what was said.
"""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from jobs import encoding, errors
from jobs.encoding import Options
from jobs.models import Owner, Preset
from jobs.models.preset import MAX_NAME
from jobs.submission.submit import find

MOST = 100  # of one user

Parse = Callable[[Mapping[str, Any]], Options]


def presets_of(owner: Owner) -> dict[str, dict[str, Any]]:
    """Options by name, in the order of the names; none for who did not sign in."""
    if owner.user is None:
        return {}
    return {preset.name: _known(preset.options) for preset in Preset.objects.filter(owner=owner.user)[:MOST]}


def save(owner: Owner, name: str, options: Options) -> Preset:
    """Under a name that is new, or in place of what was there. Raises LoginRequired and InvalidRequest."""
    user = _user(owner)
    if not _can_be_a_name(name):
        raise errors.InvalidRequest(fields={"name": f"Use 1 to {MAX_NAME} printable characters."})
    with transaction.atomic():
        others = Preset.objects.filter(owner=user).exclude(name=name)
        if others.count() >= MOST:
            raise errors.InvalidRequest(fields={"name": f"There are {MOST} already. Delete one first."})
        preset, _ = Preset.objects.update_or_create(owner=user, name=name, defaults={"options": options.as_dict()})
    return preset


def forget(owner: Owner, name: str) -> None:
    """Harmless when repeated. Raises LoginRequired."""
    user = _user(owner)
    if _can_be_a_name(name):
        Preset.objects.filter(owner=user, name=name).delete()


def resolved(
    owner: Owner, key: str | None, name: Any, said: Mapping[str, Any], parse: Parse
) -> tuple[Options, dict[str, str]]:
    """The options that a preset makes with what was said beside it, and a record of the words."""
    asked = {field: str(value) for field, value in {"preset": name, **said}.items()}
    earlier = find(owner, key)
    if earlier and earlier.asked == asked:
        return Options.from_dict(earlier.options), asked
    return parse(_fitting(_options_of(owner, str(name)), said)), asked


def _options_of(owner: Owner, name: str) -> dict[str, Any]:
    if owner.user is None:
        raise errors.InvalidRequest(fields={"preset": "Presets are kept for users: sign in, or send an API token."})
    preset = Preset.objects.filter(owner=owner.user, name=name).first() if _can_be_a_name(name) else None
    if preset is None:
        raise errors.InvalidRequest(fields={"preset": "You have no preset of this name."})
    return _known(preset.options)


def _fitting(preset: Mapping[str, Any], said: Mapping[str, Any]) -> dict[str, Any]:
    """What was said goes before the preset; of the preset stays what goes with it."""
    unfit = encoding.misfits({**preset, **said})
    return {**{name: value for name, value in preset.items() if name not in unfit}, **said}


def _can_be_a_name(name: str) -> bool:
    """What a database may be asked for; PostgreSQL takes no NUL."""
    return 1 <= len(name) <= MAX_NAME and name.isprintable() and name == name.strip()


def _known(options: Mapping[str, Any]) -> dict[str, Any]:
    """Without what an earlier version knew."""
    return {name: value for name, value in options.items() if name in encoding.OPTIONS}


def _user(owner: Owner) -> User:
    if owner.user is None:
        raise errors.LoginRequired()
    return owner.user
