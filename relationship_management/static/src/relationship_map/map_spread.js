import { getBox, overlap } from "./map_geometry";

const GAP = { x: 16, y: 10 };
const ROUNDS = 400;

/** Move nodes until no two boxes overlap; the middle stays. */
export function pushApart(nodes) {
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
