"""Words every floor speaks: who acts, when, how much, under which reference, and how to refuse. No tables; imports no app."""
