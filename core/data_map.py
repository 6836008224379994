"""The data map: which columns hold data of persons, said on the column itself.

A column is marked where it is declared, ``mapped_column(info=personal(N_("Name"), ACCOUNT))``;
page and export read the marks of all tables, so the map cannot fall behind the code.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa

from core.errors import N_

MARK = "personal"


@dataclass(frozen=True)
class Purpose:
    """One purpose for which data of persons is processed; all texts are message ids."""

    title: str
    #: What it is needed for.
    why: str
    #: Legal basis: articles of the Personal Information Protection Law.
    basis: str
    #: How long it is kept.
    keep: str
    #: Who may see it.
    who: str
    #: Whether a lawyer of the organiser has confirmed the articles.
    verified: bool = False


@dataclass(frozen=True)
class Personal:
    """The mark of a column: what it holds of a person, and what differs from its purpose."""

    what: str
    purpose: Purpose
    keep: str = ""
    who: str = ""


@dataclass(frozen=True)
class Place:
    """A marked column and where it is."""

    table: str
    column: str
    mark: Personal

    @property
    def keep(self) -> str:
        """Return how long this column is kept."""
        return self.mark.keep or self.mark.purpose.keep

    @property
    def who(self) -> str:
        """Return who sees this column."""
        return self.mark.who or self.mark.purpose.who


def personal(what: str, purpose: Purpose, *, keep: str = "", who: str = "") -> dict[str, Personal]:
    """Return the ``info`` of a column that holds data of persons."""
    return {MARK: Personal(what, purpose, keep, who)}


def places(metadata: sa.MetaData) -> Iterator[Place]:
    """Yield every marked column, in the order of the tables."""
    for table in metadata.sorted_tables:
        for column in table.columns:
            mark = column.info.get(MARK)
            if mark is not None:
                yield Place(table.name, column.name, mark)


def by_purpose(metadata: sa.MetaData) -> dict[Purpose, list[Place]]:
    """Return the marked columns of each purpose."""
    found: dict[Purpose, list[Place]] = {}
    for place in places(metadata):
        found.setdefault(place.mark.purpose, []).append(place)
    return found


#: Purposes of the core; a feature declares its own beside its tables.
ACCOUNT = Purpose(
    title=N_("Accounts of staff, officers and laboratories"),
    why=N_("To let the people who do the work sign in, each with their own duties."),
    basis=N_("Articles 6, 13 and 51: a statutory duty of the organiser; safeguards by role"),
    keep=N_("While the account exists; its owner can delete it"),
    who=N_("Administrators; the office for the officers it invites"),
)
MESSAGES = Purpose(
    title=N_("Invitations and reminders"),
    why=N_("To reach officers about what is due, and to prove that they were told."),
    basis=N_("Articles 6 and 13: needed for a statutory duty; e-mail only as an addition"),
    keep=N_("Names and addresses are emptied when the retention time is over"),
    who=N_("Office and administrators"),
)
SECURITY = Purpose(
    title=N_("Security and audit"),
    why=N_("To find out misuse and to refuse repeated attempts."),
    basis=N_("Articles 51 and 54, Cybersecurity Law: logs are kept for at least six months"),
    keep=N_("At least six months; the product never deletes it"),
    who=N_("Administrators, on the server"),
)
DOCUMENTS = Purpose(
    title=N_("Issued documents"),
    why=N_("To prove what was issued under a number."),
    basis=N_("Articles 6 and 13; archive rule of the organiser"),
    keep=N_("As the organiser's archive rule says"),
    who=N_("Whoever made the document; its check page shows no person"),
)
