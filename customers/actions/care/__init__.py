"""Messages of the shop's own accord: counted and planned at night, decided one by one when they are due, stopped at once."""
