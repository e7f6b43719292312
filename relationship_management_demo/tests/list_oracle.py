"""What the relationship list has to say: told by opening every source.

Written from the specification, without the descriptions and the SQL of the list.
"""

from collections import namedtuple

Row = namedtuple(
    "Row",
    "source source_id kind res_model res_id names number partner contact company_of_it"
    " role campaign lead types status stage user company date_from due done is_open",
)
NOTHING = {
    **dict.fromkeys(Row._fields, False),
    "names": frozenset(),
    "types": frozenset(),
}


class ListOracle:
    """The rows that a user should find.

    :param env: of the superuser
    """

    def __init__(self, env):
        env.flush_all()
        env.invalidate_all()
        self.env = env(context={"active_test": False, "lang": "en_US"})
        self.languages = [code for code, _name in env["res.lang"].get_installed()]

    def get_rows(self, user):
        """Return the rows of what the user may read, by model and id."""
        rows = {}
        for model, tell in (
            ("crm.lead", self.tell_opportunity),
            ("relationship.activity", self.tell_activity),
            ("relationship.campaign.addressee", self.tell_member),
            ("relationship.reference", self.tell_reference),
            ("mail.activity", self.tell_task),
            ("res.partner", self.tell_partner),
        ):
            seen = self.env[model].with_user(user).with_context(active_test=False)
            for record in seen.search([]).sudo() if seen.has_access("read") else ():
                if (values := tell(record)) and self.may_open(user, record, values):
                    row = self.get_row(record, values)
                    rows[row.source, row.source_id] = row
        # Partners are there because of what names them, for whoever sees that.
        because = ("crm.lead", "relationship.reference")
        named = {
            id_
            for row in rows.values()
            if row.source in because
            for id_ in (row.partner, row.contact)
        }
        return {
            key: row
            for key, row in rows.items()
            if row.source != "res.partner" or row.source_id in named
        }

    def may_open(self, user, record, values):
        """Tell whether the user may read all that a row is about, too."""
        opened = [self.get_opened(record, values)]
        if record._name == "mail.activity":
            opened.append(record.relationship_activity_id)
        return all(
            not each or each.with_user(user).has_access("read") for each in opened
        )

    def get_opened(self, record, values):
        model, res_id = values.get("res_model"), values.get("res_id")
        return self.env[model].browse(res_id) if model else record

    def get_row(self, record, values):
        partner = values.get("partner") or self.env["res.partner"]
        values = {
            **NOTHING,
            "source": record._name,
            "source_id": record.id,
            "res_model": record._name,
            "res_id": record.id,
            "company_of_it": partner.commercial_partner_id,
            **values,
        }
        plain = {
            name: value.id if hasattr(value, "_name") else value or False
            for name, value in values.items()
        }
        plain["types"] = frozenset(
            (each._name, each.id) for each in values["types"] if each
        )
        return Row(**{**plain, "names": frozenset(values["names"])})

    # Sources

    def tell_opportunity(self, lead):
        if lead.type != "opportunity":
            return None
        campaign = self.env["relationship.campaign"].search(
            [("utm_campaign_id", "=", lead.campaign_id.id or 0)]
        )
        return {
            **self.tell_project(lead),
            "partner": lead.partner_id,
            "campaign": campaign,
        }

    def tell_project(self, record):
        """Return what a row says of an opportunity, a campaign or an activity."""
        return {
            "crm.lead": self.tell_lead,
            "relationship.campaign": self.tell_campaign,
            "relationship.activity": self.tell_bracket,
        }[record._name](record)

    def tell_lead(self, lead):
        is_over = lead.won_status in ("won", "lost")
        standing = "open" if lead.active else "archived"
        return {
            "kind": "opportunity",
            "names": [lead.name],
            "number": lead.number,
            "lead": lead,
            "types": [lead.opportunity_type_id],
            "status": lead.won_status if is_over else standing,
            "stage": lead.stage_id,
            "user": lead.user_id,
            "company": lead.company_id,
            "date_from": lead.create_date.date(),
            "due": lead.date_deadline,
            "done": lead.date_closed and lead.date_closed.date(),
            "is_open": lead.active and not is_over,
        }

    def tell_campaign(self, campaign):
        titles = [campaign.with_context(lang=code).title for code in self.languages]
        states = {"entered": "planned", "completed": "done"}
        return {
            "kind": "campaign",
            "names": titles,
            "number": campaign.number,
            "campaign": campaign,
            "types": [campaign.type_id],
            "status": states.get(campaign.state, campaign.state),
            "stage": campaign.stage_id,
            "user": campaign.user_id,
            "company": campaign.company_id,
            "date_from": campaign.date_from,
            "due": campaign.date_to,
            "is_open": campaign.state in ("entered", "in_progress"),
        }

    def tell_bracket(self, activity):
        return {
            "kind": "activity",
            "names": [activity.name],
            "number": activity.number,
            "campaign": activity.campaign_id,
            "lead": activity.lead_id,
            "types": [activity.type_id],
            "status": activity.state,
            "stage": activity.stage_id,
            "user": activity.user_id,
            "company": activity.company_id,
            "date_from": activity.date_from,
            "due": activity.date_to or activity.date_from,
            "done": activity.date_done,
            "is_open": activity.state in ("planned", "in_progress"),
        }

    def tell_activity(self, activity):
        return activity.active and {
            **self.tell_project(activity),
            "partner": activity.partner_id,
            "contact": activity.contact_id,
        }

    def tell_member(self, member):
        campaign = member.campaign_id
        told = self.tell_campaign(campaign)
        return campaign.active and {
            **told,
            "res_model": campaign._name,
            "res_id": campaign.id,
            "partner": member.partner_id or member.contact_id,
            "contact": member.partner_id and member.contact_id,
            "status": member.state,
            "user": member.user_id or campaign.user_id,
            "company": member.company_id,
            "done": member.responded_on or member.contacted_on,
            "is_open": member.state == "open" and told["is_open"],
        }

    def tell_reference(self, line):
        project = line.lead_id or line.campaign_id or line.activity_id
        if not (project.active or line.lead_id):
            return None
        told = self.tell_project(project)
        return {
            **told,
            "res_model": project._name,
            "res_id": project.id,
            "partner": line.partner_id,
            "contact": line.contact_id,
            "role": line.type_id,
            "company": line.company_id,
        }

    def tell_task(self, task):
        if task.res_model not in self.env or not task.res_id:
            return None
        record = self.env[task.res_model].browse(task.res_id).exists()
        if not self.has_partners(record):
            return None
        member = task.addressee_id
        activity = task.relationship_activity_id
        if record._name == "relationship.activity":
            activity = activity or record
        partners = self.env["res.partner"].browse()
        for each in (
            *(member.partner_id, member.contact_id),
            *(activity.partner_id, activity.contact_id),
            self.get_partner(record),
        ):
            partners = partners or each
        contact = member.partner_id and member.contact_id
        lead = record if record._name == "crm.lead" else activity.lead_id
        campaign = activity.campaign_id
        if record._name == "relationship.campaign":
            campaign = record
        company = member.company_id or activity.company_id
        if "company_id" in record._fields and record._fields["company_id"].store:
            company = company or record.company_id
        return {
            "kind": "task",
            "res_model": task.res_model,
            "res_id": task.res_id,
            "names": [task.summary or task.activity_type_id.name],
            "partner": partners,
            "contact": contact if member else activity.contact_id,
            "campaign": campaign,
            "lead": lead,
            "types": [activity.type_id, task.activity_type_id],
            "status": "planned" if task.active else "done",
            "user": task.user_id,
            "company": company,
            "date_from": task.create_date.date(),
            "due": task.date_deadline,
            "done": task.date_done,
            "is_open": task.active,
        }

    def has_partners(self, record):
        return record._name in ("res.partner", "relationship.campaign") or (
            (field := record._fields.get("partner_id"))
            and field.store
            and field.comodel_name == "res.partner"
        )

    def get_partner(self, record):
        if record._name == "res.partner":
            return record
        if record._name == "relationship.campaign":
            return self.env["res.partner"]
        return record.partner_id

    def tell_partner(self, partner):
        named = [("partner_id", "=", partner.id)]
        is_customer = [*named, ("type", "=", "opportunity")]
        in_role = ["|", *named, ("contact_id", "=", partner.id)]
        if any(not user.share for user in partner.user_ids):
            return None
        if not (
            self.env["crm.lead"].search_count(is_customer, limit=1)
            or self.env["relationship.reference"].search_count(in_role, limit=1)
        ):
            return None
        return {
            "kind": "partner",
            "names": [partner.complete_name],
            "partner": partner,
            "status": not partner.active and "archived",
            "user": partner.user_id,
            "company": partner.company_id,
            "date_from": partner.create_date.date(),
        }
