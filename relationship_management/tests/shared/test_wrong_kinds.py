import traceback
from pathlib import Path

import psycopg2

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import RelationshipCase

ADDONS = ("relationship_management", "olap_export")
FOLDERS = tuple(f"{Path(__file__).parents[3]}/{addon}" for addon in ADDONS)
VALUES = (5, 1.5, {"a": 1}, [[1]])
METHODS = ("create", "write")
TYPES = ("many2one", "char", "text", "html", "selection")
SKIPPED = {"id", "create_uid", "write_uid", "create_date", "write_date"}


def is_ours(frame):
    return frame.filename.startswith(FOLDERS) and "/tests/" not in frame.filename


def is_of_ours(field):
    return any(module.startswith(ADDONS) for module in field._modules[:1])


def has_own_fault(error):
    """Tell whether code of ours raised this, before core could say what it takes."""
    frames = traceback.extract_tb(error.__traceback__)
    last = max((i for i, frame in enumerate(frames) if is_ours(frame)), default=None)
    if last is None:
        return False
    following = frames[last + 1 :]
    # What passes on to the same method below leaves the answer to core.
    return not following or following[0].name != frames[last].name


@tagged("post_install", "-at_install")
class TestWrongKinds(RelationshipCase):
    """Values of a wrong kind meet a sentence, or what core says of them, never us."""

    def test_no_override_stumbles_over_values(self):
        for name in sorted(self.env.registry):
            model = self.env[name]
            overrides = [
                method
                for method in METHODS
                if any(
                    method in vars(base)
                    and base.__module__.startswith(
                        tuple(f"odoo.addons.{addon}" for addon in ADDONS)
                    )
                    for base in type(model).mro()
                )
            ]
            if overrides and not model._abstract:
                with self.subTest(model=name):
                    self.assertFalse(self.find_faults(model.with_user(self.ewa)))

    def find_faults(self, model):
        faults = {}
        record = model.sudo().search([], limit=1).with_user(self.ewa)
        for name, field in model._fields.items():
            if name in SKIPPED or field.type not in TYPES or not field.store:
                continue
            # What core's own texts take, core says.
            if field.type != "many2one" and not is_of_ours(field):
                continue
            for value in VALUES:
                for call in (model.create, record.write):
                    if call == record.write and not record:
                        continue
                    if error := self.call(call, {name: value}):
                        frame = traceback.extract_tb(error.__traceback__)[-1]
                        where = f"{Path(frame.filename).name}:{frame.lineno}"
                        faults.setdefault(f"{where} {error!r:.80}", []).append(
                            (call.__name__, name, value)
                        )
        return {fault: calls[:2] for fault, calls in faults.items()}

    def call(self, method, vals):
        """Return the fault of ours that a call meets, if any."""
        try:
            with mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                method(vals)
                self.env.flush_all()
        except (UserError, psycopg2.Error):
            return None
        except Exception as error:  # noqa: BLE001 core raises all kinds
            return error if has_own_fault(error) else None
        finally:
            self.env.invalidate_all(flush=False)
        return None
