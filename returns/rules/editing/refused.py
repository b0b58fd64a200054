"""How an edit is refused: a sentence to translate, its parameters, and the row and column it is about."""


class EditError(ValueError):
    """An edit that cannot be written. `sentence` has `%(name)s` placeholders for `params`; a face translates it."""

    def __init__(self, sentence: str, row: str = "", column: str = "", **params: object) -> None:
        self.sentence = sentence
        self.row = row
        self.column = column
        self.params = {"row": row, "column": column, **params}
        super().__init__(sentence % self.params)


def gettext_noop(sentence: str) -> str:
    """Marks a sentence for the catalogue; this package knows no Django."""
    return sentence
