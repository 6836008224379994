"""What pages show, in words and rows: :mod:`~.lab` for laboratories, :mod:`~.judge` for judges.

:mod:`~.numbers` writes figures, :mod:`~.words` verdicts, policy rows, guards and findings.
"""
