"""How addressees come in, and how status, reason and dates are kept in step."""

from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..shared.may_be_told import name_of
from .pair_sql import PairQuery

# What the server alone says about an addressee.
SERVER_FIELDS = frozenset({"is_control", "address_key", "freeze_id"})
SERVER_FIELDS |= {"origin", "target_id"}
# Who it is: another one has to be judged anew.
WHO_FIELDS = frozenset({"partner_id", "contact_id"})
STATE_FIELDS = frozenset({"state", "exclusion", "response_id"})
# What is only said of somebody who may be reached.
CONTACT_FIELDS = STATE_FIELDS | {"contacted_on", "responded_on"}
ANSWER_FIELDS = frozenset({"response_id", "responded_on"})
# These stay, whoever the addressee becomes.
DECISIONS = frozenset({"hand", "rule", "control"})


class RelationshipCampaignAddressee(models.Model):
    _inherit = "relationship.campaign.addressee"

    # Who is addressed

    @api.onchange("partner_id")
    def _onchange_partner_id(self):
        """Propose the contact person; a person alone becomes the contact person."""
        if self.partner_id and self.campaign_id:
            chosen = {"partner_id": self.partner_id.id}
            if self.contact_id.commercial_partner_id == self.partner_id:
                chosen["contact_id"] = self.contact_id.id
            [pair] = self._complete_pairs(self.campaign_id, [chosen])
            self.update(pair)

    @api.onchange("contact_id")
    def _onchange_contact_id(self):
        """Keep the company of the contact person, if companies are addressed."""
        company = self.contact_id.commercial_partner_id
        if (
            not self.partner_id
            and company.is_company
            and company != self.contact_id
            and self.campaign_id.addressing == "company_contact"
        ):
            self.partner_id = company

    @api.model
    def _complete_pairs(self, campaign, vals_list):
        """Return companies and contact persons for what somebody chose.

        A company gets its contact person, unless one was given, also as empty. A person
        stands in the place of the contact person; the company is filled, if companies
        with their contact person are addressed, and stays empty for a person alone.
        One statement for any number.
        """
        pairs = [
            {key: vals[key] for key in ("partner_id", "contact_id") if key in vals}
            for vals in vals_list
        ]
        partners = self.env["res.partner"].browse(
            filter(None, (pair.get("partner_id") for pair in pairs))
        )
        if not partners:
            return pairs
        query = PairQuery(campaign)
        found = {
            row["who_id"]: {
                "partner_id": row["partner_id"] or False,
                "contact_id": row["contact_id"] or False,
            }
            for row in self.env.execute_query_dict(
                query.get_pairs(query.get_ids(partners.ids))
            )
        }
        by_id = {partner.id: partner for partner in partners}  # read all at once
        return [
            self._complete_pair(pair, by_id.get(pair.get("partner_id")), found)
            for pair in pairs
        ]

    @api.model
    def _complete_pair(self, pair, partner, found):
        if not partner:
            return pair
        if "contact_id" in pair if partner.is_company else pair.get("contact_id"):
            return pair
        return found.get(partner._get_addressed().id, pair)

    # Creation and change

    @api.model
    def _get_server_fields(self):
        return SERVER_FIELDS

    @api.model_create_multi
    def create(self, vals_list):
        """Enter addressees by hand; who may not be reached is left out, with a reason.

        They are judged before a contact that comes with them is noted. An answer is
        kept: whoever may not be contacted may have written.
        Whoever is in the campaign already is refused: *Assign to campaign* skips them.
        """
        self._ask_for_named(vals_list, "campaign_id", "partner_id", "contact_id")
        prepared = self._prepare_addressees(vals_list)
        contacts = [self._take_contact(vals) for vals in prepared]
        addressees = super().create(prepared)
        addressees.campaign_id._check_takes_addressees()
        addressees.filtered(lambda a: a.state == "open")._judge()
        by_values = defaultdict(list)
        for addressee, values in zip(addressees, contacts, strict=True):
            kept = (
                values if addressee.state == "open" else ANSWER_FIELDS & values.keys()
            )
            if items := tuple((name, values[name]) for name in kept if values[name]):
                by_values[items].append(addressee.id)
        for values, ids in by_values.items():
            self.browse(ids)._write_state(dict(values))  # judged just now
        return addressees

    @api.model
    def _take_contact(self, vals):
        """Take contact and answer out of the values and return them."""
        if vals.get("state") in ("contacted", "responded"):
            contact = {
                name: vals.pop(name) for name in sorted(CONTACT_FIELDS & vals.keys())
            }
        else:
            contact = {}
        # Whatever the context proposes.
        vals.setdefault("state", "open")
        return contact

    def _prepare_addressees(self, vals_list):
        """Return the values with what follows from those that were given."""
        hidden = frozenset() if self.env.su else SERVER_FIELDS
        vals_list = [
            {k: v for k, v in vals.items() if k not in hidden} for vals in vals_list
        ]
        by_campaign = defaultdict(list)
        for vals in vals_list:
            by_campaign[vals.get("campaign_id")].append(vals)
        for campaign_id, of_campaign in by_campaign.items():
            if campaign_id:
                campaign = self.env["relationship.campaign"].browse(campaign_id)
                self._complete_by_campaign(campaign, of_campaign)
        return [self._complete_state(vals) for vals in vals_list]

    def _complete_by_campaign(self, campaign, vals_list):
        company = campaign._get_adding_company()
        pairs = self._complete_pairs(campaign, vals_list)
        for vals, pair in zip(vals_list, pairs, strict=True):
            vals.update(pair)
            vals.setdefault("company_id", company.id)
        self._complete_responsible(
            campaign, [vals for vals in vals_list if not vals.get("user_id")]
        )

    def write(self, vals):
        """Keep status, reason and dates in step; judge anew who becomes another."""
        self._refuse_locked(vals)
        if who := {name: vals[name] for name in WHO_FIELDS & vals.keys()}:
            self._refuse_another()
            super().write(who)
            self.filtered(
                lambda a: a.state == "open" or a.exclusion not in DECISIONS
            )._judge()
            vals = {name: value for name, value in vals.items() if name not in who}
        if vals.get("state"):
            self._refuse_state(vals["state"])
        if not STATE_FIELDS & vals.keys():
            return super().write(vals)
        return self._write_state(vals)

    def _write_state(self, vals):
        """Write status, reason, answer and what follows from them.

        Whoever says *contacted* by this has judged the addressees before.
        """
        closed = self.filtered(lambda a: a.state != "open")
        by_values = defaultdict(list)
        for addressee in self:
            values = addressee._complete_state(vals)
            by_values[tuple(values.items())].append(addressee.id)
        for values, ids in by_values.items():
            addressees = self.browse(ids)
            # Not write(): it would ask again what was asked before.
            # pylint: disable-next=super-method-mismatch
            super(RelationshipCampaignAddressee, addressees).write(dict(values))
        # What was against an addressee may still be so, or be so by now.
        closed.filtered(lambda a: a.state == "open")._judge()
        return True

    def _refuse_locked(self, vals):
        locked = (SERVER_FIELDS | {"campaign_id", "company_id"}) & vals.keys()
        if locked and not self.env.su:
            raise UserError(
                self.env._(
                    "%(fields)s of a member cannot be changed: exclude the member,"
                    " and assign the partner again where it belongs.",
                    fields=", ".join(
                        self._fields[name]._description_string(self.env)
                        for name in sorted(locked)
                    ),
                )
            )

    def _refuse_another(self):
        """Refuse to address somebody else once somebody was contacted or chosen."""
        for addressee in self:
            if addressee.is_control or addressee.state not in ("open", "excluded"):
                raise UserError(
                    self.env._(
                        "%(addressee)s belongs to what the campaign has done and cannot"
                        " become somebody else: add the other one as a new member.",
                        addressee=name_of(addressee),
                    )
                )

    def _refuse_state(self, state):
        """Refuse to contact who is left out, and to let the control group in.

        An answer may come after the end of a campaign, all else may not.
        """
        if state in ("open", "contacted"):
            self.campaign_id._check_takes_addressees()
        if state == "contacted":
            self._refuse_left_out()
            self.filtered(lambda a: not a.contacted_on)._refuse_unreachable()
        if state in ("open", "responded"):
            for addressee in self.filtered("is_control"):
                raise UserError(addressee._get_control_sentence())

    def _take_answer_back(self):
        """Return what else is no longer so when the answer is cleared."""
        values = {"responded_on": False}
        if self.state == "responded":
            values["state"] = "contacted" if self.contacted_on else "open"
        return values

    def _complete_state(self, vals):
        """Return the values with what follows from status, reason or answer."""
        vals = dict(vals)
        today = fields.Date.context_today(self)
        if vals.get("response_id") and "state" not in vals and not self.is_control:
            vals["state"] = "responded"
        if not vals.get("response_id", True) and "state" not in vals:
            vals.update(self._take_answer_back())
        if vals.get("exclusion"):
            vals["state"] = "excluded"
        state = vals.get("state")
        if state == "excluded":
            vals.setdefault("exclusion", "hand")
        elif state:
            vals["exclusion"] = False
        if state == "responded" and self.state == "excluded":
            vals["contacted_on"] = False  # They answered, but nobody contacted them.
        elif state in ("contacted", "responded") and not self.contacted_on:
            vals.setdefault("contacted_on", today)
        if (state == "responded" or vals.get("response_id")) and not self.responded_on:
            vals.setdefault("responded_on", today)
        if state == "open":
            vals.update(contacted_on=False, responded_on=False, response_id=False)
        return vals

    @api.ondelete(at_uninstall=False)
    def _unlink_except_known(self):
        """Let only slips be deleted: the rest tells what the campaign did."""
        # sudo: an opportunity that the user may not see came of it just the same.
        if kept := self.filtered(
            lambda a: (
                a.origin != "hand"
                or a.state in ("contacted", "responded")
                or a.is_control
                or a.sudo().with_context(active_test=False).lead_ids
            )
        ):
            raise UserError(
                self.env._(
                    "%(addressee)s belongs to what the campaign has done: choose"
                    " Exclude instead of deleting.",
                    addressee=name_of(kept[0]),
                )
            )


class RelationshipCampaign(models.Model):
    _inherit = "relationship.campaign"

    def _check_takes_addressees(self):
        """Refuse addressees, contacts and opportunities when a campaign is over."""
        for campaign in self:
            if campaign.state in ("completed", "cancelled"):
                raise UserError(
                    self.env._(
                        "%(campaign)s is over: reopen it to add or contact members,"
                        " or to generate opportunities.",
                        campaign=name_of(campaign, "title"),
                    )
                )

    def _get_adding_company(self):
        """Return the company under which the user adds addressees."""
        self.ensure_one()
        core = self.utm_campaign_id
        for company in (self.env.company, *self.env.companies):
            if core._is_open_to(company):
                return company
        raise UserError(
            self.env._(
                "%(campaign)s belongs to %(company)s: switch to a company that takes"
                " part in it.",
                campaign=name_of(self, "title"),
                company=name_of(self.company_id),
            )
        )
