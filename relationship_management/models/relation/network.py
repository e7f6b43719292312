from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..shared.period_mixin import to_day
from .competitor import COMPETITION

ATTITUDES = (False, "neutral", "for", "against")  # the later one is told first


class ResPartner(models.Model):
    """Partners as a network: their relations, and who is a contact of whom.

    What the map and the search for a path have in common. Only relations and partners
    that the user may read are part of the network. The day of the context key
    ``relationship_date`` counts.
    """

    _inherit = "res.partner"

    def _look_at_network(self, day):
        """Return the partner, with the day in its context, after checking access.

        :param day: a date, its ISO text, or nothing for today
        """
        self.ensure_one()
        self.env["relationship.relation"].check_access("read")
        self.check_access("read")
        day = to_day(self.env, day)
        return self.with_context(relationship_date=day) if day else self

    @api.model
    def _get_network_domain(self, type_ids=None, kinds=None):
        """Return the domain of the relations that hold on the day of the context."""
        relations = self.env["relationship.relation"]
        domain = relations._get_valid_domain()
        if type_ids:
            # Those there are: they are few, and a call may name a million.
            types = relations.type_id.search([("active", "in", (True, False))])
            domain &= Domain("type_id", "in", self._pick(types.ids, type_ids))
        if kinds:
            known = dict(
                relations.type_id._fields["kind"]._description_selection(self.env)
            )
            domain &= Domain("kind", "in", self._pick(known, kinds))
        return domain

    @api.model
    def _pick(self, known, wanted):
        """Return those of the known values that a call names."""
        try:
            wanted = set(wanted)
        except TypeError as error:
            raise UserError(
                self.env._("Give a list of relation types: reload the page.")
            ) from error
        return [value for value in known if value in wanted]

    @api.model
    def _get_links(self, partner_ids, domain, with_contacts):
        """Return a SELECT of near, far, influence and relation_id, two rows a link.

        :param partner_ids: the near ends
        :param domain: which relations
        :param with_contacts: also links of a contact to its company, without relation
        """
        relations = self.env["relationship.relation"]
        selects = []
        for near, far in (
            ("left_partner_id", "right_partner_id"),
            ("right_partner_id", "left_partner_id"),
        ):
            query = relations._search(domain & Domain(near, "in", partner_ids))
            columns = (near, far, "influence", "id")
            selects.append(query.select(*self._to_sql(relations, query, columns)))
        if with_contacts:
            # Addresses for invoices and deliveries are nobody.
            contacts = Domain("type", "=", "contact") & Domain("parent_id", "!=", False)
            for near, far in (("parent_id", "id"), ("id", "parent_id")):
                query = self._search(contacts & Domain(near, "in", partner_ids))
                ends = self._to_sql(self, query, (near, far))
                selects.append(query.select(*ends, SQL("NULL"), SQL("NULL::integer")))
        return SQL(" UNION ALL ").join(selects)

    @api.model
    def _to_sql(self, model, query, names):
        return [model._field_to_sql(query.table, name, query) for name in names]

    @api.model
    def _get_readable_partners(self):
        """Return a SELECT of the partners that the user may read.

        Archived ones as well: a relation of an earlier day may be with one.
        """
        return self.with_context(active_test=False)._search([]).subselect()

    # What the web client gets

    def _prepare_edges(self, relations, hops):
        """Return relations and contacts between these partners as edges.

        :param relations: relations with both ends among these partners
        :param hops: {partner id: number of steps from the middle}
        :return: list of ``{key, relation_id, type_id, source, target, words, sentence,
            details, period, from, until, influence, attitude, share, about}``; source
            is the end nearer to the middle, words and sentence read from there;
            influence and attitude are those of the partner ``about``
        """
        edges = [self._prepare_relation_edge(relation, hops) for relation in relations]
        employed = {
            frozenset((relation.left_partner_id.id, relation.right_partner_id.id))
            for relation in relations
            if relation.kind == "employment"
        }
        return edges + [
            partner._prepare_contact_edge(hops)
            for partner in self
            if partner.type == "contact"
            and partner.parent_id.id in hops
            and frozenset((partner.id, partner.parent_id.id)) not in employed
        ]

    @api.model
    def _prepare_relation_edge(self, relation, hops):
        left, right = relation.left_partner_id, relation.right_partner_id
        is_inverse = hops[right.id] < hops[left.id]
        source, target = (right, left) if is_inverse else (left, right)
        # sudo: who may see a relation may know the words of its type.
        words = relation.type_id.sudo()._get_words(is_inverse)
        details, period = relation._get_details(), relation._get_period()
        return {
            "key": f"relation-{relation.id}",
            "relation_id": relation.id,
            "type_id": relation.type_id.id,
            "source": source.id,
            "target": target.id,
            "words": words,
            "sentence": ", ".join(
                [f"{source._get_label()} {words} {target._get_label()}"]
                + [detail for detail in (details, period) if detail]
            ),
            "details": details,
            "period": period,
            "from": relation.date_from,
            "until": relation.date_to,
            "influence": relation.influence,
            "attitude": relation.attitude,
            "share": relation.share,
            # Who competes is against us, not the partner at which that happens.
            "about": left.id if relation.kind == COMPETITION else target.id,
        }

    def _prepare_contact_edge(self, hops):
        self.ensure_one()
        company = self.parent_id
        is_inverse = hops[company.id] < hops[self.id]
        if self.is_company:
            words = self.env._("includes") if is_inverse else self.env._("belongs to")
        else:
            words = self.env._("employs") if is_inverse else self.env._("works for")
        source, target = (company, self) if is_inverse else (self, company)
        return {
            "key": f"contact-{self.id}",
            "relation_id": False,
            "type_id": False,
            "source": source.id,
            "target": target.id,
            "words": words,
            "sentence": f"{source._get_label()} {words} {target._get_label()}",
            "details": "",
            "period": "",
            "from": False,
            "until": False,
            "influence": False,
            "attitude": False,
            "share": 0,
            "about": target.id,
        }

    def _get_label(self):
        """Return the name, without the company that a display name begins with."""
        self.ensure_one()
        return self.name or self.display_name

    def _prepare_nodes(self, edges, hops):
        """Return these partners as nodes.

        Influence and attitude are the strongest of the relations that lead to the
        partner from nearer to the middle, of its competition at others, and of the
        partner references that the user may see in opportunities that are not lost.

        :return: list of ``{id, name, is_company, function, roles, active, hop, avatar,
            influence, attitude}``
        """
        opinions = self._get_reference_opinions()
        for edge in edges:
            opinions.setdefault(edge["about"], []).append(
                (edge["influence"], edge["attitude"])
            )
        return [
            {
                "id": partner.id,
                "name": partner._get_label(),
                "is_company": partner.is_company,
                "function": partner.function or "",
                "roles": partner.role_type_ids.mapped("name"),
                "active": partner.active,
                "hop": hops[partner.id],
                "avatar": f"/web/image/res.partner/{partner.id}/avatar_128"
                f"?unique={partner.write_date:%Y%m%d%H%M%S}",
                **self._get_strongest(opinions.get(partner.id, [])),
            }
            for partner in self
        ]

    def _get_reference_opinions(self):
        """Return {partner id: [(influence, attitude)]} of the partner references."""
        references = self.env["relationship.reference"]
        if not self.env["crm.lead"].has_access("read"):
            return {}  # who sells nothing sees people of campaigns alone
        ids = self.ids
        domain = self.env["relationship.relation"]._get_valid_domain() & Domain(
            "lead_id.active", "=", True
        )
        opinions = {}
        for end in ("partner_id", "contact_id"):
            for partner, *opinion in references._read_group(
                domain & Domain(end, "in", ids), [end, "influence", "attitude"]
            ):
                opinions.setdefault(partner.id, []).append(tuple(opinion))
        return opinions

    @api.model
    def _get_strongest(self, opinions):
        ranked = sorted(
            opinions, key=lambda o: (o[0] or "", ATTITUDES.index(o[1])), reverse=True
        )
        return {
            "influence": next((o[0] for o in ranked if o[0]), False),
            "attitude": next((o[1] for o in ranked if o[1]), False),
        }
