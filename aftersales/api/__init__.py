"""The programs' face at `/api/v1/`: the same actions and the same scoped sets as the pages, as JSON. See docs/api.md.

The way in: `authentication` (who) -> `doors` (may they, once only) -> `serializers` (shape) -> an action -> `serializers`.
"""
