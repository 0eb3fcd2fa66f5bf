"""The Chinese catalog: extracted from code and templates, merged, and compiled, with Babel alone.

`python -m messages update | merge FILE... | compile | missing`.
"""
