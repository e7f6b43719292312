import { deserializeDate, serializeDate } from "@web/core/l10n/dates";
import { DateTimeInput } from "@web/core/datetime/datetime_input";
import { CheckboxItem } from "@web/core/dropdown/checkbox_item";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { _t } from "@web/core/l10n/translation";
import { RecordSelector } from "@web/core/record_selectors/record_selector";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { useSetupAction } from "@web/search/action_hook";
import { Layout } from "@web/search/layout";
import { getDefaultConfig } from "@web/views/view";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

import { Component, useRef, useState, useSubEnv } from "@odoo/owl";

import { openPartner, openRelation } from "../open_record/open_record";
import { getAttitude, getAttitudeLook, getInfluence } from "../opinion/opinion";
import { MapCanvas } from "./map_canvas";
import { MapLegend } from "./map_legend";
import { exportCsv, exportPng, getFileName } from "./map_export";

const { DateTime } = luxon;
const NODES = 40;
const MORE_NODES = 150;
const GONE = ["odoo.exceptions.AccessError", "odoo.exceptions.MissingError"];

/**
 * Who stands around a partner: a drawing, and below it a list that says the same.
 *
 * The partner is the `active_id` of the action; it and the filters stand in the address of
 * the page, so that a reload and the back button lead to the same map.
 */
export class RelationshipMap extends Component {
    static template = "relationship_management.RelationshipMap";
    static components = {
        CheckboxItem,
        DateTimeInput,
        Dropdown,
        Layout,
        MapCanvas,
        MapLegend,
        RecordSelector,
    };
    static props = { ...standardActionServiceProps };
    static displayName = _t("Map");
    static path = "relationship-map";

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.rootRef = useRef("root");
        this.listRef = useRef("list");
        this.keepLast = new KeepLast();
        this.views = [
            { name: "map", icon: "fa-sitemap", text: _t("Map") },
            { name: "list", icon: "fa-list", text: _t("List") },
        ];
        useSubEnv({ config: { ...getDefaultConfig(), ...this.env.config } });
        this.state = useState({
            status: "loading",
            graph: null,
            limit: NODES,
            isPicking: false,
            path: null,
            showsFilters: false,
            view: "map",
            ...this.readAddress(),
            ...this.props.state?.map,
        });
        useSetupAction({
            rootRef: this.rootRef,
            getLocalState: () => ({ map: this.settings }),
        });
        this.load();
    }

    // Address

    get settings() {
        const { partnerId, depth, day, typeIds, hasContacts, limit, view } = this.state;
        return {
            partnerId,
            depth,
            day,
            typeIds: [...typeIds],
            hasContacts,
            limit,
            view,
        };
    }

    readAddress() {
        const { context, params = {} } = this.props.action;
        return {
            partnerId: context?.active_id || false,
            depth: [1, 2, 3].includes(params.depth) ? params.depth : 2,
            day: DateTime.fromISO(params.day || "").isValid ? params.day : false,
            typeIds: String(params.types || "")
                .split("-")
                .map(Number)
                .filter(Boolean),
            hasContacts: params.contacts !== 0,
        };
    }

    writeAddress() {
        const { partnerId, depth, day, typeIds, hasContacts } = this.state;
        this.props.updateActionState({
            active_id: partnerId,
            depth: depth === 2 ? undefined : depth,
            day: day || undefined,
            types: typeIds.length ? typeIds.join("-") : undefined,
            contacts: hasContacts ? undefined : 0,
        });
    }

    // Data

    async load() {
        const { partnerId, depth, day, typeIds, hasContacts, limit } = this.state;
        this.writeAddress();
        if (!partnerId) {
            this.state.status = "choose";
            return;
        }
        const options = { depth, limit, with_contacts: hasContacts };
        try {
            const graph = await this.keepLast.add(
                this.orm.call("res.partner", "get_relationship_map", [[partnerId]], {
                    ...options,
                    type_ids: [...typeIds],
                    day,
                }),
            );
            this.state.graph = this.prepareGraph(graph);
            this.state.status = "loaded";
            this.env.config.setDisplayName(this.title);
        } catch (error) {
            if (!GONE.includes(error.exceptionName)) {
                throw error;
            }
            this.state.status = "denied";
        }
    }

    prepareGraph(graph) {
        // Not reactive: a drawing of some hundred parts is replaced, never changed.
        const names = Object.fromEntries(graph.nodes.map(({ id, name }) => [id, name]));
        const edges = graph.edges.map((edge) => ({
            ...edge,
            sourceName: names[edge.source],
            targetName: names[edge.target],
            influenceText: getInfluence(edge),
            attitudeText: getAttitude(edge),
            attitudeLook: edge.attitude && getAttitudeLook(edge),
        }));
        return Object.assign(Object.create({ isRaw: true }), graph, { edges });
    }

    get centre() {
        return this.state.graph.nodes[0];
    }

    get isEmpty() {
        return this.state.graph.nodes.length === 1;
    }

    get isFiltered() {
        const { day, typeIds, hasContacts } = this.state;
        return Boolean(day || typeIds.length || !hasContacts);
    }

    get title() {
        return _t("Map of %(partner)s", { partner: this.centre.name });
    }

    get day() {
        return this.state.day ? deserializeDate(this.state.day) : false;
    }

    /** With the year: a picture of the map is looked at years later. */
    get dayText() {
        return (this.day || DateTime.local()).toLocaleString(DateTime.DATE_MED);
    }

    get label() {
        const { nodes, edges } = this.state.graph;
        return _t(
            "Map of %(partner)s, partners: %(partners)s, relations: %(relations)s. The list below says the same.",
            {
                partner: this.centre.name,
                partners: nodes.length - 1,
                relations: edges.length,
            },
        );
    }

    get emptyText() {
        const values = { partner: this.centre.name, day: this.dayText };
        return this.isFiltered
            ? _t("With these filters nobody is related to %(partner)s.", values)
            : _t("Nobody is related to %(partner)s on %(day)s.", values);
    }

    get moreText() {
        const { graph } = this.state;
        return _t(
            "Partners left out: %(more)s. The map shows %(shown)s, those with the most influence first.",
            { more: graph.more, shown: graph.nodes.length },
        );
    }

    get moreLabel() {
        return _t("Show up to %s", MORE_NODES);
    }

    get typesLabel() {
        const { graph, typeIds } = this.state;
        const chosen = (graph?.types || []).filter(({ id }) => typeIds.includes(id));
        return chosen.map(({ name }) => name).join(", ") || _t("All relations");
    }

    get types() {
        return (this.state.graph?.types || []).map((type) => ({
            ...type,
            label:
                type.name === type.inverse_name
                    ? type.name
                    : `${type.name} / ${type.inverse_name}`,
            isChosen: this.state.typeIds.includes(type.id),
        }));
    }

    /** A small screen has room for one of the two. */
    get showsMap() {
        return !this.env.isSmall || this.state.view === "map";
    }

    get showsList() {
        return !this.env.isSmall || this.state.view === "list";
    }

    goToList() {
        this.listRef.el.focus();
        this.listRef.el.scrollIntoView();
    }

    // Filters

    change(values) {
        Object.assign(this.state, { isPicking: false, path: null }, values);
        return this.load();
    }

    choosePartner(partnerId) {
        if (partnerId && partnerId !== this.state.partnerId) {
            return this.change({ partnerId, limit: NODES });
        }
    }

    toggleType(typeId) {
        const { typeIds } = this.state;
        return this.change({
            typeIds: typeIds.includes(typeId)
                ? typeIds.filter((id) => id !== typeId)
                : [...typeIds, typeId],
        });
    }

    chooseDay(day) {
        const chosen = day ? serializeDate(day) : false;
        if (chosen !== this.state.day) {
            return this.change({ day: chosen });
        }
    }

    clearFilters() {
        return this.change({ day: false, typeIds: [], hasContacts: true });
    }

    showMore() {
        return this.change({ limit: MORE_NODES });
    }

    // Partners

    onCentre(partnerId) {
        if (this.state.isPicking) {
            return this.findPath(partnerId);
        }
        return this.choosePartner(partnerId);
    }

    openPartner(partnerId) {
        return openPartner(this.action, partnerId);
    }

    getDetailsLabel({ sentence }) {
        return _t("Details: %s", sentence);
    }

    openEdge({ relation_id: relationId, target, source, key }) {
        if (relationId) {
            return this.openRelation(relationId);
        }
        const contact = Number(key.split("-")[1]);
        return this.openPartner(contact === target ? target : source);
    }

    openRelation(relationId) {
        return openRelation(this.action, relationId, this.state.partnerId, {
            onClose: () => this.load(),
        });
    }

    // How do we know them?

    togglePicking() {
        this.state.path = null;
        this.state.isPicking = !this.state.isPicking;
        if (!this.state.isPicking) {
            return this.load();
        }
    }

    async findPath(otherId) {
        if (!otherId || otherId === this.state.partnerId) {
            return;
        }
        const { partnerId, day, hasContacts } = this.state;
        const path = await this.keepLast.add(
            this.orm.call(
                "res.partner",
                "get_relationship_path",
                [[partnerId], otherId],
                {
                    day,
                    with_contacts: hasContacts,
                },
            ),
        );
        this.state.path = {
            otherId,
            message: path.message,
            edges: path.edges,
            ids: new Set(path.nodes.map(({ id }) => id)),
            keys: new Set(path.edges.map(({ key }) => key)),
        };
        this.state.graph = this.addToGraph(path);
    }

    /** The way may lead over partners who are too far away for the map. */
    addToGraph(path) {
        const { graph } = this.state;
        const nodes = new Set(graph.nodes.map(({ id }) => id));
        const edges = new Set(graph.edges.map(({ key }) => key));
        return this.prepareGraph({
            ...graph,
            nodes: [...graph.nodes, ...path.nodes.filter(({ id }) => !nodes.has(id))],
            edges: [...graph.edges, ...path.edges.filter(({ key }) => !edges.has(key))],
        });
    }

    // Export

    getFileName(extension) {
        const day = this.state.day || serializeDate(DateTime.local());
        return getFileName(this.title, day, extension);
    }

    exportPng(scene, bounds, palette) {
        const title = `${this.title}, ${this.dayText}`;
        return exportPng(scene, bounds, palette, title, this.getFileName("png"));
    }

    exportCsv() {
        exportCsv(this.state.graph.edges, this.getFileName("csv"));
    }
}

registry.category("actions").add("relationship_map", RelationshipMap);
