from ..some import some
from .channels import ADDONS, get_models
from .two_worlds import TwoWorldsCase

# What follows from what is hidden, or is there for everybody.
DERIVED = {
    "relationship.activity.todo",
    "relationship.campaign.freeze.item",
    "relationship.former.name",
    "relationship.interest",
    "relationship.item",
    "relationship.merged.partner",
    "relationship.opportunity.history",
}
# Whose rows are counted by those alone who may analyse their type.
ANALYSED = (
    *("crm.lead", "relationship.campaign", "relationship.activity"),
    *("relationship.campaign.cost", "relationship.campaign.addressee"),
    *("relationship.opportunity.history", "relationship.item"),
    *("relationship.role", "relationship.relation", "relationship.reference"),
    *("crm.activity.report",),
)


class TestWorlds(TwoWorldsCase):
    """What somebody may not see changes nothing of what they get."""

    def assertSame(self, name):
        """Check it for the models whose turn it is: each is looked at by somebody."""
        models = some(get_models(self.env), 3, list(self.hidden_from).index(name))
        differences = list(self.find_differences(name, models))
        told = [f"{each.channel}\n{each.words}" for each in differences]
        self.assertFalse(told, "\n\n".join(told))
        self.assertFalse(self.recorder.broken, "\n".join(self.recorder.broken))
        # Something was changed of each model that is hidden from them, or nearly.
        self.assertGreater(sum(self.changed.values()), 200)

    def test_own_documents(self):
        self.assertSame("anna")

    def test_all_leads(self):
        self.assertSame("piotr")

    def test_manager(self):
        self.assertSame("ewa")

    def test_without_sales(self):
        self.assertSame("jan")

    def test_other_company(self):
        self.assertSame("katrin")

    def test_analyse(self):
        """What one may see and not analyse changes none of the sums that one gets."""
        self.hidden_from = {"anna": ("unanalysed",)}
        told = [
            f"{each.channel}\n{each.words}"
            for each in self.find_differences("anna", ANALYSED)
            if each.channel.startswith("group ")
        ]
        self.assertFalse(told, "\n\n".join(told))

    def test_every_model_has_something_hidden(self):
        """A new model is looked at by itself, and has to be hidden here, too."""
        hidden = {name for pool in self.pools.values() for name in pool.records}
        for name in get_models(self.env):
            model = self.env[name]
            if name.startswith(ADDONS) and model._auto and not model._transient:
                with self.subTest(name):
                    self.assertIn(name, hidden | DERIVED)
