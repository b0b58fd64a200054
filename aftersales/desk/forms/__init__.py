"""Forms of the desk: they check the shape of what was typed; whether it may be, the actions say."""
