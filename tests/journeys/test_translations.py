"""What Odoo would export for translation is what the templates of the addons hold."""

import polib

from odoo.tools.translate import TranslationModuleReader

from tests.common import JourneyCase
from tools.base import ADDONS, ROOT


class TestTranslations(JourneyCase):
    def test_templates_hold_the_terms_of_the_code(self):
        borrowed = self._get_borrowed()
        for addon in ADDONS:
            with self.subTest(addon=addon):
                template = polib.pofile(str(ROOT / addon / "i18n" / f"{addon}.pot"))
                held = {entry.msgid for entry in template}
                exported = self._get_exported(addon)
                self.assertEqual(
                    {
                        "not in the template": sorted(exported - held),
                        "only in the template": sorted(held - exported - borrowed),
                    },
                    {"not in the template": [], "only in the template": []},
                    "Say make i18n, then translate what is new.",
                )

    def _get_borrowed(self):
        """Return the labels that our models have from those they inherit the fields of.

        Odoo exports them for us where the addon that they come from was there first.
        """
        return {
            field.string
            for model in self.env.values()
            if (model._original_module or "").startswith(tuple(ADDONS))
            for field in model._fields.values()
            if field.inherited
        }

    def _get_exported(self, addon):
        """Return the terms of one addon.

        One at a time: what several addons share would be counted for the last alone.
        """
        rows = TranslationModuleReader(self.env.cr, [addon])
        return {source for _module, _type, _name, _place, source, *_rest in rows}
