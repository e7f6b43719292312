import { downloadFile } from "@web/core/network/download";
import { _t } from "@web/core/l10n/translation";

import { ATTITUDES, INFLUENCES, getAttitude, getInfluence } from "../opinion/opinion";
import { FONT, getDots, getLine, measureText } from "./map_look";

const SVG = "http://www.w3.org/2000/svg";
const MARGIN = 24;
const TITLE = 40;
const LEGEND = 34;
const LARGEST = 8000;

/** A name that every file system takes. */
export function getFileName(name, day, extension) {
    return `${name} ${day}.${extension}`.replace(/[\\/:*?"<>|\n]+/g, "-");
}

// Picture

/**
 * Save what the scene shows, all of it, with a title and the legend.
 *
 * @param {SVGGElement} scene
 * @param {object} bounds `{left, right, top, bottom}` of the scene
 * @param {object} palette colours
 * @param {string} title
 * @param {string} fileName
 */
export async function exportPng(scene, bounds, palette, title, fileName) {
    const svg = makePicture(scene, bounds, palette, title);
    const [width, height] = ["width", "height"].map((n) => Number(svg.getAttribute(n)));
    const scale = Math.min(2, LARGEST / Math.max(width, height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.ceil(width * scale);
    canvas.height = Math.ceil(height * scale);
    const image = await loadImage(new XMLSerializer().serializeToString(svg));
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
    downloadFile(blob, fileName, "image/png");
}

function makePicture(scene, { left, right, top, bottom }, palette, title) {
    const height = bottom - top + 2 * MARGIN + TITLE + LEGEND;
    const { legend, width: least } = makeLegend(palette, height - MARGIN);
    const width = Math.max(right - left + 2 * MARGIN, least + MARGIN);
    const svg = make("svg", { width, height, viewBox: `0 0 ${width} ${height}` });
    svg.setAttribute("font-family", FONT);
    svg.append(make("rect", { width, height, fill: palette.background }));
    const heading = { "font-size": 18, "font-weight": 700, fill: palette.text };
    svg.append(make("text", { x: MARGIN, y: MARGIN + 14, ...heading }, title));
    const copy = scene.cloneNode(true);
    const x = width / 2 - (left + right) / 2;
    copy.setAttribute("transform", `translate(${x},${MARGIN + TITLE - top})`);
    for (const element of copy.querySelectorAll("title")) {
        element.remove();
    }
    svg.append(copy, legend);
    return svg;
}

function makeLegend(palette, y) {
    const legend = make("g", { "font-size": 12, fill: palette.text });
    let x = MARGIN;
    const samples = [
        ...Object.keys(ATTITUDES).map((attitude) => ({ attitude, relation_id: 1 })),
        { relation_id: false },
    ];
    for (const sample of samples) {
        const { color, width, dash } = getLine(sample);
        const text = getAttitude(sample) || _t("Contact of a company");
        legend.append(
            make("path", {
                d: `M${x},${y - 4} h36`,
                stroke: palette[color],
                "stroke-width": width,
                "stroke-dasharray": dash,
            }),
            make("text", { x: x + 44, y }, text),
        );
        x += 64 + measureText(text, 12);
    }
    for (const [influence, name] of INFLUENCES.entries()) {
        getDots({ influence: String(influence) }, palette).forEach((fill, index) =>
            legend.append(
                make("circle", {
                    cx: x + index * 9,
                    cy: y - 4,
                    r: 3,
                    fill,
                    stroke: palette.text,
                }),
            ),
        );
        const text = _t("Influence: %s", name);
        legend.append(make("text", { x: x + 38, y }, text));
        x += 60 + measureText(text, 12);
    }
    return { legend, width: x };
}

function make(name, attributes, text = "") {
    const element = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) {
        element.setAttribute(key, value);
    }
    element.textContent = text;
    return element;
}

function loadImage(source) {
    return new Promise((resolve, reject) => {
        const image = new Image();
        image.onload = () => resolve(image);
        image.onerror = () =>
            reject(new Error("The map cannot be drawn as a picture."));
        image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(source)}`;
    });
}

// Table

/** Save the relations of the list as a table for spreadsheets. */
export function exportCsv(rows, fileName) {
    const header = [
        _t("Partner"),
        _t("Stands to"),
        _t("Other partner"),
        _t("From"),
        _t("Until"),
        _t("Influence"),
        _t("Attitude"),
        _t("Share (%)"),
        _t("Sentence"),
    ];
    const lines = rows.map((row) => [
        row.sourceName,
        row.words,
        row.targetName,
        row.from || "",
        row.until || "",
        getInfluence(row),
        getAttitude(row),
        row.share || "",
        row.sentence,
    ]);
    const text = [header, ...lines]
        .map((line) => line.map(quote).join(","))
        .join("\r\n");
    // The mark at the beginning tells spreadsheets that this is UTF-8.
    downloadFile(new Blob([`\ufeff${text}\r\n`]), fileName, "text/csv");
}

function quote(value) {
    let text = String(value);
    if (typeof value === "string" && /^[=+\-@\t\r]/.test(text)) {
        // A spreadsheet must not take a name for a formula.
        text = `'${text}`;
    }
    return `"${text.replaceAll('"', '""')}"`;
}
