"""Django's PostgreSQL backend, which keeps the statements that add rows (`compiler.py`)."""
