"""Reads a workbook with a library that did not write it, and prints it as JSON.

Usage: read_workbook.py FILE     (an object: by sheet, `rows` of cells, `frozen`, `filter` and `formulas`)
"""

import datetime
import json
import sys

import openpyxl


def plain(value, is_day=False):
    if isinstance(value, datetime.datetime):
        return value.strftime("%Y-%m-%d" if is_day else "%Y-%m-%d %H:%M:%S UTC")
    return value


def content(cell):
    return plain(cell.value, is_day=cell.number_format == "yyyy-mm-dd")


def sheet(worksheet):
    cells = [cell for row in worksheet.iter_rows() for cell in row]
    return {
        "rows": [[content(cell) for cell in row] for row in worksheet.iter_rows()],
        "frozen": worksheet.freeze_panes,
        "filter": worksheet.auto_filter.ref,
        "formulas": sum(cell.data_type == "f" for cell in cells),
        "links": sum(cell.hyperlink is not None for cell in cells),
    }


book = openpyxl.load_workbook(sys.argv[1])
json.dump({"created": plain(book.properties.created), "sheets": {one.title: sheet(one) for one in book}}, sys.stdout)
