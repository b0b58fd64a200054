"""Photos people send: decoded and encoded anew, stored under random names, shown only by signed links to who may see them.

Actions of the apps above call `actions.attach`; pages show `Attachment.thumb` and `.full`; docs/files.md says why.
"""
