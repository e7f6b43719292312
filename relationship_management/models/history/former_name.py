from pathlib import Path

from odoo import fields, models
from odoo.tools import get_lang

from ..shared import row_trigger

SQL_FOLDER = Path(__file__).parents[2] / "sql"
FUNCTION = "relationship_former_name_capture"
NAMED_MODELS = {
    "crm.stage": "name",
    "crm.team": "name",
    "crm.lost.reason": "name",
    "res.company": "name",
    "utm.campaign": "title",
    "relationship.opportunity.type": "name",
    "relationship.reference.type": "name",
}
TRIGGERS = tuple(
    row_trigger.Trigger(
        name=f"relationship_former_name_{event.lower()}",
        table=model.replace(".", "_"),
        function=FUNCTION,
        events=event,
        columns=(column,) if event == "UPDATE" else (),
        when=f"OLD.{column} IS DISTINCT FROM NEW.{column}" if event == "UPDATE" else "",
        arguments=(model, column),
    )
    for model, column in NAMED_MODELS.items()
    for event in ("UPDATE", "DELETE")
)


def remove_capture(cr):
    row_trigger.remove(cr, TRIGGERS)


class RelationshipFormerName(models.Model):
    """The name that a stage, team, campaign … had until it was renamed or deleted.

    Written by triggers only, so that the history can show the names that were valid
    and still name what is gone. Names of persons are not kept: deleting a person
    deletes the name.
    """

    _name = "relationship.former.name"
    _description = "Former name"
    _order = "valid_until, id"
    _log_access = False

    res_model = fields.Char(required=True)
    res_id = fields.Integer(required=True)
    name = fields.Json(required=True)
    valid_until = fields.Datetime(required=True)

    _record_idx = models.Index("(res_model, res_id, valid_until)")

    def init(self):
        self.pool.post_init(row_trigger.install, self.env.cr, SQL_FOLDER, TRIGGERS)

    def _get_names(self, model, ids):
        """Return, for each id, the former names with the end of their validity.

        :param model: name of one of the ``NAMED_MODELS``
        :param ids: iterable of record ids
        :return: ``{id: [(valid_until, name), …]}``, oldest first, in the user's
            language
        """
        lang = get_lang(self.env).code
        names = {}
        # sudo: whoever may read a history row may read the names in it.
        for former in self.sudo().search(
            [("res_model", "=", model), ("res_id", "in", list(ids))]
        ):
            name = former.name
            if isinstance(name, dict):
                name = name.get(lang) or name.get("en_US") or next(iter(name.values()))
            names.setdefault(former.res_id, []).append((former.valid_until, name))
        return names
