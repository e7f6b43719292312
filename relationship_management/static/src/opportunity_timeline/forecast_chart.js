import { loadBundle } from "@web/core/assets";
import { cookie } from "@web/core/browser/cookie";
import { getColor, getCustomColor, hexToRGBA } from "@web/core/colors/colors";
import { toLocaleDateString, toLocaleDateTimeString } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { formatFloat } from "@web/core/utils/numbers";

import { Component, onWillStart, onWillUnmount, useEffect, useRef } from "@odoo/owl";

const { DateTime } = luxon;
const DAY = 24 * 60 * 60 * 1000;

/**
 * Forecast and probability of one opportunity over time, as steps: a value holds until
 * the next change. The sentence above the picture says the same for everybody who does
 * not see it.
 */
export class ForecastChart extends Component {
    static template = "relationship_management.ForecastChart";
    static props = {
        entries: Array,
        isOpen: Boolean,
    };

    setup() {
        this.canvasRef = useRef("canvas");
        this.chart = null;
        onWillStart(() => loadBundle("web.chartjs_lib"));
        useEffect(() => this.renderChart());
        onWillUnmount(() => this.chart?.destroy());
    }

    /** The entries, oldest first. */
    get points() {
        return [...this.props.entries].reverse();
    }

    get summary() {
        const [first, last] = [this.points[0], this.points.at(-1)];
        const values = {
            first: first.forecast_text,
            last: last.forecast_text,
            first_probability: formatProbability(first.probability),
            last_probability: formatProbability(last.probability),
            date: toLocaleDateString(first.date),
        };
        if (values.first === values.last && first.probability === last.probability) {
            return _t("Forecast %(last)s, probability %(last_probability)s %", values);
        }
        return _t(
            "Since %(date)s: forecast %(first)s → %(last)s, probability %(first_probability)s → %(last_probability)s %",
            values,
        );
    }

    renderChart() {
        this.chart?.destroy();
        if (this.canvasRef.el) {
            this.chart = new Chart(this.canvasRef.el, this.getConfig());
        }
    }

    getData(name) {
        const data = this.points.map((entry) => ({
            x: entry.date.toMillis(),
            y: entry[name],
            entry,
        }));
        if (this.props.isOpen) {
            // The last values hold until now.
            data.push({ ...data.at(-1), x: Date.now(), isNow: true });
        }
        return data;
    }

    getConfig() {
        const scheme = cookie.get("color_scheme");
        const textColor = getCustomColor(scheme, "#495057", "#E4E4E4");
        const gridColor = getCustomColor(scheme, "#e7e9ed", "#3C3E4B");
        const currency = this.points.at(-1).currency;
        const forecast = {
            color: getColor(0, scheme, "odoo"),
            label: currency
                ? _t("Forecast (%(currency)s)", { currency })
                : _t("Forecast"),
        };
        const probability = {
            color: getCustomColor(scheme, "#0F8A83", "#2BC4BC"),
            label: _t("Probability (%)"),
        };
        const tick = { color: textColor, maxRotation: 0, autoSkipPadding: 24 };
        return {
            type: "line",
            data: {
                datasets: [
                    {
                        ...this.getLine(forecast),
                        data: this.getData("forecast"),
                        yAxisID: "forecast",
                        fill: "origin",
                        backgroundColor: hexToRGBA(forecast.color, 0.12),
                    },
                    {
                        ...this.getLine(probability),
                        data: this.getData("probability"),
                        yAxisID: "probability",
                        borderDash: [6, 4],
                    },
                ],
            },
            options: {
                animation: false,
                maintainAspectRatio: false,
                interaction: { mode: "nearest", axis: "x", intersect: false },
                plugins: {
                    legend: {
                        align: "start",
                        labels: { color: textColor, boxWidth: 24, boxHeight: 0 },
                    },
                    tooltip: {
                        filter: ({ raw }) => !raw.isNow,
                        callbacks: {
                            title: ([item]) =>
                                item && toLocaleDateTimeString(item.raw.entry.date),
                            label: (item) => this.getTooltip(item),
                        },
                    },
                },
                scales: {
                    x: {
                        type: "time",
                        ticks: {
                            ...tick,
                            callback: (value, index, ticks) => formatTick(ticks, index),
                        },
                        grid: { display: false },
                        border: { color: gridColor },
                    },
                    forecast: {
                        beginAtZero: true,
                        suggestedMax: 10,
                        position: "left",
                        ticks: {
                            color: textColor,
                            maxTicksLimit: 5,
                            callback: (value) =>
                                formatFloat(value, {
                                    humanReadable: true,
                                    decimals: 0,
                                }),
                        },
                        grid: { color: gridColor },
                        border: { display: false },
                    },
                    probability: {
                        min: 0,
                        max: 100,
                        position: "right",
                        ticks: {
                            color: textColor,
                            stepSize: 50,
                            callback: (value) => `${value} %`,
                        },
                        grid: { display: false },
                        border: { display: false },
                    },
                },
            },
        };
    }

    getLine({ color, label }) {
        return {
            label,
            stepped: true,
            borderColor: color,
            backgroundColor: color,
            borderWidth: 2,
            pointRadius: ({ raw }) => (raw?.isNow ? 0 : 2.5),
            pointBackgroundColor: color,
        };
    }

    getTooltip({ raw, dataset }) {
        if (dataset.yAxisID === "forecast") {
            return _t("Forecast %(amount)s", { amount: raw.entry.forecast_text });
        }
        return _t("Probability %(value)s %", { value: formatProbability(raw.y) });
    }
}

function formatProbability(value) {
    return formatFloat(value, { digits: [16, Number.isInteger(value) ? 0 : 2] });
}

/** Label a tick with its day, or with its time when all of them are of one day or two. */
function formatTick(ticks, index) {
    const isShort = ticks.at(-1).value - ticks[0].value < 2 * DAY;
    const format = isShort ? DateTime.TIME_SIMPLE : { day: "numeric", month: "short" };
    const [before, label] = [ticks[index - 1], ticks[index]].map(
        (tick) => tick && DateTime.fromMillis(tick.value).toLocaleString(format),
    );
    return label === before ? "" : label;
}
