import { wrap } from "./map_text";

const RADII = { false: 16, 0: 17, 1: 20, 2: 24, 3: 29 };
const CENTRE_RADIUS = 34;
const LINE = 15;
const NAME_WIDTH = 124;

/** How large a node is, with its name below: the higher the influence, the larger. */
export function prepareNode(node, centre, measure) {
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
