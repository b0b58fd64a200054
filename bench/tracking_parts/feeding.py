"""One worker that brings its share of the calls: `python -m bench.tracking_parts.feeding …`, started by `bench/tracking.py`.

It makes the same stream from the same seed, says that it is ready, waits for a line, and tells what it did as JSON.
"""

import datetime as dt
import hashlib
import hmac
import json
import sys
import time
from collections import Counter

import django

from bench.tracking_parts.ends import number_of
from bench.tracking_parts.stream import Stream, body, make

Calls = list[tuple[int, tuple[int, ...]]]


def share(stream: Stream, way: str, worker: int, workers: int) -> Calls:
    """In order each parcel has one worker, or order would mean nothing; shuffled, both reach for the same parcels."""
    if way == "shuffled":
        return stream.shuffled[worker::workers]
    return [call for call in stream.in_order if call[0] % workers == worker]


def bring(run: str, stream: Stream, calls: Calls, at_once: int) -> Counter[str]:
    """Post them, so many in a call, to the address of the hook, signed, through all that a request goes through."""
    from django.conf import settings
    from django.test import Client

    client, secret = Client(), settings.TRACKING_SECRETS["generic"].encode()
    answers: Counter[str] = Counter()
    for start in range(0, len(calls), at_once):
        part = calls[start : start + at_once]
        told = body([(number_of(run, place), stream.parcels[place], which) for place, which in part])
        at = str(int(time.time()))
        sign = hmac.new(secret, at.encode() + b"." + told, hashlib.sha256).hexdigest()
        headers = {"X-Desk-Signature": f"t={at},v1={sign}"}
        answer = client.post("/hooks/tracking/generic/", told, content_type="application/json", headers=headers)
        if answer.status_code == 200:
            answers.update(each["state"] for each in answer.json()["received"])
        else:
            answers[str(answer.status_code)] += len(part)
    return answers


def insert(run: str, stream: Stream, calls: Calls) -> Counter[str]:
    """The floor: the same rows (report, its link, the scan) written with three bare statements and a commit for each call."""
    from django.db import connection, transaction

    from customers.models import Shipment

    shipments = dict(Shipment.objects.filter(order__number__startswith=f"{run}-").values_list("number", "pk"))
    now = dt.datetime.now(dt.UTC)
    with connection.cursor() as cursor:
        for place, which in calls:
            number = number_of(run, place)
            told = body([(number, stream.parcels[place], which)]).decode()
            at, status = stream.parcels[place].scans[which[0]]
            with transaction.atomic():
                cursor.execute(
                    "INSERT INTO customers_trackingreport (source, key, carrier, number, received_at, body, state, why)"
                    " VALUES ('generic', %s, 'SF', %s, %s, %s, 'placed', '') RETURNING id",
                    [hashlib.sha256(told.encode()).hexdigest(), number, now, told],
                )
                report = cursor.fetchone()[0]
                cursor.execute(
                    "INSERT INTO customers_trackingreport_shipments (trackingreport_id, shipment_id) VALUES (%s, %s)",
                    [report, shipments[number]],
                )
                cursor.execute(
                    "INSERT INTO customers_trackingevent (shipment_id, at, status, text) VALUES (%s, %s, %s, '杭州')",
                    [shipments[number], at, status],
                )
    return Counter(placed=len(calls))


def main() -> None:
    run, way, at_once, worker, workers, events, seed, now = sys.argv[1:]
    django.setup()
    stream = make(int(events), int(seed), dt.datetime.fromisoformat(now))
    calls = share(stream, way, int(worker), int(workers))
    print("ready", flush=True)
    sys.stdin.readline()
    used = time.process_time()
    answers = insert(run, stream, calls) if way == "plain" else bring(run, stream, calls, int(at_once))
    print(json.dumps({"answers": answers, "cpu": time.process_time() - used}), flush=True)


if __name__ == "__main__":
    main()
