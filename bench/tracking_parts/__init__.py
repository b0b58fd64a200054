"""Parts of `bench/tracking.py`: the stream of scans, the workers that bring it, and how two ends are compared."""
