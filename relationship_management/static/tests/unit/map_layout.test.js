import { describe, expect, test } from "@odoo/hoot";

import {
    getBox,
    overlap,
} from "@relationship_management/relationship_map/map_geometry";
import { layoutMap } from "@relationship_management/relationship_map/map_layout";
import { wrap } from "@relationship_management/relationship_map/map_text";

describe.current.tags("headless");

const SIZES = [1, 2, 40, 200];
const ASPECTS = [0.8, 2.6];
const measure = (text, size) => text.length * size * 0.55;

/** A graph of two steps that is always the same for the same number of nodes. */
function makeGraph(count) {
    let state = 20260401;
    const random = (limit) => (state = (state * 48271) % 2147483647) % limit;
    const inner = Math.ceil((count - 1) / 4);
    const nodes = [{ id: 1, name: "Stalmet", hop: 0, is_company: true }];
    const edges = [];
    for (let id = 2; id <= count; id++) {
        const isInner = id < 2 + inner;
        nodes.push({
            id,
            name: `Partner ${"of a long name ".repeat(random(4))}${id}`,
            hop: isInner ? 1 : 2,
            is_company: Boolean(random(2)),
            influence: [false, "0", "1", "2", "3"][random(5)],
        });
        const source = isInner ? 1 : 2 + random(inner);
        edges.push({ key: `tree-${id}`, source, target: id, words: "advises" });
    }
    for (let index = 0; count > 2 && index < count / 2; index++) {
        const source = 1 + random(count - 1);
        const target = source + 1 + random(count - source);
        edges.push({ key: `cross-${index}`, source, target, words: "knows" });
    }
    return { centre: 1, nodes, edges };
}

/** Every size of map in every shape of canvas. */
function* getMaps() {
    for (const count of SIZES) {
        for (const aspect of ASPECTS) {
            const graph = makeGraph(count);
            yield { count, graph, map: layoutMap(graph, { measure, aspect }) };
        }
    }
}

function isWithin(box, { left, right, top, bottom }) {
    return (
        box.left >= left && box.right <= right && box.top >= top && box.bottom <= bottom
    );
}

test("every partner and every relation is drawn once", () => {
    for (const { count, graph, map } of getMaps()) {
        expect(new Set(map.nodes.map(({ id }) => id)).size).toBe(count);
        expect(map.edges.map(({ key }) => key)).toEqual(
            graph.edges.map(({ key }) => key),
        );
    }
});

test("no two boxes overlap", () => {
    for (const { map } of getMaps()) {
        const overlaps = map.nodes.filter((a, index) =>
            map.nodes.slice(index + 1).some((b) => {
                const { x, y } = overlap(getBox(a), getBox(b));
                return x > 0 && y > 0;
            }),
        );
        expect(overlaps.map(({ id }) => id)).toEqual([]);
    }
});

test("everything lies within the bounds", () => {
    for (const { map } of getMaps()) {
        const labels = map.edges.filter(({ label }) => !label.hidden);
        const boxes = [
            ...map.nodes.map(getBox),
            ...labels.map(({ label }) => label.box),
        ];
        expect(boxes.filter((box) => !isWithin(box, map.bounds))).toEqual([]);
        for (const edge of map.edges) {
            for (const { x, y } of [edge.line.from, edge.line.to]) {
                const box = { left: x, right: x, top: y, bottom: y };
                expect(isWithin(box, map.bounds)).toBe(true);
            }
        }
    }
});

test("the bounds are about as wide and high as the canvas", () => {
    for (const { count, map } of getMaps()) {
        if (count >= 40) {
            const { left, right, top, bottom } = map.bounds;
            expect((right - left) / (bottom - top)).toBeWithin(0.6, 3.4);
        }
    }
});

test("a line begins and ends at the rim of its partners", () => {
    for (const { map } of getMaps()) {
        const byId = new Map(map.nodes.map((node) => [node.id, node]));
        for (const { source, target, line } of map.edges) {
            for (const [id, { x, y }] of [
                [source, line.from],
                [target, line.to],
            ]) {
                const node = byId.get(id);
                const box = getBox(node);
                // Near the box, and not within the shape itself.
                expect(x).toBeWithin(box.left - 20, box.right + 20);
                expect(y).toBeWithin(box.top - 20, box.bottom + 20);
                expect(Math.hypot(x - node.x, y - node.y)).toBeGreaterThan(node.radius);
            }
        }
    }
});

test("the same map always looks the same", () => {
    for (const { graph, map } of getMaps()) {
        const aspect = ASPECTS[0];
        const again = layoutMap(makeGraph(graph.nodes.length), { measure, aspect });
        const first = layoutMap(graph, { measure, aspect });
        expect(again).toEqual(first);
        expect(map.nodes).toHaveLength(graph.nodes.length);
    }
});

test("the partner stands in the middle, the first step nearer than the second", () => {
    const { nodes } = layoutMap(makeGraph(40), { measure, aspect: 1 });
    const middle = nodes.find(({ isCentre }) => isCentre);
    expect([middle.id, middle.x, middle.y]).toEqual([1, 0, 0]);
    const mean = (hop) => {
        const ring = nodes.filter((node) => node.hop === hop);
        return ring.reduce((sum, { x, y }) => sum + Math.hypot(x, y), 0) / ring.length;
    };
    expect(mean(1)).toBeLessThan(mean(2));
});

test("relations to partners who are not in the map are left out", () => {
    const graph = makeGraph(2);
    graph.edges.push({ key: "gone", source: 1, target: 99, words: "knows" });
    expect(layoutMap(graph, { measure }).edges.map(({ key }) => key)).toEqual([
        "tree-2",
    ]);
});

test("two relations of the same partners run beside each other", () => {
    const graph = makeGraph(2);
    graph.edges.push({ key: "second", source: 1, target: 2, words: "knows" });
    const { edges } = layoutMap(graph, { measure });
    expect(edges[0].path).not.toBe(edges[1].path);
    const { x, y } = overlap(edges[0].label.box, edges[1].label.box);
    expect(x > 0 && y > 0).toBe(false);
});

test("a long name takes two lines and is cut with an ellipsis", () => {
    const width = (text) => text.length;
    expect(wrap("Browar Warta", width, 20)).toEqual(["Browar Warta"]);
    expect(wrap("Browar Warta Poznań", width, 12)).toEqual(["Browar Warta", "Poznań"]);
    expect(wrap("Browar Warta Poznań Jeżyce", width, 12)).toEqual([
        "Browar Warta",
        "Poznań Jeży…",
    ]);
    expect(wrap("", width, 12)).toEqual(["?"]);
});
