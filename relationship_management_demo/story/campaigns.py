"""Plays the campaigns of the story: target groups, contacts, answers, stages.

Each step is done as its person, at its time, by what the buttons do.
"""

from datetime import datetime, time, timedelta

from odoo import Command

from .clock import MovedClock
from .player import MODULE, PRODUCT, QUIET
from .visitors import create_visitors

VISITS = 42
# Who plays which role in the fair, and what Marta thinks of them.
FAIR_PEOPLE = (
    ("partner_targi", "reference_type_organiser", {"influence": "3"}),
    ("partner_maj", "reference_type_speaker", {"influence": "2", "attitude": "for"}),
    (
        "partner_paktech",
        f"{PRODUCT}.relationship_reference_type_competitor",
        {"attitude": "against", "note": "Has the stand opposite"},
    ),
)
BUSINESS = ("customer", "prospect", "supplier", "contact")


class CampaignPlayer:
    """Turn campaigns that were only entered into campaigns that have happened."""

    def __init__(self, env):
        self.env = env(context={})
        self.today = env.cr.now().date()

    def play(self):
        self.env.flush_all()
        with MovedClock(self.env) as clock:
            self.clock = clock
            self._fair()
            self._visits_after_the_fair()
            self._spare_parts()
            self._recall()

    # The campaigns

    def _fair(self):
        """Invite by letter; Katrin adds her customers; enter who came."""
        marta, katrin = self._as("marta"), self._as("katrin")
        self._at(weeks=40)
        create_visitors(marta)
        fair = self._begin(marta, "fair", weeks=39)
        for partner, role, values in FAIR_PEOPLE:
            who = {
                "partner_id": self._ref(partner).id,
                "type_id": self._ref(role).id,
            }
            fair.reference_ids = [Command.create({**who, **values})]
        self._choose(fair, self._get_rule("base.pl", BUSINESS))
        self._freeze(fair)
        self._at(weeks=38)
        customers = self._find("base.de", ("customer", "prospect"))
        fair.with_env(katrin)._assign(customers.ids)
        fair.action_start()
        self._move(fair, "invitation")
        self._at(weeks=37)
        self._mark_contacted(fair)
        self._mark_contacted(fair.with_env(katrin))
        self._at(weeks=33)
        self._move(fair, "follow_up")
        self._answer(fair)
        self._credit_opportunities(fair)
        self._at(weeks=28)
        self._move(fair, "closing")
        fair.action_complete()

    def _visits_after_the_fair(self):
        katrin = self._as("katrin")
        visits = self._begin(katrin, "fair_visits", weeks=33)
        fair = self._ref("relationship_campaign_fair")
        self._choose(
            visits, source="campaign", other_campaign_id=fair.id, part="positive"
        )
        self._freeze(visits)
        visits.action_start()
        self._move(visits, "follow_up")
        self._at(weeks=31)
        self._mark_contacted(visits)
        self._at(weeks=28)
        self._move(visits, "closing")
        visits.action_complete()

    def _spare_parts(self):
        """Write to customers, without those whom the fair led to; so far to half."""
        anna = self._as("anna")
        spare_parts = self._begin(anna, "spare_parts", weeks=36)
        self._choose(spare_parts, self._get_rule("base.pl", ("customer",)))
        fair = self._ref("relationship_campaign_fair")
        self._choose(
            *(spare_parts, "[]"),
            operation="subtract",
            source="campaign",
            other_campaign_id=fair.id,
            part="opportunity",
        )
        spare_parts.control_percent = 10
        spare_parts.control_seed = 2024
        self._freeze(spare_parts)
        spare_parts.action_start()
        self._at(weeks=6)
        self._move(spare_parts, "invitation")
        bought = self._get_customers(spare_parts)
        open_ones = self._get_addressees(spare_parts, "open").sorted(
            lambda a: a.target_id.commercial_partner_id not in bought
        )
        open_ones[: len(open_ones) // 2].action_mark_contacted()
        self._at(weeks=2)
        for addressee in self._get_addressees(spare_parts, "contacted")[::4]:
            addressee.response_id = self._ref(
                f"{PRODUCT}.relationship_campaign_response_yes"
            )
        self._credit_opportunities(spare_parts)

    def _recall(self):
        """Write down the rule; nobody has been entered yet."""
        recall = self._ref("relationship_campaign_recall").with_env(self._as("marta"))
        self._at(weeks=1)
        self._choose(recall, self._get_rule("base.pl", ("customer",)))

    # Steps

    def _at(self, weeks):
        """Go to a Tuesday morning so many weeks ago."""
        day = self.today - timedelta(weeks=weeks)
        day -= timedelta(days=(day.weekday() - 1) % 7)
        self.env.flush_all()
        self.env.cr.flush()
        self.clock.move_to(datetime.combine(day, time(8, 30)))

    def _as(self, login):
        user = self._ref(f"user_{login}")
        context = {
            **QUIET,
            "lang": "en_US",
            "tz": user.tz,
            # Roles as they are today: some began after the fair.
            "relationship_date": self.today,
            "allowed_company_ids": (user.company_id | user.company_ids).ids,
        }
        return self.env(user=user.id, su=False, context=context)

    def _ref(self, name):
        return self.env.ref(name if "." in name else f"{MODULE}.{name}")

    def _begin(self, env, name, weeks):
        """Return a campaign of the data, entered on that day by its person."""
        self._at(weeks=weeks)
        campaign = self._ref(f"relationship_campaign_{name}").with_env(env)
        # The durations of the stages begin with the creation.
        self.env.cr.execute(
            "UPDATE relationship_campaign SET create_date = %s, create_uid = %s,"
            " date_last_stage_update = %s WHERE id = %s",
            [self.clock.moment, env.uid, self.clock.moment, campaign.id],
        )
        campaign.invalidate_recordset()
        return campaign

    def _get_rule(self, country, kinds):
        types = self.env["relationship.role.type"].browse(
            self._ref(f"{PRODUCT}.relationship_role_type_{kind}").id for kind in kinds
        )
        return str(
            [
                ("country_id", "=", self._ref(country).id),
                ("role_type_ids", "in", types.ids),
            ]
        )

    def _find(self, country, kinds):
        kinds = [
            self._ref(f"{PRODUCT}.relationship_role_type_{kind}").id for kind in kinds
        ]
        return self.env["res.partner"].search(
            [
                ("country_id", "=", self._ref(country).id),
                ("role_type_ids", "in", kinds),
            ]
        )

    def _choose(self, campaign, rule="[]", **values):
        self.env["relationship.campaign.selection"].with_env(campaign.env).create(
            {
                "campaign_id": campaign.id,
                "sequence": 10 * (len(campaign.selection_ids) + 1),
                "rule": rule,
                **values,
            }
        )

    def _freeze(self, campaign):
        action = campaign.action_freeze()
        wizard = campaign.env[action["res_model"]].browse(action["res_id"])
        wizard.action_apply()

    def _move(self, campaign, stage):
        campaign.stage_id = self._ref(f"{PRODUCT}.stage_campaign_{stage}")
        self.env.flush_all()
        self.env.cr.flush()

    def _get_addressees(self, campaign, state):
        return campaign.env["relationship.campaign.addressee"].search(
            [("campaign_id", "=", campaign.id), ("state", "=", state)]
        )

    def _mark_contacted(self, campaign):
        self._get_addressees(campaign, "open").action_mark_contacted()

    def _answer(self, campaign):
        """Enter the answers: who became an opportunity came, and every third other."""
        addressees = self._get_addressees(campaign, "contacted")
        bought = self._get_customers(campaign)
        came = addressees.filtered(
            lambda a: a.target_id.commercial_partner_id in bought
        )
        others = addressees - came
        came |= others[::3][: VISITS - len(came)]
        rest = others - came
        for answer, answering in (
            ("yes", came),
            ("later", rest[::9]),
            ("no", rest[1::11]),
        ):
            answering.response_id = self._ref(
                f"{PRODUCT}.relationship_campaign_response_{answer}"
            )

    def _get_leads(self, campaign):
        return self.env["crm.lead"].search(
            [
                ("campaign_id", "=", campaign.sudo().utm_campaign_id.id),
                ("active", "in", [True, False]),
            ]
        )

    def _get_customers(self, campaign):
        return self._get_leads(campaign).partner_id.commercial_partner_id

    def _credit_opportunities(self, campaign):
        """Say of each opportunity of the campaign which addressee it comes from."""
        by_partner = {
            addressee.target_id.commercial_partner_id: addressee
            for addressee in campaign.sudo().addressee_ids
            if addressee.state != "excluded"
        }
        for lead in self._get_leads(campaign):
            addressee = by_partner.get(lead.partner_id.commercial_partner_id)
            if addressee:
                # As superuser: the line tells where the lead came from, nothing new.
                lead.addressee_id = addressee.with_env(self.env)
