"""Names of the files that the page gives away, by what is asked for: name, and kind for a browser."""

FILES = {
    "scenario": ("scenario.toml", "application/toml"),
    "report": ("report.html", "text/html; charset=utf-8"),
    "deck": ("deck.pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    "workbook": ("figures.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "picture": ("net_value.png", "image/png"),
    "frozen": ("page.html", "text/html; charset=utf-8"),
}
