"""One message as it leaves, and the reasons why it did not arrive."""

from dataclasses import dataclass

from core.errors import N_, AppError

#: Why a message did not arrive, by code: each sentence says what to do next.
FAILURES = {
    "mail_unreachable": N_(
        "The mail server does not answer. If it stays so, ask the administrator to check "
        "QM_SMTP_URL, then send it again."
    ),
    "mail_certificate": N_(
        "The certificate of the mail server is not trusted. Ask the administrator to check it, "
        "then send it again."
    ),
    "mail_unsupported": N_(
        "The mail server cannot do what QM_SMTP_URL asks for: encryption or a password. Ask the "
        "administrator to check it, then send it again."
    ),
    "mail_sign_in": N_(
        "The mail server refused its account. Ask the administrator to check QM_SMTP_URL, then "
        "send it again."
    ),
    "mail_deferred": N_("The mail server asked us to come later. Send it again in an hour."),
    "mail_refused": N_(
        "The mail server refused the message. Give its administrator the number, or send the "
        "text another way."
    ),
    "recipient_refused": N_(
        "The mail server refused this address. Check it with the person, then write a new message."
    ),
    "webhook_unreachable": N_(
        "The webhook does not answer. If it stays so, ask the administrator to check "
        "QM_WEBHOOK_URL, then send it again."
    ),
    "webhook_certificate": N_(
        "The certificate of the webhook is not trusted. Ask the administrator to check it, then "
        "send it again."
    ),
    "webhook_busy": N_(
        "The webhook could not take the message at that moment. Send it again in an hour."
    ),
    "webhook_refused": N_(
        "The webhook refused the message. Give whoever runs it the number, or send the text "
        "another way."
    ),
    "address_unfit": N_("This address cannot be used. Correct it, then write a new message."),
    "link_dead": N_(
        "The sign-in link in it opens nothing any more, so it was not sent. Send a new one."
    ),
    "not_configured": N_(
        "This way of sending is switched off. Ask the administrator to set it up, then send it "
        "again."
    ),
    "broken_off": N_("Sending was broken off by a fault on our side. Send it again."),
}


@dataclass(frozen=True)
class Letter:
    """What is carried to a mail server or a webhook."""

    #: Public id of the message: the same in every attempt, so that a repetition is recognised.
    id: str
    kind: str
    name: str
    mobile: str
    email: str
    title: str
    text: str


class Undelivered(AppError):
    """A message did not go out; ``final`` when another attempt would end the same."""

    status = 502

    def __init__(self, code: str, *, final: bool, number: int | None = None) -> None:
        super().__init__(code, FAILURES[code])
        self.final = final
        #: What the table keeps: the code and the answering server's number, never its words.
        self.reason = code if number is None else f"{code}:{number}"
