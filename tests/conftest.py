"""Being here puts ``tests`` on the path, so that tests in folders find ``worlds`` and ``markets``."""
