const RING = 165;

/** Give each family a sector, as wide as it has members on its outermost ring. */
export function placeOnRings(nodes, { children, byId, middle }, aspect) {
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
    // The only neighbour stands on the right: there is room for words between them.
    const start = children.get(middle.id).length === 1 ? -Math.PI : -Math.PI / 2;
    place(middle.id, start, start + 2 * Math.PI, 1);
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
