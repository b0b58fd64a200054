"""Mail as bytes: read without trusting a word of it, and fetched from a server. No tables: pure, but for `server`."""
