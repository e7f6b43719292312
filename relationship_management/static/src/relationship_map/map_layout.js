/**
 * Where everything of a map stands. Pure and deterministic: the same map always looks the
 * same, and nothing here knows of a screen.
 *
 * The partner is in the middle, each step outwards is one ring further out, and whoever
 * was reached over somebody stands behind them. Boxes of node and name never overlap.
 */

const RADII = { false: 16, 0: 17, 1: 20, 2: 24, 3: 29 };
const CENTRE_RADIUS = 34;
const LINE = 15;
const NAME_WIDTH = 124;
const WORDS_LENGTH = 30;
const GAP = { x: 16, y: 10 };
const RING = 165;
const ROUNDS = 400;
const LABEL_PLACES = [0.5, 0.42, 0.58, 0.34, 0.66, 0.27, 0.73];
const BENDS = [0, 34, -34, 68, -68, 110, -110, 160, -160];

/**
 * @typedef {{ left: number, right: number, top: number, bottom: number }} Box
 *
 * @param {object} graph
 * @param {number} graph.centre id of the node in the middle
 * @param {object[]} graph.nodes `{id, name, hop, influence}`, the middle first
 * @param {object[]} graph.edges `{key, source, target, words}`
 * @param {object} options
 * @param {(text: string, size: number) => number} options.measure width of a text
 * @param {number} [options.aspect] width to height of the space
 * @returns {{ nodes: object[], edges: object[], bounds: Box }} nodes in reading order,
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

/** The box of a placed node, its name included. */
export function getBox({ x, y, size }) {
    return {
        left: x - size.x,
        right: x + size.x,
        top: y - size.top,
        bottom: y + size.bottom,
    };
}

export function overlap(a, b, gap = { x: 0, y: 0 }) {
    return {
        x: Math.min(a.right, b.right) - Math.max(a.left, b.left) + gap.x,
        y: Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) + gap.y,
    };
}

// Nodes

function prepareNode(node, centre, measure) {
    const isCentre = node.id === centre;
    const radius = isCentre ? CENTRE_RADIUS : RADII[node.influence];
    const lines = wrap(node.name, (text) => measure(text, 12), NAME_WIDTH);
    const width = Math.max(...lines.map((line) => measure(line, 12)));
    const dots = node.influence ? 10 : 0;
    return {
        ...node,
        isCentre,
        radius,
        lines,
        dotsY: radius + 9,
        nameY: radius + dots + LINE,
        lineHeight: LINE,
        size: {
            x: Math.max(radius + 8, width / 2 + 2),
            top: radius + 6,
            bottom: radius + dots + 6 + lines.length * LINE,
        },
    };
}

/** Break a name into two lines at most; the last one is cut with an ellipsis. */
function wrap(name, measure, width) {
    const words = name.split(/\s+/).filter(Boolean);
    const lines = [words.shift() || "?"];
    for (const word of words) {
        const longer = `${lines.at(-1)} ${word}`;
        if (measure(longer) <= width || lines.length === 2) {
            lines[lines.length - 1] = longer;
        } else {
            lines.push(word);
        }
    }
    return lines.map((line) => cut(line, (text) => measure(text) <= width));
}

function cut(text, fits) {
    if (fits(text)) {
        return text;
    }
    let length = text.length - 1;
    while (length > 1 && !fits(`${text.slice(0, length)}…`)) {
        length--;
    }
    return `${text.slice(0, length).trimEnd()}…`;
}

/** Who stands behind whom: each node hangs on a neighbour that is nearer to the middle. */
function getTree(nodes, edges, byId) {
    const children = new Map(nodes.map(({ id }) => [id, []]));
    const order = new Map(nodes.map(({ id }, index) => [id, index]));
    const parents = new Map();
    for (const { source, target } of edges) {
        const [near, far] =
            byId.get(source).hop <= byId.get(target).hop
                ? [source, target]
                : [target, source];
        const known = parents.get(far);
        if (
            byId.get(near).hop < byId.get(far).hop &&
            (known === undefined || order.get(near) < order.get(known))
        ) {
            parents.set(far, near);
        }
    }
    const middle = nodes.find((node) => node.isCentre);
    for (const node of nodes) {
        if (!node.isCentre) {
            children.get(parents.get(node.id) ?? middle.id).push(node.id);
        }
    }
    for (const [id, ids] of children) {
        children.set(id, seatNeighbours(ids, edges, children));
    }
    return { children, byId, middle };
}

/** Order siblings so that those who are related sit side by side. */
function seatNeighbours(ids, edges, children) {
    const family = new Map(
        ids.flatMap((id) => collect(id, children).map((m) => [m, id])),
    );
    const ties = new Map(ids.map((id) => [id, new Map()]));
    for (const { source, target } of edges) {
        const [a, b] = [family.get(source), family.get(target)];
        if (a !== undefined && b !== undefined && a !== b) {
            ties.get(a).set(b, (ties.get(a).get(b) || 0) + 1);
            ties.get(b).set(a, (ties.get(b).get(a) || 0) + 1);
        }
    }
    const left = [...ids];
    const seated = left.splice(0, 1);
    while (left.length) {
        const last = ties.get(seated.at(-1));
        let best = 0;
        for (let index = 1; index < left.length; index++) {
            if ((last.get(left[index]) || 0) > (last.get(left[best]) || 0)) {
                best = index;
            }
        }
        seated.push(...left.splice(best, 1));
    }
    return seated;
}

function collect(id, children) {
    return [id, ...children.get(id).flatMap((child) => collect(child, children))];
}

/** Give each family a sector, as wide as it has members on its outermost ring. */
function placeOnRings(nodes, { children, byId, middle }, aspect) {
    const stretch = { x: Math.sqrt(aspect), y: 1 / Math.sqrt(aspect) };
    const weights = new Map();
    const weigh = (id) => {
        const below = children.get(id).reduce((sum, child) => sum + weigh(child), 0);
        weights.set(id, Math.max(1, below));
        return weights.get(id);
    };
    weigh(middle.id);
    Object.assign(middle, { x: 0, y: 0, angle: -Infinity });
    const rings = new Map();
    const place = (id, from, to, level) => {
        let angle = from;
        for (const child of children.get(id)) {
            const share = ((to - from) * weights.get(child)) / weights.get(id);
            const node = byId.get(child);
            node.angle = angle + share / 2;
            if (!rings.has(level)) {
                rings.set(level, []);
            }
            rings.get(level).push(node);
            place(child, angle, angle + share, level + 1);
            angle += share;
        }
    };
    place(middle.id, -Math.PI / 2, (3 * Math.PI) / 2, 1);
    let inner = 0;
    for (const level of [...rings.keys()].sort((a, b) => a - b)) {
        const ring = rings.get(level);
        ring.sort((a, b) => a.angle - b.angle);
        // A crowded ring becomes two or three: neighbours stand one behind the other.
        const rows = ring.length > 28 ? 3 : ring.length > 12 ? 2 : 1;
        const length = ring.reduce((sum, n) => sum + n.size.x + n.size.bottom + 20, 0);
        const start = Math.max(inner + RING, length / rows / (2 * Math.PI));
        ring.forEach((node, index) => {
            const distance = start + (index % rows) * RING * 0.62;
            node.x = distance * stretch.x * Math.cos(node.angle);
            node.y = distance * stretch.y * Math.sin(node.angle);
        });
        inner = start + (rows - 1) * RING * 0.62;
    }
}

/** Move nodes until no two boxes overlap; the middle stays. */
function pushApart(nodes) {
    for (let attempt = 0; attempt < 20; attempt++) {
        for (let round = 0; round < ROUNDS; round++) {
            if (!pushOnce(nodes)) {
                return;
            }
        }
        for (const node of nodes) {
            node.x *= 1.15;
            node.y *= 1.15;
        }
    }
}

function pushOnce(nodes) {
    let moved = false;
    for (let i = 0; i < nodes.length; i++) {
        for (let j = i + 1; j < nodes.length; j++) {
            const [a, b] = [nodes[i], nodes[j]];
            const over = overlap(getBox(a), getBox(b), GAP);
            if (over.x > 0.01 && over.y > 0.01) {
                moved = true;
                // The shorter way out; boxes are wider than high.
                const axis = over.x < over.y * 1.5 ? "x" : "y";
                const sign = a[axis] === b[axis] ? 1 : Math.sign(b[axis] - a[axis]);
                const step = (over[axis] + 0.1) * sign;
                const [partA, partB] = a.isCentre
                    ? [0, 1]
                    : b.isCentre
                      ? [1, 0]
                      : [0.5, 0.5];
                a[axis] -= step * partA;
                b[axis] += step * partB;
            }
        }
    }
    return moved;
}

// Edges

function drawEdges(edges, nodes, byId, measure) {
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
        const label = placeLabel(edge, curve, boxes, labels, measure);
        if (!label.hidden) {
            labels.push(label.box);
        }
        return { ...edge, ...trim(curve, from, to), label };
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
            hits += others.filter(
                (box) => x > box.left && x < box.right && y > box.top && y < box.bottom,
            ).length;
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

function at({ from, via, to }, t) {
    const [a, b, c] = [(1 - t) ** 2, 2 * t * (1 - t), t ** 2];
    return {
        x: a * from.x + b * via.x + c * to.x,
        y: a * from.y + b * via.y + c * to.y,
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
    const [start, end] = [at(curve, first), at(curve, last)];
    const near = at(curve, Math.max(0, last - 0.02));
    const angle = Math.atan2(end.y - near.y, end.x - near.x);
    const corner = (turn) =>
        `${round(end.x - 9 * Math.cos(angle + turn))},${round(end.y - 9 * Math.sin(angle + turn))}`;
    // The part of the curve between the two ends is a curve of the same kind.
    const via = {
        x: mix(
            mix(curve.from.x, curve.via.x, first),
            mix(curve.via.x, curve.to.x, first),
            last,
        ),
        y: mix(
            mix(curve.from.y, curve.via.y, first),
            mix(curve.via.y, curve.to.y, first),
            last,
        ),
    };
    return {
        path: `M${point(start)} Q${point(via)} ${point(end)}`,
        arrow: `${point(end)} ${corner(0.42)} ${corner(-0.42)}`,
    };
}

function leave(curve, node, begin, direction) {
    for (let step = 0; step <= 100; step++) {
        const t = begin + (direction * step) / 200;
        const { x, y } = at(curve, t);
        if (Math.hypot(x - node.x, y - node.y) > node.radius + 4) {
            return t;
        }
    }
    return begin;
}

function mix(a, b, t) {
    return a + (b - a) * t;
}

function round(value) {
    return Math.round(value * 10) / 10;
}

function point({ x, y }) {
    return `${round(x)},${round(y)}`;
}

function getBounds(nodes, edges) {
    const boxes = [
        ...nodes.map((node) => getBox(node)),
        ...edges.filter(({ label }) => !label.hidden).map(({ label }) => label.box),
    ];
    return {
        left: Math.min(...boxes.map((box) => box.left)),
        right: Math.max(...boxes.map((box) => box.right)),
        top: Math.min(...boxes.map((box) => box.top)),
        bottom: Math.max(...boxes.map((box) => box.bottom)),
    };
}
