"""The errors that end a run: one line for the user, a hint, exit code 2."""


class ArgofluxError(Exception):
    """argoflux could not do what was asked.

    ``message`` says what is wrong (lower-case start, no trailing period), ``hint`` what to do.
    """

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(ArgofluxError):
    """The command line or the settings are wrong."""


class InputError(ArgofluxError):
    """An input as a whole cannot be read (a missing path, an unreadable folder)."""


class ToolError(ArgofluxError):
    """An external program failed or is missing."""
