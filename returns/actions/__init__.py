"""Every change to a return, one idea a file. Pages, API, jobs and the office call these and nothing else."""
