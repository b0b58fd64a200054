"""What the shop says in public about a review, judged by its words alone: no Django, no database, no clock.

`guard.look_over` finds what must not stand in a public reply, `mood` reads what a review complains of, `unnamed` takes names
out of what leaves the house.
"""

from customers.reviewing.finding import Finding, Kind
from customers.reviewing.guard import look_over
from customers.reviewing.known import Known
from customers.reviewing.mood import Topic, complaints_in, topic_of
from customers.reviewing.unnamed import unnamed

__all__ = ["Finding", "Kind", "Known", "Topic", "complaints_in", "look_over", "topic_of", "unnamed"]
