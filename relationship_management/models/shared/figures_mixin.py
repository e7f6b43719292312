from odoo import models
from odoo.exceptions import UserError

# What a screen gets of a figure, beside the records behind it.
SHOWN = ("key", "label", "value", "hint", "goal", "percent", "planned")


def show_figure(key, label, value, model, domain, **more):
    """Return a figure.

    :param value: a text
    :param domain: finds exactly the records that the figure counts
    :param more: ``hint``, ``context`` of the list; ``goal`` in words, the ``percent``
        reached of it (False: not known), ``planned`` if more than that is bad
    """
    return {
        "key": key,
        "label": label,
        "value": value,
        "hint": "",
        "context": {},
        "goal": False,
        "percent": False,
        "model": model,
        "domain": domain,
        **more,
    }


# Models whose cards stand in columns, and their view without.
HAVING_COLUMNS = {
    "crm.lead": "relationship_management.crm_lead_view_kanban_cards",
    "relationship.campaign": (
        "relationship_management.relationship_campaign_view_kanban_cards"
    ),
}


def get_record_views(env, model):
    """Return the views of an action on records that were counted or made before.

    A phone shows them as cards, and of a kanban view with columns only the first one,
    which may be empty: a model that has columns has another view without.
    """
    cards = HAVING_COLUMNS.get(model)
    # Remembered, unlike a look for the view itself.
    view_id = cards and env["ir.model.data"]._xmlid_to_res_id(cards)
    return [(False, "list"), (view_id or False, "kanban"), (False, "form")]


class RelationshipFiguresMixin(models.AbstractModel):
    """A record whose form shows figures, each of which opens the records it counts.

    They are computed for whoever looks, when the form shows them.
    """

    _name = "relationship.figures.mixin"
    _description = "Record with figures"

    def _describe_figures(self, key=None, with_parts=False, header=False):
        """Return the figures, as of ``show_figure()``, and notes on all of them.

        :param key: of the figure that is opened: nothing else is to be computed
        :param with_parts: as of :meth:`get_figures`, and so is ``header``
        """
        raise NotImplementedError

    def _check_figure_access(self):
        self.ensure_one()
        self.check_access("read")

    def _get_figure_title(self, figure):
        return figure["label"]

    def get_figures(self, with_parts=False, header=False):
        """Return the figures for the form: ``{figures: [], notes: []}``.

        :param with_parts: add those of its parts of any depth, as far as the user may
            see them
        :param header: only the most important ones
        """
        self._check_figure_access()
        figures, notes = self._describe_figures(with_parts=with_parts, header=header)
        shown = [{n: f[n] for n in SHOWN if n in f} for f in figures]
        return {"figures": shown, "notes": notes}

    def action_open_figure(self, key, with_parts=False):
        """Open exactly the records that a figure counts."""
        self._check_figure_access()
        figures, _notes = self._describe_figures(key=key, with_parts=with_parts)
        for figure in figures:
            if figure["key"] == key:
                return {
                    "type": "ir.actions.act_window",
                    "name": self._get_figure_title(figure),
                    "res_model": figure["model"],
                    "views": get_record_views(self.env, figure["model"]),
                    "mobile_view_mode": "kanban",
                    "domain": list(figure["domain"]),
                    "context": {
                        "active_test": False,
                        "create": False,
                        **figure["context"],
                    },
                }
        raise UserError(
            self.env._("There is no such figure: reload the page and try again.")
        )
