"""The parts of `bench/rules.py`: one module a part, found by its function `figures(quick)`.

To add one: a module whose docstring begins with the sentence the part prints above its figures, and

    def figures(quick: bool) -> Iterator[Figure]: ...
"""
