"""PURE: the words of the screens: what each asks, and what exactly fired."""

from dataclasses import dataclass

from core.errors import N_


@dataclass(frozen=True)
class Screen:
    """Hold the name of a screen and the question it asks."""

    name: str
    question: str


#: S7 and S9 are not looked at here: networks are not kept, versions are not in a snapshot.
SCREENS: dict[str, Screen] = {
    "S1": Screen(
        N_("Equal set"), N_("Two sets of six values are exactly equal. Were data shared?")
    ),
    "S2": Screen(
        N_("Near-equal sets"),
        N_("Four sets are close value by value. Please compare the original records."),
    ),
    "S3": Screen(N_("Shared values"), N_("Too many equal results. Please check.")),
    "S4": Screen(
        N_("End digits"), N_("The end digits are distributed unusually. Were values rounded?")
    ),
    "S5": Screen(
        N_("Too tight"), N_("The six values agree too well. Please look at the original record.")
    ),
    "S6": Screen(
        N_("Label order"),
        N_("The order of the samples agrees with another laboratory. Was it consulted?"),
    ),
    "S8": Screen(N_("Impossible relation"), N_("The data are related abnormally. Please check.")),
}

#: What exactly fired, by the ``rule`` of a row, whose ``statistic`` and ``limit`` fill it in.
RULES: dict[str, str] = {
    "equal_28d": N_("equal sets of six loads: {statistic}, at 28 d among them"),
    "equal_3d": N_("equal sets of six loads: {statistic}, at 3 d alone"),
    "near": N_("largest distance {statistic} MPa, limit {limit} MPa"),
    "results": N_("share of equal results {statistic}, limit {limit}"),
    "readings": N_("share of equal readings {statistic}, limit {limit}"),
    "digits": N_("χ² of the end digits {statistic}, limit {limit}"),
    "range": N_("range of several sets at most {statistic} MPa, limit {limit} MPa"),
    "mean_range": N_("mean relative range of four sets {statistic}, limit {limit}"),
    "label_order": N_("share of readings equal by pack label {statistic}, limit {limit}"),
    "not_increasing": N_("strength at 28 d is {statistic} times that at 3 d"),
    "ratio": N_("flexural to compressive strength {statistic}, outside {limit}"),
    "identical_loads": N_("identical among six loads: {statistic}"),
    "same_packs": N_("sample 1 and sample 2 have the same six loads"),
}
