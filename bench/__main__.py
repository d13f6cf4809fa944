"""`make bench`: make a world of some size, measure every workload in it, print one table."""

import argparse
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

FOLDER = Path(__file__).parent / "results"
PORT = 8731


def arguments() -> argparse.Namespace:
    words = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    words.add_argument("--orders", type=int, default=20_000, help="orders of the big seller")
    words.add_argument("--only", default="", help="workloads, such as L1,L5")
    words.add_argument("--data", type=Path, help="a data folder to make and keep, or to use again")
    return words.parse_args()


def main() -> None:
    given = arguments()
    folder = given.data or Path(tempfile.mkdtemp(prefix="sellerdesk-bench-"))
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o711)  # the account that runs PostgreSQL for root must walk through it
    for name in [name for name in os.environ if name.startswith("SELLERDESK_")]:
        if name not in ("SELLERDESK_DATABASE_URL", "SELLERDESK_POSTGRES_BIN"):
            del os.environ[name]
    os.environ |= {
        "SELLERDESK_DATA_DIR": str(folder),
        "SELLERDESK_RATE_LIMIT_SCALE": "1000000",
        "SELLERDESK_BASE_URL": f"http://127.0.0.1:{PORT}",
        "DJANGO_SETTINGS_MODULE": "sellerdesk.config.settings",
        # The workloads' own processes find this package, too.
        "PYTHONPATH": os.pathsep.join([str(FOLDER.parent.parent), os.environ.get("PYTHONPATH", "")]),
    }
    os.environ["SELLERDESK_LOG_LEVEL"] = (
        "warning"  # of the pages that are measured in process; servers keep their own
    )
    from bench.runner import measure_all  # after the settings' environment

    began = time.perf_counter()
    wanted = frozenset(filter(None, given.only.split(",")))
    try:
        ok = measure_all(given.orders, wanted, PORT, FOLDER, lambda: time.perf_counter() - began)
    finally:
        if given.data is None:
            shutil.rmtree(folder, ignore_errors=True)
    sys.exit(0 if ok else 1)


if __name__ == "__main__":
    main()
