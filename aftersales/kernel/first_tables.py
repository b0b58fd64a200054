"""A migration that makes all tables of a part at once, for Django draws every related model anew for each single step."""

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import Migration, RunPython
from django.db.migrations.operations import AddConstraint, AddField, AddIndex, CreateModel
from django.db.migrations.state import ProjectState

# What these add is part of the models that are made.
_IN_THE_MODELS = (AddField, AddIndex, AddConstraint)


class FirstTables(Migration):
    """Only for an empty part: models are made as they are after the last step, then functions run in their order.

    Raises `TypeError` for any other step, which belongs into a migration of its own.
    """

    def apply(
        self, project_state: ProjectState, schema_editor: BaseDatabaseSchemaEditor, collect_sql: bool = False
    ) -> ProjectState:
        if odd := [step for step in self.operations if not isinstance(step, (CreateModel, RunPython, *_IN_THE_MODELS))]:
            raise TypeError(f"{self} makes first tables only; give {odd[0]} a migration of its own.")
        project_state.__dict__.pop("apps", None)  # models drawn before would be drawn anew at each step
        after = self.mutate_state(project_state, preserve=False)
        for step in self.operations:
            if isinstance(step, CreateModel):
                schema_editor.create_model(after.apps.get_model(self.app_label, step.name))
        for step in self.operations:
            if isinstance(step, RunPython):
                step.code(after.apps, schema_editor)
        return after
