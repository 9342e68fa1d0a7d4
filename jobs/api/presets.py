"""`/presets`: choices of recipe and options, kept for a user under names."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import Router

from jobs.api import openapi_presets as openapi
from jobs.api.openapi import readable
from jobs.owners import owner_of
from jobs.submission import parse, presets

router = Router()


@readable(router, "", openapi.LIST, url_name="presets")
def list_presets(request: HttpRequest) -> HttpResponse:
    """By name; none for who did not sign in."""
    kept = presets.presets_of(owner_of(request))
    return JsonResponse({"presets": [{"name": name, "options": options} for name, options in kept.items()]})


@router.put("/{path:name}", **openapi.SAVE, url_name="preset")
def save_preset(request: HttpRequest, name: str) -> HttpResponse:
    """New, or in place of what was there. The body names recipe and options, as a submission does."""
    preset = presets.save(owner_of(request), name, parse.read_choice(request))
    return JsonResponse({"name": preset.name, "options": preset.options})


@router.delete("/{path:name}", **openapi.FORGET)
def forget_preset(request: HttpRequest, name: str) -> HttpResponse:
    """Jobs that were submitted by it keep what it said."""
    presets.forget(owner_of(request), name)
    return HttpResponse(status=204)
