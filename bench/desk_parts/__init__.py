"""The parts of bench/desk.py: servers, load, our desk, the floor it stands on and a peer."""
