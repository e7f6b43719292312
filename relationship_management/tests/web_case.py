"""What the web client asks for when it shows a view."""

from lxml import etree


def get_specification(model, view_type):
    """Return what the web client reads for the main view of a model."""
    views = model.get_views([(None, view_type)])
    arch = etree.fromstring(views["views"][view_type]["arch"])
    return _get_fields(model, arch)


def _get_fields(model, arch):
    level = len(arch.xpath("ancestor::field"))
    fields = {}
    for node in arch.xpath(f".//field[count(ancestor::field) = {level}]"):
        name = node.get("name")
        field = model._fields[name]
        spec = fields.setdefault(name, {})
        if field.type == "many2one":
            spec["fields"] = {"display_name": {}}
        elif field.type in ("one2many", "many2many"):
            spec["fields"] = {"display_name": {}}
            for subview in node.xpath("./list | ./kanban | ./form"):
                lines = model.env[field.comodel_name]
                spec["fields"].update(_get_fields(lines, subview))
    return fields
