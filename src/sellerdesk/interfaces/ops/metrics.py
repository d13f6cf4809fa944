"""Numbers for Prometheus. They name routes, never paths, so that no id or name gets into them."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

REGISTRY = CollectorRegistry()
REQUESTS = Counter(
    "sellerdesk_http_requests", "Requests answered.", ["method", "route", "status"], registry=REGISTRY
)
SECONDS = Histogram(
    "sellerdesk_http_request_seconds",
    "Time to answer.",
    ["route"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0),
    registry=REGISTRY,
)
DATABASE_UP = Gauge("sellerdesk_database_up", "Whether the database answers.", registry=REGISTRY)
DUE_DEADLINES = Gauge(
    "sellerdesk_deadlines_due", "Deadlines that are due and not yet done.", registry=REGISTRY
)
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def count_request(method: str, route: str, status: int, seconds: float) -> None:
    """Count one answered request."""
    REQUESTS.labels(method if method in METHODS else "other", route, str(status)).inc()
    SECONDS.labels(route).observe(seconds)


def exposition() -> bytes:
    """All numbers of this process, in the text format."""
    return generate_latest(REGISTRY)
