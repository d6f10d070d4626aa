from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from feedback_site.demo.sinks.sms import SmsSink, start_sms_sink
from feedback_site.demo.sinks.smtp import SmtpSink, start_smtp_sink


@dataclass(frozen=True, slots=True)
class Sinks:
    """Where the running sinks are reached and where they keep what they get."""

    smtp: SmtpSink
    sms: SmsSink
    outbox: Path

    @property
    def smtp_port(self) -> int:
        """The port that mail is sent to."""
        return self.smtp.port

    @property
    def sms_port(self) -> int:
        """The port that texts are posted to."""
        return int(self.sms.server_address[1])

    @property
    def email_url(self) -> str:
        """The value of `EMAIL_URL` that sends mail to the sink."""
        return f"smtp://127.0.0.1:{self.smtp_port}"

    @property
    def sms_gateway_url(self) -> str:
        """The value of `SMS_GATEWAY_URL` that sends texts to the sink."""
        return self.sms.url


@contextmanager
def running_sinks(*, outbox: Path, smtp_port: int = 0, sms_port: int = 0) -> Iterator[Sinks]:
    """Run both sinks for the block: `outbox/email/*.eml` and `outbox/sms/*.json`.

    Port 0 takes a free one; `OSError` when one is taken.
    """
    mail = start_smtp_sink(folder=outbox / "email", port=smtp_port)
    try:
        sms = start_sms_sink(folder=outbox / "sms", port=sms_port, secret=settings.SMS_GATEWAY_SECRET)
        try:
            yield Sinks(mail, sms, outbox)
        finally:
            sms.shutdown()
            sms.server_close()
    finally:
        mail.stop()
