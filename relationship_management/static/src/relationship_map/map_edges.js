import { at, getBox, isInside, overlap, part, point } from "./map_geometry";
import { cut } from "./map_text";

const MARGIN = 4;
const WORDS_LENGTH = 30;
const BENDS = [0, 34, -34, 68, -68, 110, -110, 160, -160];
const LABEL_PLACES = [0.5, 0.42, 0.58, 0.34, 0.66, 0.27, 0.73];

export function drawEdges(edges, nodes, byId, measure) {
    const boxes = nodes.map((node) => ({ id: node.id, ...getBox(node) }));
    const pairs = new Map();
    for (const edge of edges) {
        const pair = [edge.source, edge.target].sort((a, b) => a - b).join("-");
        pairs.set(pair, [...(pairs.get(pair) || []), edge]);
    }
    const labels = [];
    return edges.map((edge) => {
        const pair = [edge.source, edge.target].sort((a, b) => a - b).join("-");
        const among = pairs.get(pair);
        // Two relations of the same partners run beside each other.
        const offset = (among.indexOf(edge) - (among.length - 1) / 2) * 44;
        const side = edge.source < edge.target ? 1 : -1;
        const [from, to] = [byId.get(edge.source), byId.get(edge.target)];
        const curve = chooseCurve(from, to, boxes, offset * side);
        const drawn = trim(curve, from, to);
        const label = placeLabel(edge, drawn.line, boxes, labels, measure);
        if (!label.hidden) {
            labels.push(label.box);
        }
        return { ...edge, ...drawn, label };
    });
}

/** The straightest way that leads behind nobody else. */
function chooseCurve(from, to, boxes, offset) {
    const others = boxes.filter(({ id }) => id !== from.id && id !== to.id);
    let best = null;
    for (const bend of BENDS) {
        const curve = makeCurve(from, to, bend + offset);
        let hits = 0;
        for (let t = 0.08; t < 0.95; t += 0.06) {
            const { x, y } = at(curve, t);
            hits += others.filter((box) => isInside({ x, y }, box)).length;
        }
        if (!best || hits < best.hits) {
            best = { ...curve, hits };
        }
        if (!hits) {
            break;
        }
    }
    return best;
}

function makeCurve(from, to, bend) {
    const [dx, dy] = [to.x - from.x, to.y - from.y];
    const length = Math.hypot(dx, dy) || 1;
    return {
        from: { x: from.x, y: from.y },
        to: { x: to.x, y: to.y },
        via: {
            x: (from.x + to.x) / 2 - (dy / length) * bend,
            y: (from.y + to.y) / 2 + (dx / length) * bend,
        },
    };
}

/** A place on the line where the words cover nothing; without one they are hidden. */
function placeLabel(edge, curve, boxes, labels, measure) {
    const text = cut(edge.words || "", (words) => words.length <= WORDS_LENGTH);
    const width = measure(text, 11) + 6;
    let best = null;
    for (const t of LABEL_PLACES) {
        const { x, y } = at(curve, t);
        const box = {
            left: x - width / 2,
            right: x + width / 2,
            top: y - 8,
            bottom: y + 8,
        };
        let covered = 0;
        for (const other of [...boxes, ...labels]) {
            const over = overlap(box, other);
            covered += over.x > 0 && over.y > 0 ? over.x * over.y : 0;
        }
        if (!best || covered < best.covered) {
            best = { text, x, y, box, covered };
        }
        if (!covered) {
            break;
        }
    }
    return { ...best, hidden: !text || best.covered > width * 16 * 0.12 };
}

/** Let the line begin and end at the rim of the nodes, with an arrow at its end. */
function trim(curve, from, to) {
    const first = leave(curve, from, 0, 1);
    const last = leave(curve, to, 1, -1);
    const line = part(curve, first, last);
    const end = line.to;
    const near = at(curve, Math.max(0, last - 0.02));
    const angle = Math.atan2(end.y - near.y, end.x - near.x);
    const corner = (turn) =>
        point({
            x: end.x - 9 * Math.cos(angle + turn),
            y: end.y - 9 * Math.sin(angle + turn),
        });
    return {
        line,
        path: `M${point(line.from)} Q${point(line.via)} ${point(end)}`,
        arrow: `${point(end)} ${corner(0.42)} ${corner(-0.42)}`,
    };
}

/** Where a curve comes out of what is drawn of a node: before it comes to another one. */
function leave(curve, node, begin, direction) {
    for (let step = 0; step <= 200; step++) {
        const t = begin + (direction * step) / 200;
        if (!covers(node, at(curve, t))) {
            return t;
        }
    }
    return begin;
}

function covers(node, { x, y }) {
    const [dx, dy] = [Math.abs(x - node.x), Math.abs(y - node.y)];
    const distance = node.is_company ? Math.max(dx, dy) : Math.hypot(dx, dy);
    const name = { ...getBox(node), top: node.y + node.nameY - 12 };
    return distance <= node.radius + MARGIN || isInside({ x, y }, name);
}
