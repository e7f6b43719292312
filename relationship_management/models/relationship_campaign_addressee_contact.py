"""How addressees are contacted and left out, and who may not be contacted."""

from odoo import api, models
from odoo.exceptions import UserError

from .campaign_freeze_sql import FreezeQuery

MODULE = "relationship_management"
# So many names stand in a message.
SHOWN = 10


class RelationshipCampaignAddressee(models.Model):
    _inherit = "relationship.campaign.addressee"

    # Reasons

    def _judge(self):
        """Leave out who may not be reached, take in who may; see ``FreezeQuery``.

        Callers choose whom: whatever was said of these addressees is forgotten.
        """
        self.check_access("write")
        for query, pairs in self._get_queries():
            self.env.cr.execute(query.get_verdict(pairs))
        self.invalidate_recordset(
            ["state", "exclusion", "address_key", "write_uid", "write_date"]
        )

    def _find_reasons(self):
        """Return why some of these may not be reached now, as ``{id: reason}``."""
        self.check_access("read")
        return {
            row["known_id"]: row["reason"]
            for query, pairs in self._get_queries()
            for row in self.env.execute_query_dict(query.get_judged(pairs))
            if row["reason"]
        }

    def _get_queries(self):
        """Return a query and the pairs for each campaign and each of its companies."""
        for (campaign, company), addressees in self.grouped(
            lambda a: (a.campaign_id, a.company_id)
        ).items():
            query = FreezeQuery(campaign, company=company)
            yield query, query.get_kept_pairs(addressees)

    # Buttons

    def action_mark_contacted(self):
        """Say that these addressees were contacted today.

        Whoever has withdrawn or was blacklisted since, or has no address any more, is
        left out instead, and the user is told.
        """
        self.campaign_id._check_takes_addressees()
        self._refuse_left_out()
        waiting = self.filtered(lambda a: a.state == "open")
        waiting._judge()
        refused = waiting.filtered(lambda a: a.state == "excluded")
        (waiting - refused).write({"state": "contacted"})
        if not refused:
            return None
        return refused._get_message(
            self.env._(
                "Left out now, since they must not be contacted: %(count)s – %(names)s",
                count=len(refused),
                names=refused._get_names(),
            )
        )

    def action_mark_open(self):
        """Take back a slip: not contacted, no answer."""
        self.filtered(lambda a: a.state in ("contacted", "responded")).write(
            {"state": "open"}
        )

    def action_enter_answer(self):
        """Open the small form for the answer."""
        self.ensure_one()
        form = f"{MODULE}.relationship_campaign_addressee_view_form_answer"
        return {
            "type": "ir.actions.act_window",
            "name": self.display_name,
            "res_model": self._name,
            "res_id": self.id,
            "views": [(self.env.ref(form).id, "form")],
            "target": "new",
        }

    def action_leave_out(self):
        """Leave these addressees out, by hand; they stay in the list."""
        for addressee in self:
            if addressee.is_control:
                raise UserError(addressee._get_control_sentence())
        if gone := self.filtered(lambda a: a.state in ("contacted", "responded")):
            raise UserError(
                self.env._(
                    "%(addressee)s has been contacted already and cannot be left out"
                    " any more.",
                    addressee=gone[0].display_name,
                )
            )
        self.write({"exclusion": "hand"})

    def action_take_in(self):
        """Take in again whoever was left out, unless something is against it."""
        self.campaign_id._check_takes_addressees()
        for addressee in self:
            if addressee.is_control:
                raise UserError(addressee._get_control_sentence())
        left_out = self.filtered(lambda a: a.state == "excluded")
        left_out._judge()
        refused = left_out.filtered(lambda a: a.state == "excluded")
        if not refused:
            return None
        return refused._get_message(
            self.env._("Still left out: %(names)s", names=refused._get_names())
        )

    def _get_names(self):
        """Return the first names, each with the reason."""
        reasons = dict(self._fields["exclusion"]._description_selection(self.env))
        names = [f"{a.display_name} ({reasons[a.exclusion]})" for a in self[:SHOWN]]
        return ", ".join(names) + (" …" if len(self) > SHOWN else "")

    @api.model
    def _get_message(self, sentence):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "message": sentence,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _refuse_left_out(self):
        for addressee in self.filtered(lambda a: a.state == "excluded"):
            raise UserError(addressee._get_left_out_sentence(addressee.exclusion))

    def _refuse_unreachable(self):
        """Refuse to contact who may not be reached now, whatever was so before."""
        for id_, reason in self._find_reasons().items():
            raise UserError(self.browse(id_)._get_left_out_sentence(reason))

    def _get_left_out_sentence(self, reason):
        reasons = dict(self._fields["exclusion"]._description_selection(self.env))
        return self.env._(
            "%(addressee)s is left out (%(reason)s) and must not be contacted.",
            addressee=self.display_name,
            reason=reasons[reason],
        )
