"""Chat tools: messages in by signed calls, replies out by signed calls."""
