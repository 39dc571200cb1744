"""Two engines, one rulebook: ``reference`` is made to be read, ``compiled`` to be fast. They give the same trace."""
