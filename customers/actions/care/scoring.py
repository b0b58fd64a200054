"""Compare everybody who bought, and put each into a segment: one statement for both databases. Called by the nightly job."""

from __future__ import annotations

import datetime as dt

from django.db import connection, transaction

from aftersales.kernel.clock import shop_date
from customers.models import Score, Segment, Standing

# Fifths of fewer people say nothing.
FEWEST = 10

# Ties share a score, since the rank of the first of them holds for all: a fifth is never cut through people who did the
# same. Of the 125 possible triples each gets its segment once, and people are joined to them.
_STATEMENT = """
WITH fifths(n) AS (VALUES (1), (2), (3), (4), (5)),
triples AS (
    SELECT r.n AS recency, f.n AS frequency, m.n AS money, (
        SELECT id FROM {segments} AS s
        WHERE s.in_use AND r.n BETWEEN s.recency_from AND s.recency_to
            AND f.n BETWEEN s.frequency_from AND s.frequency_to AND m.n BETWEEN s.money_from AND s.money_to
        ORDER BY s.position, s.id LIMIT 1
    ) AS segment_id
    FROM fifths AS r CROSS JOIN fifths AS f CROSS JOIN fifths AS m
),
paid AS (
    SELECT person_id, 1 + 5 * (RANK() OVER (PARTITION BY currency ORDER BY spent_minor) - 1)
        / COUNT(*) OVER (PARTITION BY currency) AS money
    FROM {standings}
),
best AS (SELECT person_id, MAX(money) AS money FROM paid GROUP BY person_id),
bought AS (
    SELECT person_id, SUM(orders) AS orders, MAX(last_order_on) AS last_order_on FROM {standings} GROUP BY person_id
),
scored AS (
    SELECT person_id, orders, last_order_on,
        1 + 5 * (RANK() OVER (ORDER BY last_order_on) - 1) / COUNT(*) OVER () AS recency,
        1 + 5 * (RANK() OVER (ORDER BY orders) - 1) / COUNT(*) OVER () AS frequency,
        COUNT(*) OVER () AS people
    FROM bought
)
INSERT INTO {scores} (person_id, recency, frequency, money, orders, last_order_on, segment_id, since, counted_at)
SELECT scored.person_id, scored.recency, scored.frequency, best.money, scored.orders, scored.last_order_on,
    triples.segment_id, {since}, {counted_at}
FROM scored
JOIN best ON best.person_id = scored.person_id
JOIN triples ON triples.recency = scored.recency AND triples.frequency = scored.frequency AND triples.money = best.money
WHERE scored.people >= %s
ON CONFLICT (person_id) DO UPDATE SET
    since = CASE WHEN COALESCE({scores}.segment_id, 0) = COALESCE(excluded.segment_id, 0) THEN {scores}.since
        ELSE excluded.since END,
    recency = excluded.recency, frequency = excluded.frequency, money = excluded.money, orders = excluded.orders,
    last_order_on = excluded.last_order_on, segment_id = excluded.segment_id, counted_at = excluded.counted_at
"""


@transaction.atomic
def score_people(at: dt.datetime) -> int:
    """Scores and segments of everybody, from the standings. Returns how many people have one; again is the same.

    Who has no standing any more loses the row, and so does everybody while fewer than `FEWEST` have bought.
    """
    quote, ops = connection.ops.quote_name, connection.ops
    named = {"scores": Score, "segments": Segment, "standings": Standing}
    tables = {name: quote(model._meta.db_table) for name, model in named.items()}
    # Only our own names are put into the text; every value is a parameter. Postgres is told what the two texts are.
    statement = _STATEMENT.format(**tables, since="CAST(%s AS date)", counted_at="CAST(%s AS timestamptz)")
    if connection.vendor == "sqlite":
        statement = _STATEMENT.format(**tables, since="%s", counted_at="%s")
    day, instant = ops.adapt_datefield_value(shop_date(at)), ops.adapt_datetimefield_value(at)
    with connection.cursor() as cursor:
        cursor.execute(statement, [day, instant, FEWEST])
    Score.objects.filter(counted_at__lt=at).delete()
    return Score.objects.count()
