"""What the statistics refuse, each by its name; none of them answers with a silent NaN."""


class StatisticsError(ValueError):
    """Refuse input from which no honest number follows."""


class NotFinite(StatisticsError):
    """Refuse a result that is NaN or infinite where only numbers count."""


class TooFewResults(StatisticsError):
    """Refuse to estimate from fewer results than the method needs."""


class ZeroSpread(StatisticsError):
    """Refuse to divide by a scale that is zero: the results do not tell laboratories apart."""


class NotConverged(StatisticsError):
    """Refuse an iteration that did not settle within its limit."""
