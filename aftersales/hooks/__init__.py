"""Where other programs tell us of their own accord: signed, kept before it is understood, and harmless when repeated."""
