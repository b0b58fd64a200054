"""The editor in which managers change a draft of the rules: one table as a grid, proved after each change.

`pages` answers requests; `edits` turns a form into an edit of the text, `grid`, `findings`, `pickers` and `trial` say in
words what `returns.rules` found; `textform` is the way in and out as files.
"""
