"""Real processes under `kill -9`: a small app on the ledger, a far side that counts, and the run that kills."""
