"""What becomes of addressees when partners are merged: see ``partner_merge``."""

from datetime import date

from odoo import api, models
from odoo.tools import SQL, format_date

from ..shared.may_be_told import leave_note, tell
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
        self._rename_found(sources, destination)
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
            head = max(same, key=lambda a: a._get_rank())
            answers = [(a.response_id, a.responded_on) for a in same]
            united = self.env._(
                "Members of the campaign “%(campaign)s” united: %(addressee)s",
                campaign=head.campaign_id.title,
                addressee=head.display_name,
            )
            head._take_over(same - head)
            told = [united, *head._get_lost_answers(answers)]
            campaign, company = head.campaign_id, head.company_id
            sentences += [
                tell(destination, each, campaign.company_id, campaign.type_id)
                for each in told
            ]
            # Where everybody sees the campaign, nothing of it is secret.
            leave_note(campaign, [tell(campaign, each, company) for each in told])
            head._mend_responsible()
        return sentences

    @api.model
    def _rename_found(self, sources, destination):
        """Let runs that are under way enter the one that stays."""
        self.env.cr.execute(
            """
            UPDATE relationship_campaign_freeze_item SET partner_id = %(kept)s
            WHERE id IN (
                SELECT min(i.id) FROM relationship_campaign_freeze_item i
                WHERE i.partner_id = ANY(%(gone)s)
                  AND NOT EXISTS (
                    SELECT FROM relationship_campaign_freeze_item known
                    WHERE known.freeze_id = i.freeze_id
                      AND known.partner_id = %(kept)s)
                GROUP BY i.freeze_id)
            """,
            {"gone": sources.ids, "kept": destination.id},
        )

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
        """Return what makes this addressee stand for others; the greatest one does.

        An answer that says something beats one that does not, then the newer word.
        """
        decided = self.is_control or self.exclusion == "hand"
        return (
            1.5 if decided else RANKS[self.state],
            bool(self.response_id),
            self.responded_on or self.contacted_on or date.min,
            -self.id,
        )

    def _get_lost_answers(self, answers):
        """Return sentences on the answers that yield to the one that stays."""
        return [
            self.env._(
                "Campaign “%(campaign)s”, response that no longer counts:"
                " %(answer)s %(day)s",
                campaign=self.campaign_id.title,
                answer=answer.display_name,
                day=(day and format_date(self.env, day)) or "",
            )
            for answer, day in answers
            if answer and answer != self.response_id
        ]

    def _get_filled(self, others):
        """Return what only the others know: the newest answer that says something."""
        if self.is_control:
            return {}
        values = {}
        ranked = others.sorted(lambda a: (a.responded_on or date.min, a.id))
        if not self.response_id and (answered := ranked.filtered("response_id")):
            answer = answered[-1]
            values["response_id"] = answer.response_id.id
            values["responded_on"] = answer.responded_on
            if self.state != "excluded":
                values["state"] = "responded"
        days = [day for day in (self | others).mapped("contacted_on") if day]
        if self.state in ("contacted", "responded") and not self.contacted_on and days:
            values["contacted_on"] = max(days)
        if self.origin != "rule" and "rule" in others.mapped("origin"):
            values["origin"] = "rule"  # which the comparison with others is about
        if not self.user_id and others.user_id:
            values["user_id"] = others.user_id[0].id
        return values

    def _take_over(self, others):  # pylint: disable=missing-return
        """Let this addressee stand for the others, whose opportunities it gets."""
        notes = " · ".join(dict.fromkeys(filter(None, (self | others).mapped("note"))))
        filled = self._get_filled(others)
        self.env.flush_all()
        # In SQL, as core's merge itself: what was so is not judged again, and what the
        # campaign has done may not be deleted otherwise.
        self.env.cr.execute(
            "UPDATE crm_lead SET addressee_id = %s WHERE addressee_id = ANY(%s)",
            [self.id, others.ids],
        )
        self.env.cr.execute(
            "DELETE FROM relationship_campaign_addressee WHERE id = ANY(%s)",
            [others.ids],
        )
        self.env.invalidate_all()
        if notes and notes != self.note:
            filled["note"] = notes
        if filled:
            # Not write() of ours: what was so is not judged again.
            # pylint: disable-next=super-method-mismatch
            super().write(filled)

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


class CrmLead(models.Model):
    _inherit = "crm.lead"

    def _merge_dependences(self, opportunities):
        """Let the member of the campaign that is taken over keep its opportunity."""
        result = super()._merge_dependences(opportunities)
        # sudo: whoever may merge opportunities merges all that belongs to them.
        leads = (self | opportunities).sudo()
        campaign = leads.campaign_id[:1]
        members = leads.addressee_id
        fitting = members.filtered(
            lambda member: member.campaign_id.utm_campaign_id == campaign
        )
        kept = self.sudo().addressee_id or fitting[:1]
        if kept and not self.sudo().addressee_id:
            self.env.flush_all()
            # Not judged again, as in a merge of partners; the campaign comes later.
            self.env.cr.execute(
                "UPDATE crm_lead SET addressee_id = %s WHERE id = %s",
                [kept.id, self.id],
            )
            self.env.invalidate_all()
        leave_note(self, [self._tell_lost_member(lost) for lost in members - kept])
        return result

    def _tell_lost_member(self, member):
        campaign = member.campaign_id
        return tell(
            self,
            self.env._(
                "Campaign “%(campaign)s”, member that has this opportunity no longer:"
                " %(member)s",
                campaign=campaign.title,
                member=member.display_name,
            ),
            campaign.company_id,
            campaign.type_id,
        )
