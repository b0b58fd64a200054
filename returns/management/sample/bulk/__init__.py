"""Any number of tickets, written straight into the tables: COPY on Postgres, many rows a statement on SQLite.

Every row is what the actions would have left behind: states with their decisions, parcels, refunds and events; units
and money held by the database's own constraints. What would still be due has its timer.
"""
