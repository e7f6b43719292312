import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { clamp } from "@web/core/utils/numbers";

import {
    Component,
    onMounted,
    onWillUnmount,
    onWillUpdateProps,
    useRef,
} from "@odoo/owl";

import { getAttitude, getInfluence } from "../opinion/opinion";
import {
    FONT,
    MARKS,
    SYMBOLS,
    getDots,
    getLine,
    getPalette,
    measureText,
} from "./map_look";
import { layoutMap } from "./map_layout";

const ZOOM = { min: 0.15, readable: 0.8, max: 4, fit: 1.15 };
const DOUBLE_CLICK = 280;
const DRAG = 6;

/** The drawing: move it, make it larger, put somebody in the middle, open somebody. */
export class MapCanvas extends Component {
    static template = "relationship_management.MapCanvas";
    static props = {
        graph: Object,
        path: { type: Object, optional: true },
        isPicking: Boolean,
        label: String,
        onCentre: Function,
        onOpen: Function,
        onExport: Function,
    };

    setup() {
        this.svgRef = useRef("svg");
        this.sceneRef = useRef("scene");
        this.font = FONT;
        this.marks = MARKS;
        this.symbols = SYMBOLS;
        this.palette = getPalette();
        this.pointers = new Map();
        this.view = { x: 0, y: 0, scale: 1 };
        this.isUntouched = true;
        this.computeLayout(this.props);
        onWillUpdateProps((next) => {
            if (next.graph !== this.props.graph) {
                this.computeLayout(next);
                this.isUntouched = true;
            }
        });
        onMounted(() => {
            this.observer = new ResizeObserver(() => this.begin());
            this.observer.observe(this.svgRef.el);
        });
        onWillUnmount(() => {
            this.observer.disconnect();
            clearTimeout(this.clickTimer);
        });
    }

    computeLayout({ graph }) {
        this.layout = layoutMap(graph, {
            measure: measureText,
            aspect: this.getAspect(),
        });
        // The scene has other bounds now; the observer does not notice.
        requestAnimationFrame(() => this.begin());
    }

    /** Width to height of the space; before it is there, about what it will be. */
    getAspect() {
        const { width, height } = this.svgRef.el?.getBoundingClientRect() || {
            width: browser.innerWidth,
            height: browser.innerHeight * 0.58,
        };
        return clamp(width / height, 0.6, 3) || 1;
    }

    // What is drawn

    get edges() {
        return this.layout.edges.map((edge) => {
            const line = getLine(edge);
            return {
                ...edge,
                ...line,
                color: this.palette[line.color],
                isOnPath: this.props.path?.keys.has(edge.key),
            };
        });
    }

    get nodes() {
        return this.layout.nodes.map((node) => ({
            ...node,
            shape: node.is_company ? "company" : "person",
            border: this.palette[node.attitude || "neutral"],
            label: this.describe(node),
            dots: getDots(node, this.palette),
            isOnPath: this.props.path?.ids.has(node.id),
            scale: node.radius / 20,
        }));
    }

    describe(node) {
        const facts = [
            node.is_company ? _t("Company") : _t("Person"),
            node.function,
            ...node.roles,
            node.active ? "" : _t("archived"),
            node.influence && _t("Influence: %s", getInfluence(node)),
            getAttitude(node),
        ];
        return `${node.name}: ${facts.filter(Boolean).join(", ")}`;
    }

    // The view

    applyView() {
        const { x, y, scale } = this.view;
        this.sceneRef.el?.setAttribute(
            "transform",
            `translate(${x},${y}) scale(${scale})`,
        );
    }

    /** Show everything, until the user moves it; on a phone what can be read of it. */
    begin() {
        if (!this.svgRef.el || !this.isUntouched) {
            return;
        }
        this.fit();
        if (this.env.isSmall && this.view.scale < ZOOM.readable) {
            const { width, height } = this.svgRef.el.getBoundingClientRect();
            this.view = { scale: ZOOM.readable, x: width / 2, y: height / 2 };
            this.applyView();
        }
        this.isUntouched = true;
    }

    /** Show everything. */
    fit() {
        const svg = this.svgRef.el;
        const { left, right, top, bottom } = this.layout.bounds;
        const { width, height } = svg.getBoundingClientRect();
        const scale = clamp(
            Math.min((width - 24) / (right - left), (height - 24) / (bottom - top)),
            ZOOM.min,
            ZOOM.fit,
        );
        this.view = {
            scale,
            x: width / 2 - ((left + right) / 2) * scale,
            y: height / 2 - ((top + bottom) / 2) * scale,
        };
        this.isUntouched = false;
        this.applyView();
    }

    zoom(factor, at) {
        const { width, height } = this.svgRef.el.getBoundingClientRect();
        const { x, y } = at || { x: width / 2, y: height / 2 };
        const scale = clamp(this.view.scale * factor, ZOOM.min, ZOOM.max);
        const real = scale / this.view.scale;
        this.view = {
            scale,
            x: x - (x - this.view.x) * real,
            y: y - (y - this.view.y) * real,
        };
        this.isUntouched = false;
        this.applyView();
    }

    move(dx, dy) {
        this.view.x += dx;
        this.view.y += dy;
        this.isUntouched = false;
        this.applyView();
    }

    /** Without Ctrl the wheel scrolls the page, down to the list. */
    onWheel(ev) {
        if (ev.ctrlKey || ev.metaKey) {
            ev.preventDefault();
            this.zoom(Math.exp(-ev.deltaY / 400), this.toLocal(ev));
        }
    }

    toLocal({ clientX, clientY }) {
        const { left, top } = this.svgRef.el.getBoundingClientRect();
        return { x: clientX - left, y: clientY - top };
    }

    onPointerDown(ev) {
        if (ev.pointerType === "mouse" && ev.button !== 0) {
            return;
        }
        this.pointers.set(ev.pointerId, this.toLocal(ev));
        if (this.pointers.size === 1) {
            this.start = this.toLocal(ev);
            this.isDragging = false;
        }
    }

    onPointerMove(ev) {
        const before = this.pointers.get(ev.pointerId);
        if (!before) {
            return;
        }
        const now = this.toLocal(ev);
        if (!this.isDragging) {
            if (Math.hypot(now.x - this.start.x, now.y - this.start.y) < DRAG) {
                return;
            }
            this.isDragging = true;
            this.svgRef.el.setPointerCapture(ev.pointerId);
        }
        this.pointers.set(ev.pointerId, now);
        const others = [...this.pointers].filter(([id]) => id !== ev.pointerId);
        if (!others.length) {
            this.move(now.x - before.x, now.y - before.y);
            return;
        }
        const fixed = others[0][1];
        const distance = (p) => Math.max(Math.hypot(p.x - fixed.x, p.y - fixed.y), 1);
        const middle = { x: (now.x + fixed.x) / 2, y: (now.y + fixed.y) / 2 };
        this.zoom(distance(now) / distance(before), middle);
    }

    onPointerUp(ev) {
        this.pointers.delete(ev.pointerId);
    }

    // Nodes

    /** A click waits until it is clear that it is not the first one of two. */
    onNodeClick(node) {
        if (this.isDragging) {
            this.isDragging = false;
            return;
        }
        const isSecond = this.clickTimer && this.clicked === node.id;
        clearTimeout(this.clickTimer);
        this.clickTimer = null;
        if (isSecond) {
            this.props.onOpen(node.id);
            return;
        }
        this.clicked = node.id;
        this.clickTimer = setTimeout(() => {
            this.clickTimer = null;
            this.props.onCentre(node.id);
        }, DOUBLE_CLICK);
    }

    onNodeKeydown(ev, node) {
        if (ev.key === "Enter" || ev.key === " ") {
            ev.preventDefault();
            if (node.isCentre && !this.props.isPicking) {
                this.props.onOpen(node.id);
            } else {
                this.props.onCentre(node.id);
            }
        }
    }

    /** Bring a node that has the focus into view. */
    onNodeFocus(node) {
        const { width, height } = this.svgRef.el.getBoundingClientRect();
        const x = this.view.x + node.x * this.view.scale;
        const y = this.view.y + node.y * this.view.scale;
        if (x < 0 || x > width || y < 0 || y > height) {
            this.move(width / 2 - x, height / 2 - y);
        }
    }

    exportImage() {
        return this.props.onExport(this.sceneRef.el, this.layout.bounds, this.palette);
    }
}
