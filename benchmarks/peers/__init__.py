"""The same cascade in other packages; see ``requirements.txt`` for the optional environment."""
