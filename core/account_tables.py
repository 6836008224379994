"""Tables of accounts: users, grants in a scope, signed-in browsers, sign-in links."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.access import Role, Scope
from core.clock import now
from core.data_map import ACCOUNT, personal
from core.db import Model, public_id
from core.errors import N_


class User(Model):
    """A person with an account; a ticket holder or a door phone has none."""

    #: Internal number.
    id: Mapped[int] = mapped_column(primary_key=True)
    #: Random identifier for addresses.
    public_id: Mapped[str] = mapped_column(unique=True, default=public_id)
    #: What is typed to sign in: a mobile number or a short name.
    login: Mapped[str] = mapped_column(
        unique=True, info=personal(N_("Login: a mobile number or a short name"), ACCOUNT)
    )
    #: Shown in records.
    name: Mapped[str] = mapped_column(info=personal(N_("Name"), ACCOUNT))
    #: An addition to the telephone, never asked for to take part; empty for most.
    email: Mapped[str] = mapped_column(default="", info=personal(N_("E-mail address"), ACCOUNT))
    #: argon2id; empty until the person has set a password.
    password_hash: Mapped[str] = mapped_column(
        default="", info=personal(N_("Password, as a hash"), ACCOUNT, who=N_("Nobody"))
    )
    #: Since when the account is closed.
    disabled_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
    grants: Mapped[list["Grant"]] = relationship(back_populates="user", order_by="Grant.id")


#: Nobody is judge and laboratory, or two laboratories, in one round.
ONE_ROLE = sa.text("scope = 'round'")


class Grant(Model):
    """A role of a user in a scope."""

    __table_args__ = (
        sa.UniqueConstraint("user_id", "role", "scope", "scope_id"),
        sa.Index(
            "uq_grant_one_role_per_round",
            "user_id",
            "scope_id",
            unique=True,
            sqlite_where=ONE_ROLE,
            postgresql_where=ONE_ROLE,
        ),
        sa.CheckConstraint("(role = 'lab') = (party_id > 0)", name="laboratory_has_party"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id"))
    role: Mapped[Role]
    scope: Mapped[Scope]
    #: Number of the thing the scope speaks of; 0 for the whole system.
    scope_id: Mapped[int] = mapped_column(default=0)
    #: Whom the user speaks for inside the scope; 0 for themselves.
    party_id: Mapped[int] = mapped_column(default=0)
    user: Mapped[User] = relationship(back_populates="grants")


class LoginSession(Model):
    """A signed-in browser."""

    #: SHA-256 of the token in the cookie.
    token_hash: Mapped[str] = mapped_column(
        primary_key=True,
        info=personal(
            N_("Signed-in browsers: since when, last seen"),
            ACCOUNT,
            keep=N_("12 hours at most"),
            who=N_("Their owner"),
        ),
    )
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id"), index=True)
    created_at: Mapped[datetime]
    #: Moved once a minute at most: the one thing a GET may write.
    seen_at: Mapped[datetime]


class LoginLink(Model):
    """A link that signs a person in: opened any number of times, spent by the first POST.

    Its token is drawn from ``seed`` and the server's key, so the office can show it again while
    the database alone opens nothing.
    """

    token_hash: Mapped[str] = mapped_column(primary_key=True)
    #: Random; empty for a link whose token was never drawn here.
    seed: Mapped[str] = mapped_column(default="")
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id"), index=True)
    expires_at: Mapped[datetime]
    spent_at: Mapped[datetime | None]
