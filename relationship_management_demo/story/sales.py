"""What customers of the demo story order, when, and how late they pay."""

from dataclasses import dataclass
from datetime import timedelta

from .deal import tenth_of_may, to_working_day


@dataclass(frozen=True)
class Sale:
    """One quotation, and what became of it.

    :param customer: partner who orders, a company or one of its people
    :param by: login of the salesperson
    :param lines: pairs of product and price
    :param day: function of today that returns the day of the order
    :param late: days from due date to payment; None: not paid yet
    :param outcome: "invoiced", "ordered" or "offered"
    :param deal: code of the opportunity that it comes from
    :param credited: what a credit note takes off a month later
    """

    customer: str
    by: str
    lines: tuple
    day: object
    late: int | None = None
    outcome: str = "invoiced"
    deal: str = ""
    credited: int = 0


def days_ago(days):
    return lambda today: to_working_day(today - timedelta(days=days))


def spring(years_ago, days):
    """Return the day that many days before the last tenth of May, or an older one."""

    def day(today):
        last = tenth_of_may(today - timedelta(days=70))
        return to_working_day(
            last.replace(year=last.year - years_ago) - timedelta(days=days)
        )

    return day


SALES = (
    # Browar Warta buys every spring, and pays after a reminder.
    Sale("lewandowska", "anna", (("parts", 28_400),), spring(2, 40), 9),
    Sale("warta", "anna", (("labeller", 118_000),), spring(2, 21), 14),
    Sale("warta", "anna", (("parts", 33_900), ("service", 6_200)), spring(1, 38), 11),
    Sale("lewandowska", "anna", (("parts", 38_500),), spring(0, 35), 12),
    Sale("warta", "anna", (("packer", 655_000),), spring(0, 8), 16),
    Sale("warta", "piotr", (("palletizer", 712_000),), days_ago(6), outcome="offered"),
    # Stalmet is customer and supplier; it pays early, and uses its credit.
    Sale("nowak", "anna", (("parts", 22_300),), days_ago(420), -3),
    Sale("stalmet", "anna", (("service", 18_600), ("parts", 4_100)), days_ago(150), -5),
    Sale("nowak", "anna", (("parts", 31_700),), days_ago(25)),
    Sale("rek", "anna", (("service", 18_600),), days_ago(3), outcome="ordered"),
    # Prospects and contacts have offers only.
    Sale("wolski", "anna", (("palletizer", 540_000),), days_ago(12), outcome="offered"),
    Sale("paczka", "piotr", (("parts", 2_900),), days_ago(9), outcome="offered"),
    # What the fair brought: three deals are won, one has an offer.
    Sale(
        *("mazury", "anna", (("packer", 415_000),), days_ago(116), 4),
        deal="mazury_wrapper", credited=18_000,
    ),
    Sale("notec", "piotr", (("packer", 372_000),), days_ago(123), 8,
         deal="notec_strapping"),
    Sale("havel", "katrin", (("labeller", 175_000),), days_ago(109), 1,
         deal="havel_labels"),
    Sale("oborniki", "piotr", (("packer", 535_000),), days_ago(20), outcome="offered",
         deal="oborniki_wrapping"),
    # Who has not ordered for long.
    Sale("klodzko", "piotr", (("parts", 14_800),), days_ago(640), 35),
    Sale("izery", "piotr", (("labeller", 96_000),), days_ago(500), 21),
    # Leipzig.
    Sale("brandt", "katrin", (("packer", 148_000),), days_ago(310), 2),
    Sale("elbe", "katrin", (("parts", 8_900), ("service", 4_600)), days_ago(80), 6),
    Sale("elbe", "katrin", (("parts", 5_200),), days_ago(10), outcome="offered"),
)  # fmt: skip
