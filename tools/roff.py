"""Text as manual pages want it: escaped, wrapped, every sentence on a line of its own (mdoc(7))."""
import re
import textwrap

SIGNS = {"\\": "\\e", "’": "\\(cq", "“": "\\(lq", "”": "\\(rq", "…": "..."}


def escape(text):
    for sign, written in SIGNS.items():
        text = text.replace(sign, written)
    lines = [line for sentence in re.split(r"(?<=[.!?]) +(?=[A-Z])", text)
             for line in textwrap.wrap(sentence, 78, break_long_words=False,
                                       break_on_hyphens=False)]
    return "\n".join("\\&" + line if line.startswith((".", "'")) else line for line in lines)
