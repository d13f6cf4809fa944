"""Compiles the translations whenever the package is built or installed; everything else is in pyproject.toml."""

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from setuptools import setup
from setuptools.command.build_py import build_py


class BuildWithTranslations(build_py):
    """Writes a .mo beside each .po, so that neither gettext's programs nor binary files in git are needed."""

    def run(self) -> None:
        for source in Path("src/sellerdesk/locale").glob("*/LC_MESSAGES/*.po"):
            with source.open("rb") as text, source.with_suffix(".mo").open("wb") as binary:
                write_mo(binary, read_po(text, locale=source.parent.parent.name))
        super().run()


setup(cmdclass={"build_py": BuildWithTranslations})
