"""What people type to make the spreadsheets of others run something."""

import re

HOSTILE = [
    "=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1", "＋1", "－1", "＠x", "\u3000=1", "x\n=1", "x;=1",
    '"=1', "=1\u202e", "''=1", '=HYPERLINK("http://evil","x")',
]  # fmt: skip
BEGINS = re.compile(r"^[\s\x00\ufeff\u200b]*[=+\-@＝＋－＠]|^[\t\r]")
"""How a cell begins that would be run."""
