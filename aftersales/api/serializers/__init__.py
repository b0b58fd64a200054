"""The shapes of requests and answers. Every field is named; what is not named does not leave the house."""
