"""Spreadsheet files. Plain Python: no database, no clock."""

import io
from datetime import date

import xlsxwriter

SAFE = {
    "in_memory": True,
    # a name that begins with = or http stays a name
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
WIDTH = 16


def make_sheet(title, notice, headers, rows):
    """Return the bytes of an xlsx file with one table under a title and a notice.

    Cells are text, numbers, dates or None; text is never run as a formula.

    >>> make_sheet("Plan", "Not an order", ["Product"], [["=1+1"]])[:2]
    b'PK'
    """
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, SAFE) as book:
        formats = {
            "title": book.add_format({"bold": True, "font_size": 14}),
            "notice": book.add_format({"bold": True, "font_color": "#B00020"}),
            "header": book.add_format({"bold": True, "bottom": 1, "text_wrap": True}),
            "date": book.add_format({"num_format": "yyyy-mm-dd"}),
        }
        page = book.add_worksheet()
        page.set_column(0, len(headers) - 1, WIDTH)
        page.write_string(0, 0, title, formats["title"])
        page.write_string(1, 0, notice, formats["notice"])
        for column, header in enumerate(headers):
            page.write_string(3, column, header, formats["header"])
        for place, row in enumerate(rows, start=4):
            for column, value in enumerate(row):
                _write(page, place, column, value, formats["date"])
        page.freeze_panes(4, 1)
    return target.getvalue()


def _write(page, place, column, value, date_format):
    if isinstance(value, date):
        page.write_datetime(place, column, value, date_format)
    elif isinstance(value, int | float):
        page.write_number(place, column, value)
    elif value:
        page.write_string(place, column, value)
