"""Plays the story: each step as its person, at its time, through the ORM."""

from datetime import timedelta

from odoo import fields

from .clock import MovedClock, commits_held_back
from .deal import tenth_of_may
from .deals import DEALS, OPPORTUNITIES

MODULE = "relationship_management_demo"
PRODUCT = "relationship_management"
STAGES = {
    "qualified": "crm.stage_lead2",
    "proposition": "crm.stage_lead3",
    "negotiation": f"{MODULE}.stage_negotiation",
}
LOST_REASONS = {
    "price": "crm.lost_reason_1",
    "stock": "crm.lost_reason_3",
    "competitor": "relationship_management.crm_lost_reason_competitor",
    "budget": f"{MODULE}.lost_reason_budget",
}
QUIET = {"mail_create_nosubscribe": True, "mail_auto_subscribe_no_notify": True}


class Player:
    """Turn the steps of the story into what people do in Odoo.

    The values of a step are those of ``crm.lead`` by shorter names: ``stage``,
    ``revenue``, ``margin`` (percent), ``closing`` (days from the step, or "May"),
    ``owner``, ``campaign``; ``reason`` and ``duplicate`` belong to the events *lost*
    and *merge*. Whatever else is a field of that name.
    """

    def __init__(self, env):
        self.env = env(context={})
        self.today = env.cr.now().date()
        self.lead_ids = {}

    def play(self):
        """Play all steps in the order of their times, then let the scoring run."""
        steps = sorted(
            (
                (moment, deal, step)
                for deal in DEALS
                for moment, step in deal.schedule(self.today)
            ),
            key=lambda entry: entry[0],
        )
        self.env.flush_all()
        with MovedClock(self.env) as clock:
            for moment, deal, step in steps:
                clock.move_to(moment)
                self._take(deal, step)
        self._name_opportunities()
        with commits_held_back(self.env.cr):
            self.env["crm.lead"]._update_automated_probabilities()

    def _take(self, deal, step):
        env = self._get_environment(deal, step.who)
        lead = env["crm.lead"].browse(self.lead_ids.get(deal.code))
        if step.event == "create":
            lead = self._create(env, deal)
        elif step.event:
            getattr(self, f"_do_{step.event}")(lead, step.values)
        values = self._prepare_values(env, step.values)
        if values:
            lead.write(values)
        for person in step.people:
            self._introduce(lead, person)
        if step.note:
            lead.message_post(body=step.note, subtype_xmlid="mail.mt_note")
        # Write as this person, and let the messages about tracked fields be made now.
        env.flush_all()
        env.cr.flush()

    def _get_environment(self, deal, login):
        """Return the environment of a user who works in the company of the deal."""
        user = self.ref(f"user_{login}")
        companies = self.ref(f"user_{deal.owner}").company_id | user.company_ids
        context = {
            **QUIET,
            "lang": user.lang,
            "tz": user.tz,
            "allowed_company_ids": companies.ids,
        }
        return self.env(user=user.id, su=False, context=context)

    def ref(self, name):
        return self.env.ref(name if "." in name else f"{MODULE}.{name}")

    def _create(self, env, deal):
        lead = env["crm.lead"].create(
            {
                "name": deal.title,
                "type": "opportunity",
                "partner_id": self.ref(f"partner_{deal.customer}").id,
                "user_id": self.ref(f"user_{deal.owner}").id,
                "opportunity_type_id": self.ref(f"opportunity_type_{deal.kind}").id,
                "expected_revenue": deal.revenue,
                **self._prepare_values(env, deal.values),
            }
        )
        self.lead_ids[deal.code] = lead.id
        return lead

    def _prepare_values(self, env, values):
        """Return the values of ``crm.lead`` for those of a step."""
        prepared = {}
        for name, value in values.items():
            if name == "stage":
                prepared["stage_id"] = self.ref(STAGES[value]).id
            elif name == "revenue":
                prepared["expected_revenue"] = value
            elif name == "margin":
                prepared["margin_percent"] = value
            elif name == "closing":
                prepared["date_deadline"] = self._get_closing(env, value)
            elif name == "owner":
                prepared["user_id"] = self.ref(f"user_{value}").id
            elif name == "campaign":
                campaign = self.ref(f"relationship_campaign_{value}")
                prepared["campaign_id"] = campaign.utm_campaign_id.id
            elif name not in ("reason", "duplicate"):
                prepared[name] = value
        return prepared

    def _get_closing(self, env, value):
        day = fields.Date.context_today(env.user)
        if value == "May":
            return tenth_of_may(self.today + timedelta(days=30), following=True)
        return day + timedelta(days=value)

    def _introduce(self, lead, person):
        """Add a partner in a role, or change the line there is."""
        role = self.ref(f"{PRODUCT}.relationship_reference_type_{person.role}")
        if person.role == "sales_representative":
            partner = self.ref(person.partner).partner_id
        else:
            partner = self.ref(f"partner_{person.partner}")
        line = lead.reference_ids.filtered(
            lambda line: line.type_id == role and line.partner_id == partner
        )
        if line:
            line.write(person.values)
        else:
            line.create(
                {
                    "lead_id": lead.id,
                    "type_id": role.id,
                    "partner_id": partner.id,
                    **person.values,
                }
            )

    def _do_won(self, lead, values):
        lead.action_set_won()

    def _do_lost(self, lead, values):
        lead.action_set_lost(lost_reason_id=self.ref(LOST_REASONS[values["reason"]]).id)

    def _do_reopen(self, lead, values):
        lead.action_restore()

    def _do_archive(self, lead, values):
        lead.action_archive()

    def _do_restore(self, lead, values):
        lead.action_unarchive()

    def _do_convert(self, lead, values):
        lead.convert_opportunity(lead.partner_id)

    def _do_merge(self, lead, values):
        duplicate = lead.browse(self.lead_ids[values["duplicate"]])
        (lead | duplicate).merge_opportunity()

    def _do_delete(self, lead, values):
        lead.unlink()

    def _name_opportunities(self):
        """Give the opportunities external ids: ``opportunity_<code>``."""
        self.env["ir.model.data"]._update_xmlids(
            [
                {
                    "xml_id": f"{MODULE}.opportunity_{deal.code}",
                    "record": self.env["crm.lead"].browse(self.lead_ids[deal.code]),
                    "noupdate": True,
                }
                for deal in OPPORTUNITIES
            ]
        )
