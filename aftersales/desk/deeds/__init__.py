"""Everything that can be done to a case from the desk, one idea a file. `all.py` is the table; `deed.py` says how to add one."""
