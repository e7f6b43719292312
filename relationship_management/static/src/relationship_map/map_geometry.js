/**
 * Points, boxes and curves of a map.
 *
 * @typedef {{ x: number, y: number }} Point
 * @typedef {{ left: number, right: number, top: number, bottom: number }} Box
 * @typedef {{ from: Point, via: Point, to: Point }} Curve quadratic, with its control point
 */

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

/** The smallest box around boxes. */
export function unite(boxes) {
    return {
        left: Math.min(...boxes.map((box) => box.left)),
        right: Math.max(...boxes.map((box) => box.right)),
        top: Math.min(...boxes.map((box) => box.top)),
        bottom: Math.max(...boxes.map((box) => box.bottom)),
    };
}

export function isInside({ x, y }, box) {
    return x > box.left && x < box.right && y > box.top && y < box.bottom;
}

/** The point of a curve at t, from 0 to 1. */
export function at({ from, via, to }, t) {
    const [a, b, c] = [(1 - t) ** 2, 2 * t * (1 - t), t ** 2];
    return {
        x: a * from.x + b * via.x + c * to.x,
        y: a * from.y + b * via.y + c * to.y,
    };
}

/** The part of a curve between two of its points: a curve of the same kind. */
export function part(curve, first, last) {
    const mix = (a, b, t) => a + (b - a) * t;
    const via = (axis) =>
        mix(
            mix(curve.from[axis], curve.via[axis], first),
            mix(curve.via[axis], curve.to[axis], first),
            last,
        );
    return {
        from: at(curve, first),
        via: { x: via("x"), y: via("y") },
        to: at(curve, last),
    };
}

function round(value) {
    return Math.round(value * 10) / 10;
}

/** A point as it stands in the path of an SVG. */
export function point({ x, y }) {
    return `${round(x)},${round(y)}`;
}
