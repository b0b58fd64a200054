"""Parts of `bench/chaos.py`: a Postgres that dies, the torment, what must be true afterwards."""
