"""Phrases (话术): write them, fill them in for a ticket, and run the steps they bring. Called by desk and office."""

from tickets.actions.phrases.bringing import Brought, brought_in
from tickets.actions.phrases.editing import retire_phrase, save_phrase
from tickets.actions.phrases.steps import in_words, read_steps, ticks, written
from tickets.actions.phrases.variables import VARIABLES, check_variables, fill, values_for, variables_told

__all__ = [
    "VARIABLES",
    "Brought",
    "brought_in",
    "check_variables",
    "fill",
    "in_words",
    "read_steps",
    "retire_phrase",
    "save_phrase",
    "ticks",
    "values_for",
    "variables_told",
    "written",
]
