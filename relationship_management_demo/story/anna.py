"""Sixteen opportunities of Anna Kowalska, who estimates well."""

from .deal import (
    Deal,
    advises,
    answers,
    before_may,
    competes,
    decides,
    sells,
    then,
    weeks_ago,
)

WARTA = (
    Deal(
        "warta_filling",
        "Packing of the filling line, Browar Warta",
        customer="warta", owner="anna", kind="machine", revenue=640_000,
        starts=before_may(14), values={"probability": 30, "closing": 90},
        people=(sells("anna", 100), answers("lewandowska", "for")),
        steps=(
            then(5, "anna", stage="qualified", probability=50),
            then(18, "anna", stage="proposition", probability=60,
                 people=(competes("paktech", 20),)),
            then(30, "anna", stage="negotiation", probability=80),
            then(41, "anna", revenue=655_000, probability=90,
                 note="They add a second labelling head."),
            then(52, "anna", "won"),
        ),
    ),
    Deal(
        "warta_parts",
        "Spring overhaul parts, Browar Warta",
        customer="warta", owner="anna", kind="parts", revenue=38_500,
        starts=before_may(6), values={"probability": 70, "campaign": "spare_parts"},
        steps=(
            then(4, "anna", stage="proposition", probability=80),
            then(11, "anna", "won"),
        ),
    ),
    Deal(
        "warta_keg",
        "Keg palletizer for next spring, Browar Warta",
        customer="warta", owner="anna", kind="machine", revenue=690_000,
        starts=weeks_ago(9), values={"probability": 25, "closing": "May"},
        people=(sells("anna", 100), answers("lewandowska", "for")),
        steps=(
            then(8, "anna", stage="qualified", probability=35),
            then(13, "ewa", "merge", duplicate="warta_keg_twice"),
            then(22, "anna", revenue=720_000, note="With a stretch hood."),
            then(35, "anna", stage="proposition", probability=45),
        ),
    ),
)  # fmt: skip

# Day by day: the price rises, the customer turns away, Kranbau Wolff wins.
LOST_TO_KRANBAU = Deal(
    "stalmet_line",
    "Packaging line for Stalmet",
    customer="stalmet", owner="anna", kind="machine", revenue=1_850_000,
    starts=weeks_ago(22), values={"probability": 20, "closing": 120},
    people=(sells("anna", 80), sells("ewa", 20)),
    steps=(
        then(3, "anna", stage="qualified", probability=30,
             people=(answers("nowak", "for"), decides("rek"))),
        then(12, "anna", revenue=1_920_000, people=(advises("maj", "for"),)),
        then(20, "anna", stage="proposition", probability=50),
        then(28, "anna", people=(competes("kranbau", 30),)),
        then(36, "anna", stage="negotiation", probability=60),
        then(45, "anna", probability=70, people=(competes("kranbau", 25),),
             note="Mrs Nowak asks for the contract."),
        then(60, "anna", revenue=2_080_000,
             note="Steel went up: our price rises by 160,000."),
        then(61, "anna", probability=60, people=(competes("kranbau", 40),),
             note="Mr Rek was not amused. Kranbau Wolff has been to see him."),
        then(62, "ewa", margin=19, revenue=2_010_000, note="We give up margin."),
        then(63, "anna", probability=45, people=(advises("maj", "neutral"),)),
        then(64, "anna", people=(competes("kranbau", 55), decides("rek", "against")),
             note="Kranbau Wolff offers the old price."),
        then(65, "anna", probability=30, closing=45),
        then(66, "ewa", margin=16, revenue=1_940_000, note="Our last word."),
        then(67, "anna", probability=15, binding=False,
             note="No answer: I take it out of the forecast."),
        then(68, "anna", probability=5, people=(competes("kranbau", 80),)),
        then(69, "anna", "lost", reason="competitor",
             note="Mr Rek signed with Kranbau Wolff."),
    ),
)  # fmt: skip

FAIR = (
    Deal(
        "mazury_wrapper",
        "Pallet wrapper, Logistyka Mazury",
        customer="mazury", owner="anna", kind="machine", revenue=415_000,
        starts=weeks_ago(33), by="marta", values={"campaign": "fair"},
        steps=(
            then(2, "anna", stage="qualified", probability=40,
                 people=(sells("anna", 70), sells("piotr", 30), decides("wolski"))),
            then(15, "anna", stage="proposition", probability=55,
                 people=(advises("maj", "for"),)),
            then(38, "anna", probability=50, closing=90,
                 note="The new hall is late."),
            then(60, "anna", stage="negotiation", probability=75),
            then(74, "anna", probability=90, people=(decides("wolski", "for"),)),
            then(80, "anna", "won"),
        ),
    ),
    Deal(
        "lipy_parts",
        "Sealing bars, Hotel Pod Lipami",
        customer="lipy", owner="anna", kind="parts", revenue=22_000,
        starts=weeks_ago(31), by="marta", values={"campaign": "fair"},
        steps=(
            then(3, "anna", stage="qualified", probability=50),
            then(9, "anna", stage="proposition", probability=30),
            then(15, "anna", "lost", reason="budget"),
        ),
    ),
    Deal(
        "rynek_tunnel",
        "Shrink tunnel, Catering Stary Rynek",
        customer="rynek", owner="anna", kind="machine", revenue=180_000,
        starts=weeks_ago(32), by="marta",
        values={"campaign": "fair", "type": "lead"},
        steps=(
            then(4, "anna", "convert"),
            then(6, "anna", stage="qualified", probability=30),
            then(33, "anna", revenue=165_000, probability=20),
            then(50, "anna", "lost", reason="budget"),
        ),
    ),
)  # fmt: skip

OTHERS = (
    Deal(
        "gostyn_casepacker",
        "Case packer, Wędliny Gostyńskie",
        customer="gostyn", owner="anna", kind="machine", revenue=275_000,
        starts=weeks_ago(77), values={"probability": 40, "closing": 60},
        steps=(
            then(6, "anna", stage="qualified", probability=60),
            then(25, "anna", stage="proposition", probability=70),
            then(40, "anna", "won"),
        ),
    ),
    Deal(
        "zdroj_parts",
        "Knives and belts, Piekarnia Zdrój",
        customer="zdroj", owner="anna", kind="parts", revenue=14_500,
        starts=weeks_ago(72), values={"probability": 50},
        steps=(
            then(5, "anna", stage="proposition", probability=30),
            then(12, "anna", revenue=12_900, probability=10),
            then(16, "anna", "lost", reason="price"),
        ),
    ),
    Deal(
        "koscian_service",
        "Service contract, Mleczarnia Kościańska",
        customer="koscian", owner="anna", kind="service", revenue=84_000,
        starts=weeks_ago(51), values={"probability": 80},
        steps=(
            then(9, "anna", stage="proposition", probability=90),
            then(20, "anna", "won"),
        ),
    ),
    Deal(
        "baltyk_line",
        "Pouch line, Palarnia Kawy Bałtyk",
        customer="baltyk", owner="anna", kind="machine", revenue=290_000,
        starts=weeks_ago(58), values={"probability": 30},
        steps=(
            then(8, "anna", stage="qualified", probability=20),
            then(40, "anna", "archive", note="They build first. Next year again."),
            then(120, "anna", "restore", closing=90),
            then(126, "anna", stage="proposition", probability=60, revenue=310_000),
            then(150, "anna", stage="negotiation", probability=80),
            then(172, "anna", "won"),
        ),
    ),
    Deal(
        "odra_blister",
        "Blister packer, Farmacja Nad Odrą",
        customer="odra", owner="anna", kind="machine", revenue=520_000,
        starts=weeks_ago(49), values={"probability": 30},
        people=(competes("paktech", 50),),
        steps=(
            then(12, "anna", stage="qualified", probability=20),
            then(24, "anna", probability=10, people=(competes("paktech", 80),)),
            then(35, "anna", "lost", reason="competitor"),
            then(50, "ewa", "reopen", closing=60,
                 note="PakTech cannot deliver. I called them."),
            then(52, "anna", stage="proposition", probability=60,
                 people=(competes("paktech", 10), sells("anna", 60), sells("ewa", 40))),
            then(66, "anna", stage="negotiation", probability=80, margin=25),
            then(78, "anna", "won"),
        ),
    ),
    Deal(
        "wilda_service",
        "Service contract, Drukarnia Wilda",
        customer="wilda", owner="anna", kind="service", revenue=61_000,
        starts=weeks_ago(13), values={"probability": 80},
        steps=(
            then(7, "anna", stage="proposition", probability=90),
            then(21, "anna", revenue=58_000),
            then(29, "anna", "won"),
        ),
    ),
    Deal(
        "grojec_sorter",
        "Sorting and crating line, Sady Nad Pilicą",
        customer="grojec", owner="piotr", kind="machine", revenue=740_000,
        starts=weeks_ago(14), values={"probability": 80},
        steps=(
            then(10, "ewa", owner="anna", note="Anna knows orchards, Piotr agrees."),
            then(12, "anna", stage="qualified", probability=40,
                 people=(sells("anna", 75), sells("piotr", 25))),
            then(30, "anna", stage="proposition", probability=50, revenue=765_000,
                 people=(competes("kranbau", 35),)),
            then(52, "anna", probability=55, closing=75),
        ),
    ),
    Deal(
        "centrum_parts",
        "Wear parts for the year, Hurtownia Centrum",
        customer="centrum", owner="anna", kind="parts", revenue=27_000,
        starts=weeks_ago(7),
        values={"probability": 60, "campaign": "spare_parts", "closing": 70},
        steps=(
            then(6, "anna", stage="proposition", probability=70),
            then(21, "anna", revenue=31_500),
        ),
    ),
    Deal(
        "wadowice_flowpack",
        "Flow packer, Czekolada z Wadowic",
        customer="wadowice", owner="anna", kind="machine", revenue=350_000,
        starts=weeks_ago(3), values={},
        steps=(
            then(5, "anna", stage="qualified", probability=25),
            then(10, "anna", people=(competes("paktech", 30),)),
        ),
    ),
)  # fmt: skip

STORY = (*WARTA, LOST_TO_KRANBAU, *FAIR, *OTHERS)
