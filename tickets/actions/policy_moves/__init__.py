"""Open clocks go over to a newer version of their policy: what would become of each, and the move itself, ticket by ticket."""
