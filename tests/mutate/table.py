"""The tables of rights as one file: what everybody may do with each kind of record."""

import csv
import io
import sys

HEADER = ("model", "record", "person", "read", "write", "create", "unlink")


def write_table(cases):
    """Return CSV of all tables of classes: a line for each record and person."""
    matrix = sys.modules["odoo.addons.relationship_management.tests.rights.matrix"]
    lines = set()
    for case in cases:
        for model, text in case.tables.items():
            for label, letters in matrix.parse(text).items():
                for person, given in letters.items():
                    may = ["x" if letter in given else "" for letter in "rwcu"]
                    lines.add((model, label + case.where, person, *may))
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(HEADER)
    writer.writerows(sorted(lines))
    return file.getvalue()
