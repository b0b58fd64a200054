"""The peer: django-helpdesk as its own documentation sets it up, on the same database server."""
