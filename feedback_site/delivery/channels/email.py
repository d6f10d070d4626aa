"""Email by Django's backend, one connection per batch."""

import re
import smtplib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend

from feedback_site.delivery.channels.envelopes import Handover, Result
from feedback_site.delivery.enums import AttemptOutcome

_DJANGO_SMTP = "django.core.mail.backends.smtp.EmailBackend"
_TRACED_SMTP = f"{__name__}.TracedEmailBackend"
_FIRST_PERMANENT_CODE = 500
_SERVICE_CLOSING = 421
_ENHANCED_STATUS = re.compile(rb"^([245]\.\d{1,3}\.\d{1,3})\b")


class _TracedSMTP(smtplib.SMTP):
    """Remembers whether the body was on its way when a conversation broke off.

    Only then may the mail have arrived.
    """

    is_body_begun = False

    def mail(self, sender: str, options: Sequence[str] = ()) -> tuple[int, bytes]:
        self.is_body_begun = False
        return super().mail(sender, options)

    def send(self, s: Any) -> None:
        # Commands are text of one line; the body is the only thing that goes out as bytes.
        self.is_body_begun = self.is_body_begun or isinstance(s, bytes)
        super().send(s)


class _TracedSMTPOverTLS(_TracedSMTP, smtplib.SMTP_SSL):
    pass


class TracedEmailBackend(EmailBackend):
    """Django's SMTP backend over a connection that knows how far it came."""

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        """Return the class that Django opens."""
        return _TracedSMTPOverTLS if self.use_ssl else _TracedSMTP


class _Mail(mail.EmailMultiAlternatives):
    """A mail whose parts are separated by its own Message-ID.

    Drawing a random boundary takes a fifth of the time that a mail takes.
    """

    def message(self, **options: Any) -> Any:
        message = super().message(**options)
        if message.is_multipart():
            message.set_boundary("=_" + self.extra_headers["Message-ID"].strip("<>").partition("@")[0])
        return message


@contextmanager
def open_email_gateway() -> Iterator["EmailGateway"]:
    """Yield the gateway; the connection, if one was opened, is closed with the block."""
    backend = _TRACED_SMTP if settings.EMAIL_BACKEND == _DJANGO_SMTP else None
    gateway = EmailGateway(mail.get_connection(backend))
    try:
        yield gateway
    finally:
        gateway.close()


class EmailGateway:
    """Hands mails to the mail server, at least once: the same message always carries the same Message-ID."""

    def __init__(self, connection: BaseEmailBackend) -> None:
        self._connection = connection
        self._sender_domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
        self._unreachable: Result | None = None

    def send(self, handover: Handover) -> Result:
        """Hand over one mail.

        Once the server could not be reached, the rest of the batch gets that answer at once.
        """
        self._unreachable = self._unreachable or self._connect()
        if self._unreachable:
            return self._unreachable
        try:
            self._connection.send_messages([self._mail(handover)])
        except smtplib.SMTPException as error:
            return self._judge(error)
        except OSError as error:
            return self._lost(error)
        except ValueError:
            # Django refuses line breaks in headers and addresses that are none.
            return Result(AttemptOutcome.PERMANENT, "bad_message")
        return Result(AttemptOutcome.ACCEPTED)

    def close(self) -> None:
        """Close the connection, whatever state it is in."""
        with suppress(smtplib.SMTPException, OSError):
            self._connection.close()

    def _connect(self) -> Result | None:
        try:
            self._connection.open()
        except smtplib.SMTPResponseException as error:
            # A refused login or greeting is about us, not about
            # the message: it may work after an administrator has looked.
            return Result(AttemptOutcome.TEMPORARY, f"connect_{error.smtp_code}")
        except (smtplib.SMTPException, OSError) as error:
            return Result(AttemptOutcome.TEMPORARY, f"connect_{type(error).__name__}"[:60])
        return None

    def _mail(self, handover: Handover) -> _Mail:
        envelope = handover.envelope
        headers = {
            "Auto-Submitted": "auto-generated",
            "Content-Language": envelope.language,
            **envelope.headers,
            "Message-ID": f"<{handover.message_id}@{self._sender_domain}>",
        }
        message = _Mail(envelope.subject, envelope.text, to=[envelope.address], headers=headers)
        if envelope.html:
            message.attach_alternative(envelope.html, "text/html")
        return message

    def _judge(self, error: smtplib.SMTPException) -> Result:
        if isinstance(error, smtplib.SMTPServerDisconnected):
            return self._lost(error)
        if isinstance(error, smtplib.SMTPRecipientsRefused):
            return self._refused(*next(iter(error.recipients.values())))
        if isinstance(error, smtplib.SMTPResponseException):
            return self._refused(error.smtp_code, error.smtp_error)
        return Result(AttemptOutcome.PERMANENT, type(error).__name__[:60])

    def _refused(self, code: int, answer: bytes | str) -> Result:
        if code == _SERVICE_CLOSING:
            self.close()
        text = answer.encode() if isinstance(answer, str) else answer
        enhanced = _ENHANCED_STATUS.match(text)
        # Of the server's sentence only the two numbers are kept: it often repeats the address.
        words = f"smtp_{code} {enhanced[1].decode()}" if enhanced else f"smtp_{code}"
        permanent = code >= _FIRST_PERMANENT_CODE
        return Result(AttemptOutcome.PERMANENT if permanent else AttemptOutcome.TEMPORARY, words)

    def _lost(self, error: Exception) -> Result:
        is_body_begun = getattr(getattr(self._connection, "connection", None), "is_body_begun", True)
        self.close()
        code = f"lost_{type(error).__name__}"[:60]
        return Result(AttemptOutcome.UNCERTAIN if is_body_begun else AttemptOutcome.TEMPORARY, code)
