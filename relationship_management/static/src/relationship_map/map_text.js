/** Names and words that have to fit. `measure` gives the width of a text. */

/** Break a name into two lines at most; the last one is cut with an ellipsis. */
export function wrap(name, measure, width) {
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

export function cut(text, fits) {
    if (fits(text)) {
        return text;
    }
    let length = text.length - 1;
    while (length > 1 && !fits(`${text.slice(0, length)}…`)) {
        length--;
    }
    return `${text.slice(0, length).trimEnd()}…`;
}
