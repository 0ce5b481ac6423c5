"""What a browser does for Floyd while no page is open: the service worker, and the notifications that it is asked to show."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext_noop as noop
from django.views.decorators.http import require_GET, require_POST

from context.errors import KnowledgeError
from context.kept_words import said
from context.push import device_name, forget, subscribe
from context.signed_in import signed_in

WORKER = Path(settings.BASE_DIR) / "static" / "service-worker.js"


@require_GET
def worker(_request: HttpRequest) -> HttpResponse:
    """The service worker. It stands at the root, for it may only open pages below its own address."""
    return HttpResponse(WORKER.read_bytes(), content_type="text/javascript; charset=utf-8", headers={"Cache-Control": "no-cache"})


@require_GET
def offline(_request: HttpRequest) -> HttpResponse:
    """What the worker shows in place of any page while there is no connection: the same for everybody, whoever is signed in."""
    return HttpResponse(render_to_string("offline.html", {"LANGUAGE_CODE": get_language()}))


@require_POST
@signed_in
def switch_on(request: HttpRequest) -> HttpResponse:
    """Takes the subscription of this browser, as `PushSubscription.toJSON()` gives it."""
    user: Any = request.user
    try:
        given = json.loads(request.body)
        endpoint, keys = str(given["endpoint"]), given["keys"]
        p256dh, auth = str(keys["p256dh"]), str(keys["auth"])
    except (ValueError, KeyError, TypeError):
        return JsonResponse({"trouble": said(noop("This browser gave no subscription."))}, status=422)
    try:
        subscribe(user=user, endpoint=endpoint, p256dh=p256dh, auth=auth, device=device_name(request.headers.get("User-Agent", "")))
    except KnowledgeError as error:
        return JsonResponse({"trouble": said(str(error))}, status=422)
    return JsonResponse({}, status=201)


@require_POST
@signed_in
def switch_off(request: HttpRequest, subscription_id: int) -> HttpResponse:
    """Tells a device nothing any more."""
    user: Any = request.user
    forget(user=user, subscription_id=subscription_id)
    response = redirect("settings")
    response.status_code = 303
    response["Location"] += "#telling"
    return response
