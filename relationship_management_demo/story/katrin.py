"""Twelve opportunities of Katrin Vogel, who is late with her closing dates."""

from .deal import Deal, answers, competes, decides, sells, then, weeks_ago

FAIR = (
    Deal(
        "havel_labels",
        "Labelling line, Havel Logistik",
        customer="havel", owner="katrin", kind="machine", revenue=175_000,
        starts=weeks_ago(33), by="marta",
        values={"campaign": "fair", "closing": 60},
        steps=(
            then(3, "katrin", stage="qualified", probability=40),
            then(42, "katrin", closing=30),
            then(63, "katrin", stage="negotiation", probability=70, closing=30),
            then(85, "katrin", "won"),
        ),
    ),
    Deal(
        "pleisse_wrapper",
        "Ream wrapper, Pleiße Druck",
        customer="pleisse", owner="katrin", kind="machine", revenue=120_000,
        starts=weeks_ago(32), by="marta",
        values={"campaign": "fair", "closing": 45},
        steps=(
            then(4, "katrin", stage="qualified", probability=30),
            then(31, "katrin", closing=40, revenue=112_000),
            then(60, "katrin", stage="proposition", closing=30,
                 people=(competes("kranbau", 40),)),
            then(72, "katrin", "lost", reason="competitor"),
        ),
    ),
    Deal(
        "spreewald_jars",
        "Jar packer, Spreewald Gurkenhof",
        customer="spreewald", owner="katrin", kind="machine", revenue=255_000,
        starts=weeks_ago(29), by="marta",
        values={"campaign": "fair", "closing": 75},
        steps=(
            then(5, "katrin", stage="qualified", probability=35),
            then(53, "katrin", stage="proposition", probability=50, closing=30),
            then(75, "katrin", closing=30),
            then(97, "katrin", revenue=268_000, closing=30),
            then(119, "katrin", closing=30),
        ),
    ),
)  # fmt: skip

CLOSED = (
    Deal(
        "elbe_cell",
        "Bottle packing cell, Elbe Getränke",
        customer="elbe", owner="katrin", kind="machine", revenue=160_000,
        starts=weeks_ago(75), values={"probability": 40, "closing": 60},
        people=(sells("katrin", 100), answers("brandt", "for")),
        steps=(
            then(10, "katrin", stage="qualified", probability=50),
            then(43, "katrin", closing=45),
            then(75, "katrin", stage="proposition", probability=60, closing=45),
            then(104, "katrin", stage="negotiation", probability=80, closing=14),
            then(110, "katrin", "won"),
        ),
    ),
    Deal(
        "suhl_casings",
        "Tray sealer, Rennsteig Wurst",
        customer="suhl", owner="katrin", kind="machine", revenue=118_000,
        starts=weeks_ago(61), values={"probability": 35, "closing": 50},
        steps=(
            then(8, "katrin", stage="qualified"),
            then(36, "katrin", closing=40),
            then(64, "katrin", stage="proposition", closing=40, revenue=109_000),
            then(80, "katrin", "lost", reason="price"),
        ),
    ),
    Deal(
        "elbe_service",
        "Service contract, Elbe Getränke",
        customer="elbe", owner="katrin", kind="service", revenue=36_000,
        starts=weeks_ago(53), values={"probability": 70, "closing": 30},
        steps=(
            then(21, "katrin", stage="proposition", closing=30),
            then(42, "katrin", probability=85, closing=30),
            then(60, "katrin", "won"),
        ),
    ),
    Deal(
        "elster_robot",
        "Robot cell for cartons, Elster Pharma",
        customer="elster", owner="katrin", kind="machine", revenue=305_000,
        starts=weeks_ago(46), values={"probability": 30, "closing": 75},
        people=(decides("elster"), sells("katrin", 65), sells("ewa", 35)),
        steps=(
            then(16, "katrin", stage="qualified", probability=40),
            then(54, "katrin", stage="proposition", closing=40),
            then(82, "katrin", revenue=324_000, closing=40, probability=55),
            then(109, "katrin", stage="negotiation", closing=30, probability=75),
            then(124, "katrin", "won"),
        ),
    ),
    Deal(
        "saale_parts",
        "Grinding and sealing parts, Saale Kaffee",
        customer="saale", owner="katrin", kind="parts", revenue=9_500,
        starts=weeks_ago(12), values={"probability": 60},
        steps=(
            then(15, "katrin", stage="proposition", closing=21),
            then(27, "katrin", "won"),
        ),
    ),
    Deal(
        "harz_crates",
        "Crate washer, Harzquell Brunnen",
        customer="harz", owner="katrin", kind="machine", revenue=98_000,
        starts=weeks_ago(24), values={"probability": 45, "closing": 70},
        steps=(
            then(13, "katrin", stage="qualified", probability=50),
            then(49, "katrin", stage="proposition", closing=45),
            then(78, "katrin", probability=80, closing=20),
            then(88, "katrin", "won"),
        ),
    ),
)  # fmt: skip

OPEN = (
    Deal(
        "uckermark_cups",
        "Cup line, Uckermark Milch",
        customer="uckermark", owner="katrin", kind="machine", revenue=310_000,
        starts=weeks_ago(18), values={"probability": 30, "closing": 60},
        steps=(
            then(12, "katrin", stage="qualified", probability=40),
            then(42, "katrin", closing=30, people=(competes("kranbau", 30),)),
            then(64, "katrin", stage="proposition", closing=30),
            then(85, "katrin", revenue=335_000, closing=21),
        ),
    ),
    Deal(
        "mueritz_parts",
        "Dosing screws, Müritz Tiernahrung",
        customer="mueritz", owner="katrin", kind="parts", revenue=14_000,
        starts=weeks_ago(16), values={"probability": 50, "campaign": "spare_parts"},
        steps=(
            then(15, "katrin", stage="proposition", closing=21),
            then(31, "katrin", closing=21),
            then(47, "katrin", closing=21),
        ),
    ),
    Deal(
        "altmark_service",
        "Service contract, Altmark Saatgut",
        customer="altmark", owner="katrin", kind="service", revenue=28_000,
        starts=weeks_ago(4), values={"probability": 60, "closing": 16},
        steps=(then(13, "katrin", stage="proposition", closing=30),),
    ),
)  # fmt: skip

STORY = (*FAIR, *CLOSED, *OPEN)
