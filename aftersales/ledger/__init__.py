"""What happened and what is due: events, deliveries, timers, the outbox, idempotency keys, the inbox, and the sweep.

Actions call `record`, `timers` and `outbox` inside their own transaction; the sweep does the rest later. Nothing here
knows what a return or a ticket is: apps register listeners, timer handlers and channels by name.
"""
