"""Say something on a ticket: the customer's message, the shop's reply, an internal note. Called by portal, desk, API, mail."""

from tickets.actions.conversation.carrying import go_on_there
from tickets.actions.conversation.drafts import save_draft
from tickets.actions.conversation.files import attach_files
from tickets.actions.conversation.holding import AlreadySent, send_held, undo, window_of
from tickets.actions.conversation.saying import begin_with_talk, hear_in_cc, note, note_on, receive_message, reply
from tickets.actions.conversation.texts import LONGEST_DRAFT, LONGEST_MESSAGE, clean_text
from tickets.actions.stale import Seen, StaleThread, newest_message, seen_now

__all__ = [
    "LONGEST_DRAFT",
    "LONGEST_MESSAGE",
    "AlreadySent",
    "Seen",
    "StaleThread",
    "attach_files",
    "begin_with_talk",
    "clean_text",
    "go_on_there",
    "hear_in_cc",
    "newest_message",
    "note",
    "note_on",
    "receive_message",
    "reply",
    "save_draft",
    "seen_now",
    "send_held",
    "undo",
    "window_of",
]
