"""Addresses of the fair: producers who asked for a ticket, some of them twice."""

KINDS = (
    *("Browar", "Cukiernia", "Masarnia", "Mleczarnia"),
    *("Młyn", "Palarnia", "Piekarnia", "Tłocznia"),
)
PLACES = (
    ("Bzura", "Łowicz"),
    ("Drawa", "Drawsko Pomorskie"),
    ("Gwda", "Jastrowie"),
    ("Krutynia", "Mrągowo"),
    ("Liwiec", "Węgrów"),
    ("Mierzeja", "Krynica Morska"),
    ("Narew", "Ostrołęka"),
    ("Obra", "Zbąszyń"),
    ("Pasłęka", "Braniewo"),
    ("Rospuda", "Augustów"),
    ("Skrwa", "Sierpc"),
    ("Tanew", "Biłgoraj"),
    ("Wkra", "Płońsk"),
    ("Żuławy", "Elbląg"),
)
# Entered twice at the stand, and without an address.
DOUBLES = ("Browar Drawa", "Młyn Obra", "Piekarnia Wkra")
WITHOUT_ADDRESS = (
    "Cukiernia Gwda",
    "Masarnia Narew",
    "Palarnia Tanew",
    "Tłocznia Żuławy",
)
OBJECTED = ("Browar Rospuda", "Mleczarnia Skrwa")


def create_visitors(env):
    """Create the addresses as partners in the role Contact, and return them."""
    names = [(f"{kind} {river}", town) for kind in KINDS for river, town in PLACES]
    names += [(name, town) for name, town in names if name in DOUBLES]
    poland = env.ref("base.pl")
    partners = env["res.partner"].create(
        [
            {
                "name": name,
                "is_company": True,
                "city": False if name in WITHOUT_ADDRESS else town,
                "country_id": poland.id,
                "email": f"fair.{number}@example.com",
                "phone": f"+44 1632 960{500 + number}",  # set aside for fiction
                "address_source": "fair",
            }
            for number, (name, town) in enumerate(names, 1)
        ]
    )
    partners._give_role("contact")
    env["relationship.consent"].create(
        [
            {
                "partner_id": partner.id,
                "channel": "letter",
                "action": "withdrawn",
                "evidence": "Wrote on the ticket: no more letters",
            }
            for partner in partners
            if partner.name in OBJECTED
        ]
    )
    return partners
