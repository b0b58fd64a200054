"""The endpoints, one module for each noun. Each fetches within the caller's scope, calls one action and answers."""
