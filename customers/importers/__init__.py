"""Orders from files: one reading core, one module per source, one run. Called by the command `import_orders`.

To add a source: a module with a `Source` (its file layouts, and how its rows become `OrderData`), one line in
`registry.py`, one section in docs/importing.md.
"""
