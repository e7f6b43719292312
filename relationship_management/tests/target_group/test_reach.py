from collections import Counter
from itertools import product

from odoo.tests import tagged

from odoo.addons.relationship_management.models.target_group.freeze_sql import (
    FreezeQuery,
)

from .reach_case import CHANNELS, ReachCase

# Who is addressed, what freezing says, what the partners say, the address: how often.
DIFFERENCES = {
    # Partners do not ask whether they, or their company, are archived.
    ("company_contact", "archived", None, "present"): 2856,
    ("company_contact", "archived", None, "unusable"): 1632,
    ("person", "archived", None, "present"): 2380,
    ("person", "archived", None, "unusable"): 1360,
    # They take what nobody can write to or call for an address ...
    ("company_contact", "no_address", None, "unusable"): 1088,
    ("person", "no_address", None, "unusable"): 1360,
    # ... freezing takes a blank for a town.
    ("company_contact", None, "No address", "unusable"): 204,
    ("person", None, "No address", "unusable"): 340,
    # Freezing asks the company as well: it can refuse for the contact person, and agree.
    ("company_contact", "no_consent", None, "present"): 476,
    ("company_contact", None, "No consent recorded", "present"): 308,
    ("company_contact", None, "No consent recorded", "unusable"): 44,
}


@tagged("post_install", "-at_install")
class TestReach(ReachCase):
    """Who may be addressed, by every state of a partner and every question."""

    def ask_freezing(self, channel, purpose, needs_consent, addressing):
        self.campaign.write(
            {
                "channel": channel,
                "purpose_id": purpose.id,
                "needs_consent": needs_consent,
            }
        )
        query = FreezeQuery(self.campaign, addressing=addressing)
        rows = self.env.execute_query_dict(
            query.get_judged(query.get_pairs(query.get_ids(self.people.ids)))
        )
        return {row["target_id"]: row["reason"] for row in rows}

    def ask_partners(self, channel, purpose, needs_consent):
        _allowed, groups = self.people.with_user(self.anna)._split_by_consent(
            channel, purpose, needs_consent
        )
        return {p.id: reason for reason, same in groups.items() for p in same}

    def test_where_two_judges_differ(self):
        self.campaign = self.new_campaign(channel="letter")
        found = Counter()
        for *question, addressing in product(
            CHANNELS,
            (self.events.browse(), self.events),
            (False, True),
            ("person", "company_contact"),
        ):
            frozen = self.ask_freezing(*question, addressing)
            said = self.ask_partners(*question)
            for id_ in self.states.keys() & frozen.keys():
                reason = frozen[id_]
                if (reason is None) != (id_ not in said):
                    address = self.states[id_][2]
                    found[addressing, reason, said.get(id_), address] += 1
        self.assertEqual(dict(found), DIFFERENCES)
