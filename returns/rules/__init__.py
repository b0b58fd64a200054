"""The rule engine: facts in, verdict out. Pure Python, without Django, clock or database.

    verdict = load_pack("cn").decide({"reason": "flaw", "days_since_receipt": 3})   # pack, verdict; or facts.BadFact
    explain(verdict.as_dict(), locale="zh", audience="customer")                    # explain.Explanation

Called by `returns.gather`, pages, jobs and commands. The policies are text under `packs/`; `docs/rules.md` says how
they are read, `docs/facts.md` what may be said about a case.
"""
