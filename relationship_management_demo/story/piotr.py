"""Twelve opportunities of Piotr Zieliński, who always says 80 % and wins half."""

from .deal import Deal, advises, competes, decides, sells, then, weeks_ago

SURE = {"probability": 80}

FAIR = (
    Deal(
        "notec_strapping",
        "Strapping line, Transport Noteć",
        customer="notec", owner="piotr", kind="machine", revenue=390_000,
        starts=weeks_ago(33), by="marta", values={"campaign": "fair"},
        steps=(
            then(1, "piotr", stage="qualified", probability=80),
            then(20, "piotr", stage="proposition", people=(advises("maj", "for"),)),
            then(47, "piotr", revenue=372_000, stage="negotiation"),
            then(75, "piotr", "won"),
        ),
    ),
    Deal(
        "wisla_robot",
        "Palletizing robot, Magazyny Nad Wisłą",
        customer="wisla", owner="piotr", kind="machine", revenue=245_000,
        starts=weeks_ago(32), by="marta", values={"campaign": "fair"},
        steps=(
            then(2, "piotr", stage="qualified", probability=80),
            then(30, "piotr", stage="proposition", revenue=230_000,
                 people=(competes("paktech", 40),)),
            then(58, "piotr", "lost", reason="competitor"),
        ),
    ),
    Deal(
        "oborniki_wrapping",
        "Wrapping of panels, Meble Obornickie",
        customer="oborniki", owner="piotr", kind="machine", revenue=510_000,
        starts=weeks_ago(29), by="marta", values={"campaign": "fair"},
        steps=(
            then(3, "piotr", stage="qualified", probability=80),
            then(41, "piotr", stage="proposition", revenue=535_000),
            then(88, "piotr", closing=60, people=(sells("piotr", 100),)),
            then(126, "piotr", stage="negotiation", closing=45),
        ),
    ),
)  # fmt: skip

CLOSED = (
    Deal(
        "kaszuby_cups",
        "Cup filler, Lody Kaszubskie",
        customer="kaszuby", owner="piotr", kind="machine", revenue=310_000,
        starts=weeks_ago(76), values=SURE,
        steps=(
            then(9, "piotr", stage="qualified"),
            then(33, "piotr", stage="proposition", revenue=298_000),
            then(59, "piotr", "won"),
        ),
    ),
    Deal(
        "bory_parts",
        "Saw and strap parts, Tartak Bory",
        customer="bory", owner="piotr", kind="parts", revenue=18_000,
        starts=weeks_ago(64), values=SURE,
        steps=(
            then(7, "piotr", stage="proposition"),
            then(30, "piotr", "lost", reason="stock"),
        ),
    ),
    Deal(
        "klodzko_sixpack",
        "Six-pack line, Wody Kłodzkie",
        customer="klodzko", owner="piotr", kind="machine", revenue=450_000,
        starts=weeks_ago(62), values=SURE,
        steps=(
            then(11, "piotr", stage="qualified"),
            then(40, "piotr", stage="proposition", people=(competes("paktech", 45),)),
            then(70, "piotr", "lost", reason="price"),
        ),
    ),
    Deal(
        "hel_service",
        "Service contract, Ryby Helskie",
        customer="hel", owner="piotr", kind="service", revenue=45_000,
        starts=weeks_ago(55), values=SURE,
        steps=(
            then(12, "piotr", stage="proposition"),
            then(22, "piotr", "won"),
        ),
    ),
    Deal(
        "opole_bottles",
        "Bottle packer, Chemia Domowa Opole",
        customer="opole", owner="piotr", kind="machine", revenue=265_000,
        starts=weeks_ago(47), values=SURE,
        steps=(
            then(15, "piotr", stage="qualified"),
            then(44, "piotr", stage="proposition", closing=60),
            then(66, "piotr", "lost", reason="price"),
        ),
    ),
    Deal(
        "kujawy_parts",
        "Filling valves, Olejarnia Kujawska",
        customer="kujawy", owner="piotr", kind="parts", revenue=31_000,
        starts=weeks_ago(10), values=SURE,
        steps=(
            then(5, "piotr", stage="proposition"),
            then(12, "piotr", "won"),
        ),
    ),
)  # fmt: skip

OPEN = (
    Deal(
        "slupsk_cartoner",
        "Cartoner, Makarony Słupskie",
        customer="slupsk", owner="piotr", kind="machine", revenue=430_000,
        starts=weeks_ago(19), values=SURE,
        steps=(
            then(14, "piotr", stage="qualified", revenue=455_000),
            then(46, "piotr", stage="proposition", people=(decides("slupsk"),)),
            then(80, "piotr", closing=60),
        ),
    ),
    Deal(
        "tarnow_bags",
        "Bag closer, Tworzywa Tarnowskie",
        customer="tarnow", owner="piotr", kind="machine", revenue=390_000,
        starts=weeks_ago(8), values=SURE,
        steps=(
            then(12, "piotr", stage="qualified"),
            then(31, "piotr", stage="proposition", revenue=405_000),
        ),
    ),
    Deal(
        "izery_parts",
        "Crown cork magazine, Browar Izerski",
        customer="izery", owner="piotr", kind="parts", revenue=46_000,
        starts=weeks_ago(5),
        values={"probability": 80, "campaign": "spare_parts", "closing": 60},
        steps=(then(9, "piotr", stage="proposition"),),
    ),
)  # fmt: skip

STORY = (*FAIR, *CLOSED, *OPEN)
