"""Django's PostgreSQL backend, which keeps the statement that writes one row (`compiler.py`)."""
