"""One thing done to many tickets, each through the same single action as if it were done alone."""
