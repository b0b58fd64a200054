"""The pages: fetch within scope, call one action, answer."""
