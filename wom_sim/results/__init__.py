"""Everything about a folder of results, once: who owns it, what produced it, what may be read of it, one run again."""
