"""The database itself keeps what was submitted, asks for four eyes before rules are published, and forgets no version.

Whoever alters one of these tables later must create the SQLite triggers again: SQLite copies an altered table and drops
its triggers (a test watches this).
"""

from __future__ import annotations

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

# Somebody else, who may approve, has approved this very text at this very revision, and it was proved.
APPROVED = """EXISTS (
    SELECT 1 FROM returns_ruleapproval a
    WHERE a.version_id = NEW.id AND a.verdict = 'approve' AND a.sha256 = NEW.sha256 AND a.revision = NEW.revision
      AND a.approver_id <> NEW.author_id AND a.approver_id <> NEW.submitted_by_id
      AND NOT EXISTS (SELECT 1 FROM returns_ruleedit e WHERE e.version_id = NEW.id AND e.editor_id = a.approver_id)
      AND NOT EXISTS (SELECT 1 FROM returns_ruleapproval b
                      WHERE b.version_id = NEW.id AND b.verdict = 'send_back' AND b.revision = NEW.revision))
  AND EXISTS (SELECT 1 FROM returns_ruleevidence p WHERE p.version_id = NEW.id AND p.sha256 = NEW.sha256
              AND p.kind = 'proof' AND p.verdict = 'pass')
  AND NOT EXISTS (SELECT 1 FROM returns_ruleevidence p WHERE p.version_id = NEW.id AND p.sha256 = NEW.sha256
                  AND p.kind IN ('proof', 'tests') AND p.verdict <> 'pass')"""
FIRST = """NEW.status = 'published' AND NEW.number = 1 AND NEW.author_id IS NULL
  AND NOT EXISTS (SELECT 1 FROM returns_ruleversion v WHERE v.rule_set = NEW.rule_set)"""
ROAD = """(OLD.status = 'draft' AND NEW.status IN ('submitted', 'withdrawn'))
  OR (OLD.status = 'submitted' AND NEW.status IN ('approved', 'draft', 'withdrawn'))
  OR (OLD.status = 'approved' AND NEW.status IN ('published', 'draft', 'withdrawn'))
  OR (OLD.status = 'published' AND NEW.status = 'retired' AND OLD.number > 1)"""
# (when it is refused, what is said); {differs} is the database's word for "is not the same, null or not".
VERSION_RULES = (
    (
        "NEW.rule_set {differs} OLD.rule_set OR NEW.number {differs} OLD.number OR NEW.author_id {differs} OLD.author_id"
        " OR NEW.base_id {differs} OLD.base_id OR NEW.created_at {differs} OLD.created_at OR NEW.revision < OLD.revision",
        "Where a version of the rules comes from never changes.",
    ),
    (
        "OLD.status <> 'draft' AND (NEW.files {differs} OLD.files OR NEW.sha256 {differs} OLD.sha256"
        " OR NEW.semantics {differs} OLD.semantics OR NEW.change_note {differs} OLD.change_note)",
        "Rules that were submitted never change. Take them back, or begin a new version.",
    ),
    (
        "NEW.status = OLD.status AND (NEW.effective_from {differs} OLD.effective_from"
        " OR NEW.published_at {differs} OLD.published_at OR NEW.submitted_at {differs} OLD.submitted_at"
        " OR NEW.submitted_by_id {differs} OLD.submitted_by_id OR NEW.retired_at {differs} OLD.retired_at)",
        "The dates of rules change with their status only.",
    ),
    (
        "OLD.status = 'published' AND (NEW.effective_from {differs} OLD.effective_from"
        " OR NEW.published_at {differs} OLD.published_at)",
        "When published rules begin never changes.",
    ),
    (
        "NEW.status <> OLD.status AND NOT (" + ROAD + ")",
        "Rules do not go this way.",
    ),
    (
        "OLD.status IN ('submitted', 'approved') AND NEW.status = 'draft' AND NEW.revision = OLD.revision",
        "A draft that was taken back is a new revision.",
    ),
    (
        "OLD.status IN ('submitted', 'approved') AND NEW.status <> 'draft'"
        " AND (NEW.revision <> OLD.revision OR NEW.submitted_by_id {differs} OLD.submitted_by_id)",
        "What was submitted keeps its revision.",
    ),
    (
        "NEW.status IN ('approved', 'published') AND NEW.status <> OLD.status AND NOT (" + APPROVED + ")",
        "Rules need the approval of another person for this very text, and its proof.",
    ),
)
BIRTH = (
    "NEW.status <> 'draft' AND NOT (" + FIRST + ")",
    "Rules begin as a draft.",
)
APPROVAL = (
    """NOT EXISTS (
    SELECT 1 FROM returns_ruleversion v JOIN accounts_user u ON u.id = NEW.approver_id
    WHERE v.id = NEW.version_id AND v.sha256 = NEW.sha256 AND v.revision = NEW.revision
      AND u.is_active AND u.role IN ('lead', 'manager')
      AND (v.status = 'submitted' OR (v.status = 'approved' AND NEW.verdict = 'send_back'))
      AND v.author_id <> NEW.approver_id AND v.submitted_by_id <> NEW.approver_id
      AND NOT EXISTS (SELECT 1 FROM returns_ruleedit e WHERE e.version_id = v.id AND e.editor_id = NEW.approver_id))""",
    "Only another person who may approve rules can do so, for the text that was submitted.",
)
GONE = ("OLD.status <> 'draft'", "A version of the rules is never deleted.")
KEPT = ("returns_ruleedit", "returns_ruleevidence", "returns_ruleapproval")
KEPT_SAYS = "What was said about rules is never changed or deleted."


def _postgres() -> tuple[str, ...]:
    def checks(rules: tuple[tuple[str, str], ...]) -> str:
        return "\n".join(
            f"IF {when.format(differs='IS DISTINCT FROM')} THEN"
            f" RAISE EXCEPTION '{says}' USING ERRCODE = 'restrict_violation'; END IF;"
            for when, says in rules
        )

    def function(name: str, body: str) -> str:
        return f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$"

    def trigger(name: str, when: str, table: str) -> str:
        return f"CREATE TRIGGER {name} BEFORE {when} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"

    made = []
    for name, when, table, body in (
        ("returns_rules_stay", "UPDATE", "returns_ruleversion", checks(VERSION_RULES) + " RETURN NEW;"),
        ("returns_rules_begin", "INSERT", "returns_ruleversion", checks((BIRTH,)) + " RETURN NEW;"),
        ("returns_rules_are_kept", "DELETE", "returns_ruleversion", checks((GONE,)) + " RETURN OLD;"),
        ("returns_rules_four_eyes", "INSERT", "returns_ruleapproval", checks((APPROVAL,)) + " RETURN NEW;"),
    ):
        made += [function(name, body), trigger(name, when, table)]
    never = f"RAISE EXCEPTION '{KEPT_SAYS}' USING ERRCODE = 'restrict_violation';"
    for table in KEPT:
        made += [function(f"{table}_kept", never), trigger(f"{table}_kept", "UPDATE OR DELETE", table)]
    return tuple(made)


def _sqlite() -> tuple[str, ...]:
    def trigger(name: str, when: str, table: str, rule: str, says: str) -> str:
        condition = f" WHEN {rule.format(differs='IS NOT')}" if rule else ""
        return f"CREATE TRIGGER {name} BEFORE {when} ON {table}{condition} BEGIN SELECT RAISE(ABORT, '{says}'); END"

    made = [
        trigger(f"returns_rules_stay_{number}", "UPDATE", "returns_ruleversion", *rule)
        for number, rule in enumerate(VERSION_RULES, start=1)
    ]
    made.append(trigger("returns_rules_begin", "INSERT", "returns_ruleversion", *BIRTH))
    made.append(trigger("returns_rules_are_kept", "DELETE", "returns_ruleversion", *GONE))
    made.append(trigger("returns_rules_four_eyes", "INSERT", "returns_ruleapproval", *APPROVAL))
    for table in KEPT:
        made.append(trigger(f"{table}_not_changed", "UPDATE", table, "", KEPT_SAYS))
        made.append(trigger(f"{table}_not_deleted", "DELETE", table, "", KEPT_SAYS))
    return tuple(made)


def _names(statements: tuple[str, ...], word: str) -> list[str]:
    return [each.split()[2].rstrip("()") for each in statements if each.startswith(f"CREATE {word} ")]


def refuse(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    for statement in _postgres() if editor.connection.vendor == "postgresql" else _sqlite():
        editor.execute(statement)


def release(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor == "postgresql":
        for name in _names(_postgres(), "FUNCTION"):
            editor.execute(f"DROP FUNCTION {name} CASCADE")
    else:
        for name in _names(_sqlite(), "TRIGGER"):
            editor.execute(f"DROP TRIGGER {name}")
