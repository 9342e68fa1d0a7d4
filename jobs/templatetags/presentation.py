"""What snapshots of jobs and batches say to a person."""

from typing import Any

from django import template

from jobs import encoding, errors
from jobs.hours import Closure
from jobs.snapshot import path_of
from jobs.states import State
from jobs.templatetags.units import pace, percent, size, span

register = template.Library()

OTHER_CODECS = {"vp8": "VP8", "vp9": "VP9", "mpeg4": "MPEG-4"}  # of originals
CODECS = {codec.name: codec.title for codec in encoding.CODECS.values()} | OTHER_CODECS

BROWSER_CODECS = {"h264": "avc1.640028", "hevc": "hvc1.1.6.L120.90", "av1": "av01.0.08M.08", "vp9": "vp09.00.40.08"}


@register.filter
def at(job_id: str, name: str) -> str:
    """The address of this name for a job. `{% url %}` would take an eighth of the time of a page of cards."""
    return path_of(name, job_id)


@register.filter
def look(snapshot: dict[str, Any]) -> str:
    """Which parts its card has: two snapshots of the same look differ in numbers alone."""
    cells = _pieces_of(snapshot["progress"]).get("cells", [])
    return " ".join([snapshot["state"], str(len(cells)), *(name for name, link in snapshot["links"].items() if link)])


@register.filter
def standing(snapshot: dict[str, Any]) -> str:
    """What is going on with a job that waits or runs."""
    if snapshot["choices"]:
        return "Choose how good it should be"
    if snapshot["is_held"]:
        return "On hold"
    if snapshot["state"] == State.QUEUED:
        return "Next in line" if snapshot["position"] == 1 else f"Number {snapshot['position']} in line"
    return encoding.PHASES.get((snapshot["progress"] or {}).get("phase", ""), "Starting")


@register.filter
def says_when(closure: Closure) -> str:
    """Why nothing begins now."""
    if closure.no_worker:
        return "No worker is running. What waits begins as soon as one is back."
    if closure.until is None:
        return "All work is paused by the operators of this server."
    return f"Work begins again at {closure.until:%H:%M %Z}."


@register.filter
def facts(snapshot: dict[str, Any]) -> str:
    """How much of a running job is done, how fast, for how long still; what was there before an interruption."""
    progress = snapshot["progress"] or {}
    speed, left, pieces = progress.get("speed"), progress.get("eta_seconds"), _pieces_of(progress)
    kept, is_idle = pieces.get("kept"), bool(pieces) and not speed
    words = [pieces_done(progress), f"{percent(kept)} were done before" if kept else ""]
    if snapshot["is_held"]:
        words.append("It waits until you release it")
    elif not is_idle:
        words += [pace(speed), f"about {span(left)} left" if left else ""]
    if expected := progress.get("expected_bytes"):
        words.append(f"heading for about {size(expected)}")
    return " · ".join(filter(None, words))


@register.filter
def bar_text(progress: dict[str, Any]) -> str:
    """62%, 7 of 12 pieces done"""
    return ", ".join(filter(None, [percent(progress["fraction"]), pieces_done(progress)]))


def pieces_done(progress: dict[str, Any]) -> str:
    pieces = _pieces_of(progress)
    return f"{pieces['done']} of {pieces['total']} pieces done" if pieces else ""


def _pieces_of(progress: dict[str, Any] | None) -> dict[str, Any]:
    return (progress or {}).get("pieces") or {}


@register.filter
def batch_standing(batch: dict[str, Any]) -> str:
    """3 of 12 done"""
    counts = batch["counts"]
    done, wanted = counts["completed"] + counts["expired"], batch["jobs"] - counts["canceled"]
    if not wanted:
        return "Canceled"
    return f"All {done} done" if done == wanted else f"{done} of {wanted} done"


@register.filter
def batch_facts(batch: dict[str, Any]) -> str:
    """all done in about 20 min · 1.2 GB saved so far, 64% · 1 failed"""
    counts, left, saved = batch["counts"], batch["eta_seconds"], batch["saved_bytes"]
    so_far = "" if batch["is_final"] else " so far"
    sending = counts["uploading"] + batch.get("unsent", 0)
    words = [
        f"All done in about {span(left)}" if left else "",
        f"{sending} still to arrive" if sending else "",
        f"{size(saved)} saved{so_far}, {percent(batch['saved_fraction'])}" if saved > 0 else "",
        f"{counts['failed']} failed" if counts["failed"] else "",
        f"{counts['canceled']} canceled" if counts["canceled"] else "",
    ]
    return " · ".join(filter(None, words))


@register.filter
def result_facts(snapshot: dict[str, Any]) -> str:
    """1280 × 720 · H.264 · VMAF 95, lowest piece 92"""
    result = snapshot["result"]
    codec = result.get("video_codec") or ""
    words = [
        f"{result['width']} × {result['height']}" if result.get("width") else "",
        CODECS.get(codec, codec),
        _quality(result),
    ]
    return " · ".join(filter(None, words))


@register.filter
def choice(recipe: dict[str, Any]) -> str:
    """Balanced · codec AV1 · largest height 720 pixels"""
    told = {name: value for name, value in recipe.items() if name != "try_first"}
    return " · ".join(filter(None, [encoding.RECIPES[recipe["name"]].title, asked(told)]))


@register.filter
def of_video(recipe: dict[str, Any]) -> dict[str, Any]:
    """What was asked for that stays as it was with another recipe."""
    return {
        name: recipe[name]
        for name, option in encoding.OPTIONS.items()
        if option.is_of_video and recipe.get(name, option.default) != option.default
    }


@register.filter
def asked(options: dict[str, Any]) -> str:
    """Codec AV1 · largest height 720 pixels"""
    return " · ".join(
        filter(None, (_asked(encoding.OPTIONS[name], options[name]) for name in encoding.OPTIONS if name in options))
    )


def _asked(option: encoding.Option, value: Any) -> str:
    """Nothing for what is so anyway."""
    if value == option.default:
        return ""
    match option.accepts:
        case encoding.Choice(titles):
            said = titles.get(value, value)
        case encoding.Whole(unit="bytes"):
            said = size(value)
        case encoding.Whole(unit=unit):
            said = f"{value} {unit}".strip()
        case encoding.Moment():
            said = encoding.on_the_clock(value)
    return f"{option.title[0].lower()}{option.title[1:]} {said}"


@register.filter
def media_type(result: dict[str, Any]) -> str:
    """What a browser is asked whether it can play: the codec as RFC 6381 names it, at a usual level."""
    codecs = BROWSER_CODECS.get(result.get("video_codec") or "", "")
    return f'{result["content_type"]}; codecs="{codecs}"' if codecs else result["content_type"]


def _quality(result: dict[str, Any]) -> str:
    mean, lowest = result.get("vmaf"), result.get("vmaf_lowest")
    return (f"VMAF {mean:.0f}" if mean else "") + (f", lowest piece {lowest:.0f}" if mean and lowest else "")


@register.filter
def offers_another(snapshot: dict[str, Any]) -> bool:
    """Whether another recipe can be tried without an upload, and might do better."""
    error = snapshot["error"]
    return bool(snapshot["is_final"] and snapshot["links"]["another"]) and not (
        error and errors.catalogue()[error["code"]].is_beyond_help
    )


@register.filter
def saved_bytes(snapshot: dict[str, Any]) -> int:
    result = snapshot["result"]
    return max(0, snapshot["source"]["size"] - result["size"]) if result else 0
