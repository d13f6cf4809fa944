"""A payment side in a folder: the honest one where no provider is configured. One file a key is its whole book."""

import json
import os
import re
import tempfile
from dataclasses import asdict
from pathlib import Path

from sellerdesk.adapters.payments.base import Payments, PaymentsUnavailable, PaymentUnknown, Payout, Receipt

_SAFE = re.compile(r"[^A-Za-z0-9._-]")


class FolderPayments(Payments):
    """Writes each payout to `<folder>/<key>.json`, whole or not at all; the first one under a key stays."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def pay_back(self, payout: Payout) -> Receipt:
        """On return the file is on the disk; a repeat answers what the first one did, whatever it asks now."""
        receipt = Receipt(payout.key, payout.amount, payout.currency, "done", f"local-{payout.key}")
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            handle, name = tempfile.mkstemp(dir=self.folder, prefix=".", suffix=".part")
        except OSError as error:
            raise PaymentsUnavailable(f"the payment folder cannot be written ({error.strerror})") from error
        try:
            with os.fdopen(handle, "w") as file:
                json.dump(asdict(receipt), file)
                file.flush()
                os.fsync(file.fileno())
            os.link(name, self._path(payout.key))  # refuses when the key has its file already
        except FileExistsError:
            return self.look_up(payout) or receipt
        except OSError as error:
            raise PaymentUnknown(f"the payment folder failed ({error.strerror})") from error
        finally:
            Path(name).unlink(missing_ok=True)
        return receipt

    def look_up(self, payout: Payout) -> Receipt | None:
        """Read the file of a key."""
        try:
            return Receipt(**json.loads(self._path(payout.key).read_text()))
        except FileNotFoundError:
            return None
        except OSError as error:
            raise PaymentsUnavailable(f"the payment folder cannot be read ({error.strerror})") from error

    def _path(self, key: str) -> Path:
        return self.folder / f"{_SAFE.sub('_', key)}.json"
