"""The rule engine: facts in, verdict out. Pure Python, without Django, clock or database; called by `returns.gather`, pages, jobs and commands.

The way through it: `facts` (what may be said about a case) -> `load_pack("cn").decide(facts)` -> `verdict.Verdict` -> `explain`.
The policies themselves are text under `packs/`.
"""
