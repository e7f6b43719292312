/**
 * Where everything of a map stands. Pure and deterministic: the same map always looks the
 * same, and nothing here knows of a screen.
 *
 * The partner is in the middle, each step outwards is one ring further out, and whoever
 * was reached over somebody stands behind them. Boxes of node and name never overlap.
 */

import { drawEdges } from "./map_edges";
import { at, getBox, unite } from "./map_geometry";
import { prepareNode } from "./map_nodes";
import { placeOnRings } from "./map_rings";
import { pushApart } from "./map_spread";
import { getTree } from "./map_tree";

/**
 * @param {object} graph
 * @param {number} graph.centre id of the node in the middle
 * @param {object[]} graph.nodes `{id, name, hop, influence}`, the middle first
 * @param {object[]} graph.edges `{key, source, target, words}`
 * @param {object} options
 * @param {(text: string, size: number) => number} options.measure width of a text
 * @param {number} [options.aspect] width to height of the space
 * @returns {{ nodes: object[], edges: object[], bounds: import("./map_geometry").Box }} nodes in reading order,
 *  each with `x, y, radius, lines, box`; edges with `path, arrow, label`
 */
export function layoutMap(graph, { measure, aspect = 1.7 }) {
    const nodes = graph.nodes.map((node) => prepareNode(node, graph.centre, measure));
    const byId = new Map(nodes.map((node) => [node.id, node]));
    const edges = graph.edges.filter((e) => byId.has(e.source) && byId.has(e.target));
    placeOnRings(nodes, getTree(nodes, edges, byId), aspect);
    pushApart(nodes);
    const ordered = [...nodes].sort((a, b) => a.hop - b.hop || a.angle - b.angle);
    const drawn = drawEdges(edges, nodes, byId, measure);
    return { nodes: ordered, edges: drawn, bounds: getBounds(nodes, drawn) };
}

/** What the drawing fills: nodes, lines and the words that are shown. */
function getBounds(nodes, edges) {
    const labels = edges.filter(({ label }) => !label.hidden);
    return unite([
        ...nodes.map(getBox),
        ...labels.map(({ label }) => label.box),
        ...edges.map(({ line }) => {
            const points = [0.25, 0.5, 0.75].map((t) => at(line, t));
            return {
                left: Math.min(...points.map(({ x }) => x)),
                right: Math.max(...points.map(({ x }) => x)),
                top: Math.min(...points.map(({ y }) => y)),
                bottom: Math.max(...points.map(({ y }) => y)),
            };
        }),
    ]);
}
