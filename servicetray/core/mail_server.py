"""The mail server of the settings: one connection for a round of messages, encrypted and checked."""

import smtplib
import ssl
from email.message import EmailMessage
from types import TracebackType
from typing import Final, Self

from servicetray.core.settings import Settings

TIMEOUT_SECONDS = 20
GOOD: Final = 250
PERMANENT: Final = 500
"""From here on a reply says that trying again won't help (RFC 5321, 4.2.1); below, that it may."""


class MailServerDownError(Exception):
    """The server could not be reached, trusted or signed in to: no message's fault."""


class MailServer:
    """Sends letters over one connection, opened with the first and closed on leaving the block."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._connection: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        del kind, error, trace
        self._close()

    def __call__(self, letter: EmailMessage) -> None:
        """Hand a letter over; once this returns, the server has taken it.

        Raises:
            MailServerDownError: if there is no connection to be had.
            smtplib.SMTPException: if the server does not take this letter.
            OSError: if the connection broke while it was handed over; it may have been taken.
        """
        connection = self._connected()
        try:
            connection.send_message(letter)
        except (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused):
            # An answer to this letter: the connection is good for the next.
            raise
        except Exception:
            self._close()
            raise

    def _connected(self) -> smtplib.SMTP:
        if self._connection is not None and not _answers(self._connection):
            self._close()
        if self._connection is None:
            try:
                self._connection = self._opened()
            except (OSError, smtplib.SMTPException) as error:
                # The class alone: a server's answer may quote the user name.
                raise MailServerDownError(type(error).__name__) from None
        return self._connection

    def _opened(self) -> smtplib.SMTP:
        settings = self.settings
        server = smtplib.SMTP(settings.smtp_host, settings.smtp_port, timeout=TIMEOUT_SECONDS)
        try:
            if settings.smtp_starttls:
                # Without a context of ours the standard library accepts any certificate.
                authorities = settings.smtp_ca_file
                server.starttls(context=ssl.create_default_context(cafile=authorities))
            if settings.smtp_user:
                server.login(settings.smtp_user, settings.smtp_password.get_secret_value())
            server.ehlo_or_helo_if_needed()
        except BaseException:
            server.close()
            raise
        return server

    def _close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is None:
            return
        try:
            connection.quit()
        except (OSError, smtplib.SMTPException):
            connection.close()


def is_permanent(error: Exception) -> bool:
    """Whether the server said that it will never take this letter: its address or content was refused."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= PERMANENT for code, _answer in error.recipients.values())
    return isinstance(error, smtplib.SMTPDataError) and error.smtp_code >= PERMANENT


def _answers(connection: smtplib.SMTP) -> bool:
    try:
        return connection.noop()[0] == GOOD
    except (OSError, smtplib.SMTPException):
        return False
