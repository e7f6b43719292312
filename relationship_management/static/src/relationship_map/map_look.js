import { cookie } from "@web/core/browser/cookie";

export const FONT =
    'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif';

/** Marks beside a node, drawn in a circle of radius 7. */
export const MARKS = {
    for: "M-3.5,0 H3.5 M0,-3.5 V3.5",
    neutral: "M-3.5,-1.6 H3.5 M-3.5,1.6 H3.5",
    against: "M-2.6,-2.6 L2.6,2.6 M-2.6,2.6 L2.6,-2.6",
};

/** Symbols in a node, drawn in a square from -10 to 10. */
export const SYMBOLS = {
    person: "M0,-8 a4,4 0 1 1 0,8 a4,4 0 1 1 0,-8 Z M-8,9 c0,-5 3.5,-7.5 8,-7.5 s8,2.5 8,7.5 Z",
    company:
        "M-7,9 V-9 H3 V9 H1 V5 H-5 V9 Z M-5,-7 v3 h2 v-3 Z M-1,-7 v3 h2 v-3 Z M-5,-2 v3 h2 v-3 Z M-1,-2 v3 h2 v-3 Z M4,-3 H8 V9 H4 Z",
};

const LIGHT = {
    background: "#ffffff",
    text: "#212529",
    muted: "#495057",
    node: { false: "#f4f5f7", 0: "#e6ebf8", 1: "#ccd7f3", 2: "#a6bbea", 3: "#7a98df" },
    centre: "#714b67",
    onCentre: "#ffffff",
    for: "#1a7f37",
    neutral: "#6b7280",
    against: "#b3261e",
    contact: "#868e96",
    path: "#f5b301",
};
const DARK = {
    background: "#1b1d26",
    text: "#e4e4e4",
    muted: "#c3c6cf",
    node: { false: "#2b2e3a", 0: "#2f3652", 1: "#364272", 2: "#3f5196", 3: "#4d64bd" },
    centre: "#a27b98",
    onCentre: "#1b1d26",
    for: "#4cc26c",
    neutral: "#a0a6b1",
    against: "#ff7b72",
    contact: "#868e96",
    path: "#b98a00",
};

export function getPalette() {
    return cookie.get("color_scheme") === "dark" ? DARK : LIGHT;
}

/** Four dots, as many filled as the influence is high; none where nobody said it. */
export function getDots({ influence }, { text, background }) {
    const steps = influence ? [0, 1, 2, 3] : [];
    return steps.map((step) => (Number(influence) >= step ? text : background));
}

/** How a line is drawn: colour and style both tell the attitude. */
export function getLine({ attitude, influence, relation_id: relationId }) {
    if (!relationId) {
        return { color: "contact", width: 1.2, dash: "2 4" };
    }
    const width = 1.5 + Number(influence || 0) * 0.5;
    if (attitude === "against") {
        return { color: "against", width: width + 0.5, dash: "8 5" };
    }
    return { color: attitude === "for" ? "for" : "neutral", width, dash: "none" };
}

let canvas;

/** Width of a text in the font of the map. */
export function measureText(text, size) {
    canvas ||= document.createElement("canvas").getContext("2d");
    canvas.font = `${size}px ${FONT}`;
    return canvas.measureText(text).width;
}
