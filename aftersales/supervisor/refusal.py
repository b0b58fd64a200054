"""Why the desk cannot start: always one sentence, printed alone on a line."""


class CannotStart(Exception):
    """The desk cannot start here and now; the sentence says why and what to do."""
