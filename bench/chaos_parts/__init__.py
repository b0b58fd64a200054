"""Part of `bench/chaos.py`: what must be true afterwards."""
