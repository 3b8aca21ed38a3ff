"""Prints the first code block of a language in a page that holds a text. usage: start.py PAGE LANGUAGE TEXT"""
import re
import sys

page, language, text = sys.argv[1:]
blocks = re.findall(r"^```" + language + r"\n(.*?)^```$", open(page, encoding="utf-8").read(), re.M | re.S)
print(next(block for block in blocks if text in block), end="")
