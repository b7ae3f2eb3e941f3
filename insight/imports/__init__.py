"""Tables that people bring: columns and headings, reading of CSV, XLSX and JSON, what is wrong row by row.

Only cells, headings and kinds of values are known here; what rows mean together is for whoever asked.
"""
