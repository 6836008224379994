"""PURE: cement test methods: what is measured, how readings become a result, what looks wrong.

A reader starts at :mod:`scoring.cement.catalogue` (the parameters and their editions), then
:mod:`scoring.cement.reduction` (readings to result) and :mod:`scoring.cement.validation` (what to
say about an entry). Every value is exact: ``Decimal`` as typed, ``Fraction`` in between.
"""
