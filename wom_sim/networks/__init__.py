"""Who knows whom: one generator a file."""
