"""Mail into a folder, one `.eml` file each: the honest way where no mail server is configured."""

import os
import re
from pathlib import Path

from sellerdesk.adapters.mail.base import Letter, MailUnavailable, Post
from sellerdesk.adapters.mail.message import encode

_SAFE = re.compile(r"[^A-Za-z0-9._@-]")


class FolderPost(Post):
    """Writes each letter to `<folder>/<message id>.eml`, whole or not at all; a repeat replaces the same file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def send(self, letter: Letter) -> None:
        """Write the file; it is on the disk when this returns."""
        content = encode(letter).as_bytes()
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            path = path_of(self.folder, letter.message_id)
            # Named after the letter, so that whoever is killed here leaves nothing that its repeat does not take over.
            # It is written over, not emptied first: two senders of the same letter write the same bytes.
            part = path.with_name(f".{path.name}.part")
            try:
                with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as file:
                    file.write(content)
                    file.truncate()
                    file.flush()
                    os.fsync(file.fileno())
                os.replace(part, path)
            except BaseException:
                part.unlink(missing_ok=True)
                raise
        except OSError as error:
            raise MailUnavailable(f"the mail folder cannot be written ({error.strerror})") from error


def path_of(folder: Path, message_id: str) -> Path:
    """Where a letter with this Message-ID lies."""
    return folder / f"{_SAFE.sub('_', message_id)}.eml"
