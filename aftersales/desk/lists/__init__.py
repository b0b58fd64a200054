"""Lists of tickets: what can be asked of one, in which order it stands, the views people keep, and how many are in each."""
