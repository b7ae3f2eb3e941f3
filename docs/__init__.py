"""The documentation, and the program that writes those parts of it that follow from the code."""
