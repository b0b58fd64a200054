"""People of the shop who sign in, their roles, and keys for programs. Sets `request.actor` for every door."""
