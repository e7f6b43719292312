"""How addressees are contacted and left out, and who may not be contacted."""

from odoo import api, models
from odoo.exceptions import UserError

from ..shared.button import RELOAD, notify, open_form
from .freeze_sql import FreezeQuery

MODULE = "relationship_management"
OBJECTIONS = ("blacklisted", "no_consent")
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

    def _get_unreachable(self):
        """Return to whom nobody may turn by now.

        Nobody contacts them for the first time; nobody turns to those again who were
        contacted, did not answer, and have objected since. An answer is a wish of its
        own.
        """
        silent = self.filtered(lambda a: a.state in ("open", "contacted"))
        reasons = silent._find_reasons()
        return silent.filtered(
            lambda a: (
                reasons.get(a.id) and (a.state == "open" or reasons[a.id] in OBJECTIONS)
            )
        )

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
        left out instead, and the user is told. Of several, those who are left out
        already, or were contacted, are passed over.
        """
        self.campaign_id._check_takes_addressees()
        left_out = self.filtered(lambda a: a.state == "excluded")
        if left_out == self:
            self._refuse_left_out()
        waiting = self.filtered(lambda a: a.state == "open")
        waiting._judge()
        refused = waiting.filtered(lambda a: a.state == "excluded")
        (waiting - refused)._write_state({"state": "contacted"})
        sentences = (self - waiting)._get_passed_over()
        if refused:
            sentences.append(
                self.env._(
                    "Excluded now, since they must not be contacted: %(count)s –"
                    " %(names)s.",
                    count=len(refused),
                    names=refused._get_names(),
                )
            )
        return self._get_message(sentences)

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

    def action_enter_answers(self):
        """Open the dialog for a response that several have given."""
        return open_form(
            "relationship.campaign.answer",
            name=self.env._("Enter response"),
            target="new",
            context={"default_addressee_ids": self.ids},
        )

    def action_leave_out(self):
        """Leave these addressees out, by hand; they stay in the list.

        Of several, the control group and those who were contacted are passed over.
        """
        kept = self.filtered(
            lambda a: a.is_control or a.state in ("contacted", "responded")
        )
        if kept and kept == self:
            if kept[0].is_control:
                raise UserError(kept[0]._get_control_sentence())
            raise UserError(
                self.env._(
                    "%(addressee)s has been contacted already and cannot be excluded"
                    " any more.",
                    addressee=kept[0].display_name,
                )
            )
        (self - kept).write({"exclusion": "hand"})
        return self._get_message(kept._get_passed_over())

    def action_take_in(self):
        """Take in again whoever was left out, unless something is against it.

        Of several, the control group and who is in already are passed over. Whoever the
        rule had lost stays from now on, whatever the rule finds.
        """
        self.campaign_id._check_takes_addressees()
        control = self.filtered("is_control")
        if control and control == self:
            raise UserError(control[0]._get_control_sentence())
        left_out = self.filtered(lambda a: a.state == "excluded") - control
        lost = left_out.filtered(lambda a: a.exclusion == "rule")
        left_out._judge()
        # sudo: the origin is not for users to write.
        lost.filtered(lambda a: a.state == "open").sudo().origin = "hand"
        sentences = (self - left_out)._get_passed_over()
        if refused := left_out.filtered(lambda a: a.state == "excluded"):
            sentences.append(
                self.env._(
                    "Still excluded: %(count)s – %(names)s.",
                    count=len(refused),
                    names=refused._get_names(),
                )
            )
        return self._get_message(sentences)

    def _get_passed_over(self):
        """Return a sentence on those with whom nothing was done, if there are any."""
        if not self:
            return []
        return [
            self.env._(
                "Passed over: %(count)s – %(names)s.",
                count=len(self),
                names=self._get_names(),
            )
        ]

    def _get_names(self):
        """Return the first names, each with the reason or the status."""
        labels = {
            name: dict(self._fields[name]._description_selection(self.env))
            for name in ("exclusion", "state")
        }
        names = [
            f"{a.display_name} ({reason})"
            for a in self[:SHOWN]
            for reason in (
                labels["exclusion"].get(a.exclusion) or labels["state"][a.state],
            )
        ]
        return "; ".join(names) + (" …" if len(self) > SHOWN else "")

    @api.model
    def _get_message(self, sentences):
        """Return the action that tells something and reloads, if there is something."""
        return notify(" ".join(sentences), "warning", RELOAD) if sentences else None

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
            "%(addressee)s is excluded (%(reason)s) and must not be contacted.",
            addressee=self.display_name,
            reason=reasons[reason],
        )
