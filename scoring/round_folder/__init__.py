"""PURE: a whole round as a folder of CSV files, read and checked before anything is stored.

Every problem is found in one pass and said with its file and line. What a laboratory typed is
never corrected here: a strange value is a finding of the evaluation, no problem of the folder.
"""

from collections.abc import Mapping

from scoring.round_folder.checks import check
from scoring.round_folder.contents import Laboratory, RoundFolder, Submission, assembled
from scoring.round_folder.problems import FolderRefused
from scoring.round_folder.tables import FILES, is_round_code, read_tables

__all__ = [
    "FILES",
    "FolderRefused",
    "Laboratory",
    "RoundFolder",
    "Submission",
    "is_round_code",
    "read",
]


def read(files: Mapping[str, bytes | None]) -> RoundFolder:
    """Return the round in ``files`` (by their names in ``FILES``), or raise what is to be mended.

    A file that is not there is None. Raises :class:`FolderRefused`.
    """
    found = read_tables(files)
    check(found)
    problems = [problem for table in found.values() for problem in table.problems]
    if problems:
        raise FolderRefused(problems)
    return assembled(found)
