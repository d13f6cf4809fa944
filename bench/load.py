"""Clients that ask a server over HTTP, in processes of their own, each client with one connection kept open."""

import http.client
import time
from collections.abc import Sequence
from multiprocessing import get_context
from threading import Barrier, Thread
from typing import Any

# Method, path, body ("" for none).
Call = tuple[str, str, str]


def _clients(port: int, headers: dict[str, str], parts: Sequence[Sequence[Call]], answers: Any) -> None:
    start = Barrier(len(parts) + 1)
    times: list[float] = []
    wrong: list[str] = []

    def one(calls: Sequence[Call]) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        connection.connect()
        start.wait()
        for method, path, body in calls:
            began = time.perf_counter()
            connection.request(method, path, body or None, headers)
            answer = connection.getresponse()
            text = answer.read()
            times.append(time.perf_counter() - began)
            if answer.status >= 300:
                wrong.append(f"{method} {path}: {answer.status} {text[:200]!r}")
        connection.close()

    threads = [Thread(target=one, args=(part,)) for part in parts]
    for thread in threads:
        thread.start()
    start.wait()
    began = time.time()
    for thread in threads:
        thread.join()
    answers.put((began, time.time(), times, wrong))


class Refused(RuntimeError):
    """The server did not do what a workload asks."""


def run(port: int, calls: Sequence[Call], clients: int, headers: dict[str, str]) -> tuple[float, list[float]]:
    """Make all calls; answers how many a second, and how long each took in seconds. Raises Refused."""
    processes = min(2, clients)
    context = get_context("spawn")
    answers = context.Queue()
    parts = [calls[client::clients] for client in range(clients)]
    running = [
        context.Process(target=_clients, args=(port, headers, parts[process::processes], answers))
        for process in range(processes)
    ]
    for process in running:
        process.start()
    spans = [answers.get() for _ in running]
    for process in running:
        process.join()
    if wrong := [line for span in spans for line in span[3]]:
        raise Refused(wrong[0])
    seconds = max(span[1] for span in spans) - min(span[0] for span in spans)
    return len(calls) / seconds, [one for span in spans for one in span[2]]
