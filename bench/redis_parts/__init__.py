"""Parts of `bench/redis_gone.py`: the house, its orders, the customer at the form, and what must be true."""
