"""Write down both worlds as somebody gets them, and compare."""

import difflib
import re
from collections import namedtuple

from odoo.tests import freeze_time

from .change import Changer
from .channels import Recorder
from .screens import record_screens
from .world import WorldCase

Difference = namedtuple("Difference", "channel words")


class TwoWorldsCase(WorldCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.changer = Changer(cls.env)
        # Nobody gets another answer because time goes by.
        cls.enterClassContext(freeze_time(cls.env.cr.now()))

    def look(self, name, only=None):
        """Return all that somebody gets, by channel.

        :param only: names of models; empty: all there are
        """
        user = getattr(self, name)
        self.env.invalidate_all()
        self.env.registry.clear_all_caches()
        context = {
            "lang": user.lang,
            "tz": user.tz,
            "allowed_company_ids": user.company_id.ids,
        }
        env = self.env(user=user, context=context)
        self.recorder = Recorder(env, self.get_hidden(name), only)
        self.recorder.record()
        record_screens(self.recorder, self)
        return self.recorder.told

    def find_differences(self, name, only=None):
        """Yield what differs for somebody between the worlds."""
        before = self.look(name, only)
        self.changed = self.changer.change(
            [self.pools[pool] for pool in self.hidden_from[name]]
        )
        after = self.look(name, only)
        for channel in sorted(before.keys() | after.keys()):
            one, other = before.get(channel, ""), after.get(channel, "")
            if one != other:
                yield Difference(channel, show(one, other))

    def get_hidden(self, name):
        """Return the ids of what is hidden from somebody, if it outlives the change."""
        hidden = {}
        for pool in self.hidden_from[name]:
            for model, records in self.pools[pool].records.items():
                hidden.setdefault(model, []).extend(records.ids)
        # Core says of what is gone that it is gone.
        gone = ("relationship.campaign.cost", "relationship.reference", "res.partner")
        return {model: ids for model, ids in hidden.items() if model not in gone}

    def get_partners(self, env):
        """Return partners whom all see, those first about whom most is hidden."""
        partners = self.stalmet | self.quiet | self.silent | self.paktech
        return (partners | self.kranbau | self.person).with_env(env)

    def get_looked_at(self, model):
        """Return a few records, those of this test first, that somebody sees."""
        if model._name == "res.partner":
            return self.get_partners(model.env)
        # Core counts a page of tasks before it leaves out the hidden ones.
        found = model.browse(sorted(model.search([]).ids)[-2:])
        if model._name == "relationship.campaign":
            found |= self.shared.with_env(model.env)
        return found


def show(one, other):
    """Return the places in which two texts differ."""
    parts = (re.split(r"(?<=[,{}\[\]]) ?", text) for text in (one, other))
    lines = difflib.unified_diff(*parts, lineterm="", n=2)
    return "\n".join(line[:300] for line in list(lines)[2:30])
