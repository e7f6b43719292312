"""Rows of the table of rights: partners who play a role in an activity."""

from .people import OPEN, SECRET, SHOWN

# Who sees the activity and belongs to its company sees its people; who may change the
# activity, and may enter people at all, enters some.
PEOPLE_OF_ACTIVITIES = """
of our campaign's:       r    rwcu rwcu  rwcu  rwcu -      -     rwcu rwcu
of a linked one's:       r    rwcu rwcu  rwcu  rwcu -      -     rwcu rwcu
of Leipzig's, linked:    -    -    -     -     -    rwcu   -     -    -
of a secret campaign's:  -    -    -     rwcu  rwcu -      -     r    rwcu
of Anna's deal's:        -    rwcu rwcu  -     rwcu -      -     -    rwcu
of nobody's deal's:      -    rwcu rwcu  -     rwcu -      -     rwcu rwcu
of a secret deal's:      -    -    -     -     rwcu -      -     r    rwcu
of a partner's:          r    rwcu rwcu  r     rwcu -      -     rwcu rwcu
of one to look at:       r    r    r     rwcu  rwcu -      -     r    rwcu
of a secret one:         -    -    -     rwcu  rwcu -      -     r    rwcu
of a deleted deal's:     -    rwcu rwcu  -     rwcu -      -     -    rwcu
of a deleted secret's:   -    -    -     -     rwcu -      -     -    rwcu
"""


class PeopleOfActivities:
    @classmethod
    def add_people_of_activities(cls):
        leipzig, nobody = cls.other_company, cls.env["res.users"]
        kinds = {
            how: cls.env["relationship.activity.type"].create(
                {"name": how, **cls.restrict(how)}
            )
            for how in (OPEN, SHOWN, SECRET)
        }
        hidden = cls.machine_deal.copy({"name": "S", **cls.restrict(SECRET)})
        gone = cls.make_lead(cls.anna)
        secret = cls.make_lead(cls.anna, opportunity_type_id=hidden.id)
        for name, about in {
            "of our campaign's": cls.make_campaign(),
            "of a linked one's": cls.make_campaign(linked=leipzig),
            "of Leipzig's, linked": cls.make_campaign(leipzig, linked=cls.company),
            "of a secret campaign's": cls.make_campaign(how=SECRET),
            "of Anna's deal's": cls.make_lead(cls.anna),
            "of nobody's deal's": cls.make_lead(nobody),
            "of a secret deal's": cls.make_lead(nobody, opportunity_type_id=hidden.id),
            "of a partner's": cls.stalmet,
            "of one to look at": cls.make_campaign(),
            "of a secret one": cls.make_campaign(),
            "of a deleted deal's": gone,
            "of a deleted secret's": secret,
        }.items():
            how = {"of one to look at": SHOWN, "of a secret one": SECRET}.get(name)
            cls.add_person_of_activity(name, about, kinds[how or OPEN])
        (gone + secret).unlink()
        cls.env.invalidate_all()

    @classmethod
    def add_person_of_activity(cls, name, about, kind):
        field = {
            "crm.lead": "lead_id",
            "relationship.campaign": "campaign_id",
            "res.partner": "partner_id",
        }[about._name]
        company = cls.other_company if "Leipzig" in name else cls.company
        user = cls.katrin if "Leipzig" in name else cls.ewa
        user = cls.anna if "deleted deal" in name else user
        activity = cls.env["relationship.activity"].with_company(company)
        activity = activity.create(
            {"name": "A", "type_id": kind.id, field: about.id, "user_id": user.id}
        )
        cls.add_row(
            "relationship.reference",
            name,
            {
                "activity_id": activity.id,
                "type_id": cls.representative_type.id,
                "partner_id": cls.kranbau.id,
            },
            type_id=cls.competitor_type.copy({"name": name}).id,
        )
