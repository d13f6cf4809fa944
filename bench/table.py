"""Results: one line per workload, with its goal and whether it was met; a table for people, JSON for machines."""

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from rich.console import Console
from rich.table import Table

ROUNDS = (
    3  # ours and bare take turns, so that a busy moment of the machine does not fall on one of them alone
)


def rates(count: int, ours: Sequence[float], bare: Sequence[float]) -> tuple[float, float]:
    """Rates of the round whose ratio is the median, from the seconds of each: both saw the same machine then."""
    pairs = sorted(zip(ours, bare, strict=True), key=lambda pair: pair[1] / pair[0])
    mine, theirs = pairs[len(pairs) // 2]
    return count / mine, count / theirs


@dataclass(frozen=True, slots=True)
class Result:
    """One workload. `met` None: there is no goal, or it could not be measured (then `ours` says why)."""

    name: str
    work: str
    ours: str
    bare: str = "–"
    ratio: str = "–"
    goal: str = "–"
    met: bool | None = None
    numbers: dict[str, float] = field(default_factory=dict)


def against(
    name: str, work: str, ours: float, bare: float, *, least: float, unit: str = "/s", extra: str = ""
) -> Result:
    """A rate beside the bare database's rate; the goal is a share of it."""
    ratio = ours / bare if bare else 0.0
    return Result(
        name,
        work,
        f"{ours:,.0f}{unit}{extra}",
        f"{bare:,.0f}{unit}",
        f"{ratio:.2f}",
        f"≥ {least}",
        ratio >= least,
        {"ours": ours, "bare": bare, "ratio": ratio},
    )


def within(
    name: str, work: str, measured: dict[str, float], limits: dict[str, float], unit: str = "ms"
) -> Result:
    """Measurements that must stay below their limits."""
    return Result(
        name,
        work,
        ", ".join(f"{key} {value:,.1f} {unit}" for key, value in measured.items()),
        goal=", ".join(f"{key} ≤ {value:g} {unit}" for key, value in limits.items()),
        met=all(measured[key] <= value for key, value in limits.items()),
        numbers=measured,
    )


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which a share of the values lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def show(results: Sequence[Result], *, orders: int, seconds: float) -> None:
    """Print the table. The load tells whether the machine had other work: then only ratios mean anything."""
    busy = ", ".join(f"{load:.1f}" for load in os.getloadavg())
    about = (
        f"{platform.machine()}, {os.cpu_count()} cores, load {busy} (1, 5, 15 min), {seconds:.0f} s in all"
    )
    table = Table(title=f"{orders:,} orders of one seller; {about}")
    for title in ("", "workload", "ours", "bare database", "ratio", "goal", ""):
        table.add_column(title, overflow="fold")
    for one in results:
        mark = "–" if one.met is None else ("met" if one.met else "MISSED")
        table.add_row(one.name, one.work, one.ours, one.bare, one.ratio, one.goal, mark)
    Console(width=150).print(table)


def save(results: Sequence[Result], folder: Path, *, orders: int) -> Path:
    """Write the results as JSON."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"bench-{orders}.json"
    said = {"orders": orders, "load": os.getloadavg(), "results": [asdict(one) for one in results]}
    path.write_text(json.dumps(said, indent=1, ensure_ascii=False), encoding="utf-8")
    return path
