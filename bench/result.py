"""What was found, and how it is shown."""

from dataclasses import dataclass


@dataclass
class Result:
    """A measured value; with a limit it is a goal, which holds at or below it.

    ``at_least`` turns the limit round.
    """

    what: str
    value: float
    unit: str = ""
    limit: float | None = None
    goal: str = ""
    at_least: bool = False

    @property
    def holds(self):
        if self.limit is None:
            return None
        if self.at_least:
            return self.value >= self.limit
        return self.value <= self.limit

    def cells(self):
        sign = "≥" if self.at_least else "≤"
        limit = (
            "" if self.limit is None else f"{sign} {_number(self.limit)} {self.unit}"
        )
        verdict = {None: "", True: "yes", False: "**no**"}[self.holds]
        measured = f"{_number(self.value)} {self.unit}"
        return [self.goal, self.what, measured.strip(), limit.strip(), verdict]


def _number(value):
    if value == int(value):
        return f"{int(value):,}"
    return f"{value:,.2f}" if abs(value) < 10 else f"{value:,.0f}"


HEAD = ["Goal", "Measured", "Result", "Limit", "Holds"]


def table(results):
    """The results as a table of Markdown, aligned to be read as plain text too."""
    rows = [HEAD, *(result.cells() for result in results)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEAD))]
    lines = [
        "| "
        + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        + " |"
        for row in rows
    ]
    lines.insert(1, "| " + " | ".join("-" * width for width in widths) + " |")
    return "\n".join(lines)
