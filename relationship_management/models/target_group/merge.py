"""What becomes of addressees when partners are merged: see ``partner_merge``."""

from odoo import api, models
from odoo.tools import SQL

from ..shared.merge_note import tell
from ..shared.source import Contact, Source

# Of two addressees that become one, the one that has come furthest stays.
RANKS = {"responded": 3, "contacted": 2, "open": 1, "excluded": 0}


class RelationshipCampaignAddressee(models.Model):
    _inherit = "relationship.campaign.addressee"

    def _describe_source(self):
        is_in = SQL("s.state <> 'excluded'")
        name = self.env._("Campaign")
        contact = Contact(name, 40, "contacted_on", "target_id", where=is_in)
        return Source(contact=contact, merge=50)

    @api.model
    def _fold_partners(self, sources, destination):
        """Unite the addressees of one campaign that would be the same afterwards.

        Whoever answered wins, then whoever was contacted. Held back as control group
        or left out by hand: this beats *to be contacted*, so that nobody is contacted
        by the merge.
        """
        everybody = sources | destination
        addressees = self.search(
            [
                "|",
                ("partner_id", "in", everybody.ids),
                ("contact_id", "in", everybody.ids),
            ]
        )
        sentences = []
        for same in addressees.grouped(
            lambda a: a._get_key_after_merge(everybody, destination)
        ).values():
            if len(same) < 2:
                continue
            head = max(same, key=lambda a: (a._get_rank(), -a.id))
            sentences.append(
                tell(
                    destination,
                    self.env._(
                        "Members of the campaign “%(campaign)s” united: %(addressee)s",
                        campaign=head.campaign_id.title,
                        addressee=head.display_name,
                    ),
                    head.campaign_id.company_id,
                    head.campaign_id.type_id,
                )
            )
            head._take_over(same - head)
        return sentences

    def _get_key_after_merge(self, everybody, destination):
        partner, contact = (
            destination if who in everybody else who
            for who in (self.partner_id, self.contact_id)
        )
        if not contact or contact == partner:
            # Alone, be it as a company or as a contact person.
            partner, contact = self.env["res.partner"], contact or partner
        return self.campaign_id, partner, contact

    def _get_rank(self):
        decided = self.is_control or self.exclusion == "hand"
        return 1.5 if decided else RANKS[self.state]

    def _take_over(self, others):
        """Let this addressee stand for the others, whose opportunities it gets."""
        notes = " · ".join(dict.fromkeys(filter(None, (self | others).mapped("note"))))
        # sudo: whoever may merge partners; what they have led to goes with them.
        leads = others.sudo().with_context(active_test=False).lead_ids
        leads.write({"addressee_id": self.id})
        self.env.flush_all()
        # In SQL, as core's merge itself: what the campaign has done may not be deleted
        # otherwise.
        self.env.cr.execute(
            "DELETE FROM relationship_campaign_addressee WHERE id = ANY(%s)",
            [others.ids],
        )
        self.env.invalidate_all()
        if notes and notes != self.note:
            self.note = notes

    @api.model
    def _settle_merge(self, destination):
        """Let the target follow; a company that is its own contact is none."""
        self.env.cr.execute(
            """
            UPDATE relationship_campaign_addressee SET contact_id = NULL
            WHERE partner_id = %(id)s AND contact_id = %(id)s
            """,
            {"id": destination.id},
        )
        self.env.cr.execute(
            """
            UPDATE relationship_campaign_addressee
            SET target_id = coalesce(contact_id, partner_id)
            WHERE (partner_id = %(id)s OR contact_id = %(id)s)
              AND target_id IS DISTINCT FROM coalesce(contact_id, partner_id)
            """,
            {"id": destination.id},
        )
        self.invalidate_model()
        return []
