/** Who stands behind whom: each node hangs on a neighbour that is nearer to the middle. */
export function getTree(nodes, edges, byId) {
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
