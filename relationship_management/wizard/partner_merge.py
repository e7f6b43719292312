from odoo import models

from ..models.activity.follow import FOLLOWING
from ..models.plan.found import all_tasks
from ..models.shared.context import Marker
from ..models.shared.may_be_told import leave_note


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Unite what belongs to the partners before core moves foreign keys past the ORM.

    A model that has something to unite offers ``_fold_partners(sources, destination)``
    and ``_settle_merge(destination)``, which return sentences for the chatter of the
    destination, None for what not everybody may know who reads it (see
    ``may_be_told.tell``), and says in its description (``relationship.source``) when it
    is its turn.
    """

    _inherit = "base.partner.merge.automatic.wizard"

    def _get_models_to_fold(self):
        sources = self.env["relationship.source"]._get_descriptions()
        turns = {m: s.merge for m, s in sources.items() if s.merge is not None}
        return sorted(turns, key=turns.get)

    def _update_foreign_keys(self, src_partners, dst_partner):
        everybody = (src_partners | dst_partner).with_env(self.env)
        # Rows follow the company of the one that stays, as where it is written.
        everybody._refuse_rows_of_others(dst_partner.company_id)
        with everybody._keeping_foreign_rows():
            sentences = []
            # sudo: whoever may merge partners merges all that belongs to them, also
            # what another company or a hidden type keeps from the user.
            models_to_fold = [self.env[n].sudo() for n in self._get_models_to_fold()]
            for records in models_to_fold:
                sentences += records._fold_partners(src_partners, dst_partner)
            self._move_finished_activities(src_partners, dst_partner)
            self._move_meetings(src_partners, dst_partner)
            self.env["relationship.merged.partner"]._remember(src_partners, dst_partner)
            self.env.flush_all()
            result = super()._update_foreign_keys(src_partners, dst_partner)
            self.env.invalidate_all()
            for records in models_to_fold:
                sentences += records._settle_merge(dst_partner)
            leave_note(dst_partner, sentences)
            return result

    def _move_finished_activities(self, sources, destination):
        """Move finished activities: core moves the open ones only."""
        # sudo: whoever may merge partners merges the activities of everybody.
        activities = all_tasks(self.env).sudo()
        activities.search(
            [
                ("res_model", "=", "res.partner"),
                ("res_id", "in", sources.ids),
                ("active", "=", False),
            ]
        ).write({"res_id": destination.id})

    def _move_meetings(self, sources, destination):
        """Move the meetings: core's own way of doing it names a model of the past."""
        # sudo: as above; only where the meetings hang.
        events = self.env["calendar.event"].sudo().with_context(active_test=False)
        meetings = events.search(
            [("res_model", "=", "res.partner"), ("res_id", "in", sources.ids)]
        )
        following = meetings.with_context(**{FOLLOWING: Marker()})
        following.write({"res_id": destination.id})
