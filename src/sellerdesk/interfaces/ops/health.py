"""Is it alive, is it ready, how does it do."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from sellerdesk.interfaces.ops import metrics
from sellerdesk.queries.readiness import is_ready


@require_safe
def alive(_request: HttpRequest) -> HttpResponse:
    """The process answers; nothing else is asked."""
    return JsonResponse({"status": "alive"})


@require_safe
def ready(_request: HttpRequest) -> HttpResponse:
    """The database answers and every migration is applied: send us requests."""
    found = is_ready()
    answer = JsonResponse(
        {
            "status": "ready" if found.ready else "not ready",
            "database": found.database,
            "schema": found.schema,
        },
        status=200 if found.ready else 503,
    )
    if not found.ready:
        answer["Retry-After"] = "5"
    return answer


@require_safe
def exposition(_request: HttpRequest) -> HttpResponse:
    """Numbers for Prometheus, of the web process that happened to answer."""
    metrics.DATABASE_UP.set(is_ready().database)
    return HttpResponse(metrics.exposition(), content_type="text/plain; version=0.0.4; charset=utf-8")
