"""Compare tables of who sees what on screens with what the server sends."""

from lxml import etree

from odoo.exceptions import AccessError

from .matrix import MatrixCase


class ScreenCase(MatrixCase):
    """Looks at fields, nodes of views, menus and actions as those who may and may not.

    ``who`` names pairs of people: all of the first see a thing, none of the second. A
    node is written as ``field name``, a button that opens an action with the external
    id of that, anything else as an XPath; a second one of the kind gets ``2 ×`` before.
    """

    # {name: (attributes of users who see it, of those who do not)}
    who = {}
    # {model: {who: names of fields}}
    fields = {}
    # {external id of a whole view: {who: nodes}}
    screens = {}
    # {who: external ids}
    menus = {}
    actions = {}

    @classmethod
    def is_complete(cls):
        return bool(cls.who)

    @classmethod
    def knows(cls, kind, about):
        """Tell whether the class has a table about something of a kind."""
        if kind == "field":
            return about in cls.fields
        if kind == "view":
            return about in cls.screens
        things = {"menu": cls.menus, "action": cls.actions}.get(kind, {})
        return any(about in names for names in things.values())

    def find_differences(self, kind=None, about=None):
        """Yield a sentence for each person who sees too much or too little."""
        for compared, table in {
            "field": self._compare_fields,
            "view": self._compare_screens,
            "menu": self._compare_menus,
            "action": self._compare_actions,
        }.items():
            if kind in (None, compared):
                yield from table(about)

    find_contradictions = find_differences

    def _compare(self, who, thing, sees):
        """Yield a sentence for each person of ``who`` about whom ``sees`` is wrong."""
        for expected, people in zip((True, False), self.who[who], strict=True):
            for person in people:
                if sees(getattr(self, person)) != expected:
                    negation = "not " if expected else ""
                    yield f"{thing}: {person} does {negation}see it"

    def _compare_fields(self, about=None):
        for model, table in self.fields.items():
            if about in (None, model):
                for who, names in table.items():
                    for name in names:
                        yield from self._compare_field(who, model, name)

    def _compare_field(self, who, model, name):
        def sees(user):
            record = self.get_record(model).with_user(user)
            # Who is told of a field and refused its lines sees too much already.
            if name in record.fields_get([name]):
                return True
            record.invalidate_recordset()
            try:
                record.read([name])
            except AccessError:
                return False
            return True

        return self._compare(who, f"{model}.{name}", sees)

    def get_record(self, model):
        """Return a record that everybody who reads the model may read."""
        return self.env[model].search([], limit=1)

    def _compare_screens(self, about=None):
        for xmlid, table in self.screens.items():
            if about not in (None, xmlid):
                continue
            arches = {}
            for who, nodes in table.items():
                for node in nodes:
                    path, number = self._find(node)

                    def sees(
                        user, path=path, number=number, xmlid=xmlid, arches=arches
                    ):
                        if user not in arches:
                            arches[user] = self._get_arch(xmlid, user)
                        return len(arches[user].xpath(path)) >= number

                    yield from self._compare(who, f"{xmlid}, {node}", sees)

    def _get_arch(self, xmlid, user):
        view = self.env.ref(xmlid)
        model = self.env[view.model].with_user(user)
        if not model.has_access("read"):
            return etree.Element("nothing")
        arch = etree.fromstring(model.get_view(view.id, view.type)["arch"])
        # What is there only for a condition on something else is not shown.
        hidden = "@data-used-by or @invisible='1' or @invisible='True'"
        for node in arch.xpath(f"//*[{hidden} or @column_invisible]"):
            node.getparent().remove(node)
        return arch

    def _find(self, node):
        """Return the XPath of a node and how many of them there are."""
        count, _times, rest = node.rpartition(" × ")
        if rest.startswith("//"):
            return rest, int(count or 1)
        tag, name = rest.split(" ")
        if "." in name:
            name = self.env.ref(name).id
        return f"//{tag}[@name='{name}']", int(count or 1)

    def _compare_menus(self, about=None):
        for who, xmlids in self.menus.items():
            for xmlid in xmlids:
                if about in (None, xmlid):
                    menu = self.env.ref(xmlid)

                    def sees(user, menu=menu):
                        menus = menu.with_user(user).load_menus(debug=False)
                        return menu.id in menus

                    yield from self._compare(who, xmlid, sees)

    def _compare_actions(self, about=None):
        for who, xmlids in self.actions.items():
            for xmlid in xmlids:
                if about in (None, xmlid):
                    action = self.env.ref(xmlid).sudo()

                    def sees(user, action=action):
                        actions = self.env["ir.actions.actions"].with_user(user)
                        bound = actions.get_bindings(action.binding_model_id.model)
                        offered = bound.get(action.binding_type, ())
                        return action.id in [each["id"] for each in offered]

                    yield from self._compare(who, xmlid, sees)
