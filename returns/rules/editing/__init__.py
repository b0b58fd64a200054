"""Changes of a pack's text: files in, new files out. Called by the office's editor and by imports of the text form.

Every function takes the files of a pack (name → text) and returns new ones; nothing it was not asked to change moves by
a byte, so that one changed rule is one changed line. What cannot be written is refused by EditError, which names row and
column and says what to do.
"""
