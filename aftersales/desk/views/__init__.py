"""The pages of the desk: fetch within scope, do one thing, answer."""
