import { _t } from "@web/core/l10n/translation";

/** Influence and attitude in words and symbols, wherever they are shown. */
export const INFLUENCES = [_t("Low"), _t("Medium"), _t("High"), _t("Decides")];

export const ATTITUDES = {
    for: { text: _t("For us"), icon: "fa-thumbs-up", color: "text-success" },
    neutral: {
        text: _t("Neutral"),
        icon: "fa-thumbs-up fa-rotate-90",
        color: "text-warning",
    },
    against: { text: _t("Against us"), icon: "fa-thumbs-down", color: "text-danger" },
};

export function getInfluence({ influence }) {
    return influence ? INFLUENCES[Number(influence)] : "";
}

export function getAttitude({ attitude }) {
    return attitude ? ATTITUDES[attitude].text : "";
}

/** The dot of a level: filled where the influence is as high. */
export function getInfluenceLook(level, influence) {
    return level <= influence ? "fa-circle text-primary" : "fa-circle-o text-muted";
}

export function getAttitudeLook({ attitude }) {
    const { icon, color } = ATTITUDES[attitude];
    return `${icon} ${color}`;
}
