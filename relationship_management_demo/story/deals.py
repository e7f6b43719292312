"""Forty opportunities in eighteen months, and two that were mistakes."""

from . import anna, katrin, piotr
from .deal import Deal, then, weeks_ago

OPPORTUNITIES = (*anna.STORY, *piotr.STORY, *katrin.STORY)

MISTAKES = (
    # Merged into "warta_keg", where the step stands.
    Deal(
        "warta_keg_twice",
        "Browar Warta asks for a keg palletizer",
        customer="warta", owner="piotr", kind="machine", revenue=700_000,
        starts=weeks_ago(8), values={"probability": 80},
    ),
    Deal(
        "trial",
        "Trial, please ignore",
        customer="paczka", owner="piotr", kind="parts", revenue=1,
        starts=weeks_ago(30), values={"probability": 80},
        steps=(then(1, "ewa", "delete"),),
    ),
)  # fmt: skip

DEALS = (*OPPORTUNITIES, *MISTAKES)
