"""Who they are: a synthetic population by segments."""
