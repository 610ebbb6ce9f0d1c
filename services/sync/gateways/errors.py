"""What can go wrong between us and an accounting system, told apart by what is safe to do next."""

from __future__ import annotations

from datetime import timedelta


class LedgerError(Exception):
    """The base of the others: a call to an accounting system did not give what it was made for."""


class Transient(LedgerError):
    """Not now, and nothing was changed: the same call may be made again.

    `retry_after` is how long the vendor asks this tenant to wait, if it says.
    """

    def __init__(self, text: str, retry_after: timedelta | None = None) -> None:
        super().__init__(text)
        self.retry_after = retry_after


class NotSent(LedgerError):
    """The request never reached the vendor: sending it again is safe."""


class OutcomeUnknown(LedgerError):
    """A write was sent and its answer never came, or said nothing.

    Never send it again before a complete search for its token has found nothing.
    """


class Refused(LedgerError):
    """Certainly not done, and a person must look: the vendor said no, or cannot be asked for this.

    `code` is the vendor's own where the vendor said it.
    """

    def __init__(self, code: str, text: str, developer_hint: str = "") -> None:
        super().__init__(f"{code}: {text}")
        self.code = code
        self.text = text
        self.developer_hint = developer_hint


class Gone(LedgerError):
    """What was asked for does not exist, or does so no longer."""


class AccessDenied(LedgerError):
    """The agreement's plan or the app's roles do not allow this: a commercial state, shown as one."""


class NeedsConsent(LedgerError):
    """The grant has been withdrawn or was never valid: the connection must be made anew."""


class WrongAgreement(LedgerError):
    """The grant opens the books of another company than the one this connection was made for."""

    def __init__(self, expected: str, found: str) -> None:
        super().__init__(f"connected to agreement {expected}, but the grant opens {found}")
        self.expected = expected
        self.found = found


class Unreadable(LedgerError):
    """An answer came and is not what the interface promises."""
