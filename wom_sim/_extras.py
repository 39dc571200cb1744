"""Packages that only some commands need, and the extra of the installation that brings each.

Everything else imports them inside the function that needs them. Where one is missing, the command ends with
one sentence (``cli.mishaps``), which is made here.
"""

from __future__ import annotations

from importlib.util import find_spec

EXTRAS = {
    "optuna": ("search", "optuna", "a search (recommend)"),
    "SALib": ("studies", "SALib", "a design that is drawn (latin_hypercube, morris, sobol, saltelli)"),
    "lifelines": ("churn", "lifelines", "a churn model (import --churn)"),
    "sklearn": ("fit", "scikit-learn", "learning from what was seen (fit, pilot)"),
    "pptx": ("deck", "python-pptx", "a deck"),
    "xlsxwriter": ("deck", "XlsxWriter", "a workbook"),
    "sqlalchemy": ("database", "SQLAlchemy", "reading a query to a database"),
    "distributed": ("cluster", "distributed (Dask)", "a cluster"),
    "imageio_ffmpeg": ("video", "imageio-ffmpeg", "MP4"),
    "starlette": ("app", "starlette", "the page (app)"),
    "uvicorn": ("app", "uvicorn", "the page (app)"),
}
"""By the name under which it is imported: extra, name of the package, what needs it."""


def missing(module: str) -> str:
    """Return what to say where a package of ``EXTRAS`` cannot be imported.

    >>> missing("pptx")
    "a deck needs python-pptx, which is not installed: python -m pip install 'wom_sim[deck]'"
    """
    extra, package, needs = EXTRAS[module]
    return f"{needs} needs {package}, which is not installed: python -m pip install 'wom_sim[{extra}]'"


def need(module: str) -> None:
    """Make sure before anything is written that a package of ``EXTRAS`` is there.

    Raises
    ------
    ModuleNotFoundError
        If it is not.
    """
    if find_spec(module) is None:
        raise ModuleNotFoundError(missing(module), name=module)
