// How regions, practices and bases are drawn. Colour never stands alone:
// regions keep their lines and labels, the selected one is hatched.
import type { FeatureLike } from "ol/Feature.js";
import Circle from "ol/style/Circle.js";
import Fill from "ol/style/Fill.js";
import RegularShape from "ol/style/RegularShape.js";
import Stroke from "ol/style/Stroke.js";
import Style from "ol/style/Style.js";
import Text from "ol/style/Text.js";
import { ABSENT, BLUE, INK, RED, withAlpha } from "./colours.js";

const FONT = '-apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif';
const WHITE = "#ffffff";

const outlines = [0.8, 1.6].map(
  (width) => new Style({ stroke: new Stroke({ color: "#4c6272", width }) }),
);

export function outlineStyle(thin: boolean): Style {
  return outlines[thin ? 0 : 1]!;
}

const regions = new Map<string, Style>();

/** A filled region; its line thins as the map zooms out. */
export function regionStyle(colour: string, alpha: number, thin: boolean): Style {
  const key = `${colour}${alpha}${thin}`;
  let style = regions.get(key);
  if (!style) {
    style = new Style({
      fill: new Fill({ color: withAlpha(colour, alpha) }),
      stroke: new Stroke({ color: thin ? "#6b7a84" : "#3a4a56", width: thin ? 0.5 : 1.1 }),
    });
    regions.set(key, style);
  }
  return style;
}

export const aloneStyle = new Style({
  fill: new Fill({ color: ABSENT }),
  stroke: new Stroke({ color: "#7c8b95", width: 1, lineDash: [3, 3] }),
});

export const hoverStyle = new Style({
  stroke: new Stroke({ color: INK, width: 2.4 }),
  zIndex: 1,
});

export const brokenStyle = [
  new Style({ stroke: new Stroke({ color: WHITE, width: 5 }), zIndex: 2 }),
  new Style({ stroke: new Stroke({ color: RED, width: 3, lineDash: [8, 4] }), zIndex: 3 }),
];

export function selectedStyle(): Style[] {
  return [
    new Style({ fill: new Fill({ color: hatch() }), zIndex: 4 }),
    new Style({ stroke: new Stroke({ color: WHITE, width: 6 }), zIndex: 4 }),
    new Style({ stroke: new Stroke({ color: INK, width: 3 }), zIndex: 5 }),
  ];
}

function hatch(): CanvasPattern {
  const ratio = window.devicePixelRatio || 1;
  const size = Math.round(9 * ratio);
  const canvas = document.createElement("canvas");
  canvas.width = size;
  canvas.height = size;
  const pen = canvas.getContext("2d")!;
  pen.strokeStyle = withAlpha(INK, 0.45);
  pen.lineWidth = ratio;
  pen.beginPath();
  for (const shift of [-size, 0, size]) {
    pen.moveTo(shift, size);
    pen.lineTo(shift + size, 0);
  }
  pen.stroke();
  return pen.createPattern(canvas, "repeat")!;
}

export function labelStyle(text: string, broken: boolean, down: number): Style {
  return new Style({
    text: new Text({
      text: broken ? `${text} !` : text,
      offsetY: down,
      font: `600 13px ${FONT}`,
      fill: new Fill({ color: broken ? "#9c1c12" : INK }),
      stroke: new Stroke({ color: withAlpha(WHITE, 0.92), width: 3.5 }),
    }),
  });
}

/** A name to the right of a sign, `clear` pixels from its middle. */
export function nameStyle(text: string, shift: [number, number], clear: number): Style {
  return new Style({
    text: new Text({
      text,
      font: `12px ${FONT}`,
      textAlign: "left",
      offsetX: shift[0] + clear,
      offsetY: -shift[1],
      fill: new Fill({ color: INK }),
      stroke: new Stroke({ color: withAlpha(WHITE, 0.92), width: 3 }),
    }),
    // What is highest claims its room first: signs before names.
    zIndex: 0,
  });
}

const points = new Map<string, Style>();

/** How large signs are drawn: from a country on one screen to a few streets. */
export type Size = "small" | "middle" | "large";
const DOT = { small: 2.2, middle: 3.2, large: 4 };
const DIAMOND = { small: 5, middle: 6.2, large: 7.5 };
const SQUARE = { small: 6, middle: 7.5, large: 9 };

/** A practice (dot) or a lead practice (diamond), nudged by `shift` pixels. */
export function practiceStyle(lead: boolean, size: Size, shift: [number, number]): Style {
  const key = `${lead}${size}${shift[0]},${shift[1]}`;
  let style = points.get(key);
  if (!style) {
    const image = lead ? diamond(DIAMOND[size], shift) : dot(DOT[size], shift);
    style = new Style({ image, zIndex: lead ? 2 : 1 });
    points.set(key, style);
  }
  return style;
}

function dot(radius: number, displacement: [number, number]): Circle {
  return new Circle({
    radius,
    displacement,
    declutterMode: "obstacle",
    fill: new Fill({ color: WHITE }),
    stroke: new Stroke({ color: INK, width: radius < 3 ? 1 : 1.5 }),
  });
}

function diamond(radius: number, displacement: [number, number]): RegularShape {
  return new RegularShape({
    points: 4,
    radius,
    displacement,
    declutterMode: "obstacle",
    fill: new Fill({ color: INK }),
    stroke: new Stroke({ color: WHITE, width: 1.5 }),
  });
}

/** A ring about a practice: the one selected, or one that a rule concerns. */
export function ringStyle(kind: "selected" | "broken", shift: [number, number]): Style {
  const chosen = kind === "selected";
  return new Style({
    image: new Circle({
      radius: 10,
      displacement: shift,
      stroke: new Stroke({ color: chosen ? INK : RED, width: 3 }),
      fill: new Fill({ color: withAlpha(chosen ? "#ffb81c" : WHITE, chosen ? 0.55 : 0.2) }),
    }),
    zIndex: 6,
  });
}

const RING = { small: 4.5, middle: 6.5, large: 8.5 };

/** An amber disc with a dark edge behind a practice that moves. */
export function movedStyle(size: Size, shift: [number, number]): Style {
  return new Style({
    image: new Circle({
      radius: RING[size],
      displacement: shift,
      stroke: new Stroke({ color: INK, width: size === "small" ? 1.2 : 2 }),
      fill: new Fill({ color: "#ffb81c" }),
    }),
    zIndex: 5,
  });
}

/** A base that runs is a filled square, one that does not a hollow one. */
export function baseStyle(
  open: boolean,
  selected: boolean,
  size: Size,
  shift: [number, number],
): Style[] {
  const square = (radius: number, fill: string, line: string, width: number) =>
    new Style({
      image: new RegularShape({
        points: 4,
        angle: Math.PI / 4,
        radius,
        displacement: shift,
        fill: new Fill({ color: fill }),
        stroke: new Stroke({ color: line, width }),
      }),
      zIndex: 3,
    });
  const styles = [square(SQUARE[size], open ? BLUE : WHITE, open ? WHITE : "#4c6272", 2)];
  if (selected) styles.unshift(square(15, withAlpha("#ffb81c", 0.55), INK, 3));
  if (open && size === "large") styles.push(plus(shift));
  return styles;
}

function plus(shift: [number, number]): Style {
  return new Style({
    text: new Text({
      text: "+",
      font: `700 13px ${FONT}`,
      offsetX: shift[0],
      offsetY: 1 - shift[1],
      fill: new Fill({ color: WHITE }),
    }),
    zIndex: 4,
  });
}

export const spokeStyle = new Style({
  stroke: new Stroke({ color: withAlpha(BLUE, 0.45), width: 1 }),
});

export function indexOf(feature: FeatureLike): number {
  return feature.get("index") as number;
}
