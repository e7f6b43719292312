from odoo import models


class CrmLead(models.Model):
    _inherit = "crm.lead"

    def _creation_message(self):
        self.ensure_one()
        if self.type != "opportunity":
            return super()._creation_message()
        if not self.team_id:
            return self.env._(
                "A new opportunity has been created and is not assigned to any team."
            )
        return self.env._(
            "A new opportunity has been created for the team “%(team)s”.",
            team=self.team_id.display_name,
        )


class MailMessageSubtype(models.Model):
    """What the chatter says of an opportunity, in the word of the rest of its screen.

    Labels of core are terms of this addon, see ``views/crm_word_views.xml``; these are
    data of core, which every update of it writes again.
    """

    _inherit = "mail.message.subtype"

    def _to_store(self, store, fields):
        store.add_records_fields(self, fields)
        words = self._get_opportunity_words()
        for subtype in self:
            if subtype.id in words:
                told = {"id": subtype.id, "description": words[subtype.id]}
                store.add_model_values(self._name, told)

    def _get_opportunity_words(self):
        """Return ``{id: words}``."""
        words = {
            "mt_lead_won": self.env._("Opportunity won"),
            "mt_lead_lost": self.env._("Opportunity lost"),
            "mt_lead_restored": self.env._("Opportunity restored"),
        }
        if not self.env.user.has_group("crm.group_use_lead"):
            words["mt_lead_create"] = self.env._("Opportunity created")
        found = self.env["ir.model.data"]
        return {
            found._xmlid_to_res_id(f"crm.{name}", raise_if_not_found=False): word
            for name, word in words.items()
        }
