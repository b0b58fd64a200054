"""What customers answer by SMS: kept once, stop words heeded at once, the rest put where somebody reads it."""
