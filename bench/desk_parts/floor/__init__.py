"""The floor: the same rows by the same indexes for a signed-in reader, in a plain template, and nothing else."""
