"""The archive: people, what they bought, how it travelled, what was promised. Imports no other app."""
