// The map itself: its layers, what is lit up on it, and what lies under a point.
import Feature from "ol/Feature.js";
import OlMap from "ol/Map.js";
import View from "ol/View.js";
import Control from "ol/control/Control.js";
import ScaleLine from "ol/control/ScaleLine.js";
import Zoom from "ol/control/Zoom.js";
import { buffer, createEmpty, extend, getArea, isEmpty } from "ol/extent.js";
import type { Extent } from "ol/extent.js";
import LineString from "ol/geom/LineString.js";
import Point from "ol/geom/Point.js";
import { defaults as interactions } from "ol/interaction/defaults.js";
import VectorLayer from "ol/layer/Vector.js";
import { get as projection } from "ol/proj.js";
import { register } from "ol/proj/proj4.js";
import VectorSource from "ol/source/Vector.js";
import type Style from "ol/style/Style.js";
import type { StyleLike } from "ol/style/Style.js";
import proj4 from "proj4";
import { toGeometry } from "./data.js";
import type { Payload } from "./data.js";
import { element } from "./dom.js";
import type { Painter } from "./painter.js";
import { Places } from "./places.js";
import * as styles from "./styles.js";

proj4.defs(
  "EPSG:27700",
  "+proj=tmerc +lat_0=49 +lon_0=-2 +k=0.9996012717 +x_0=400000 +y_0=-100000 " +
    "+ellps=airy +towgs84=446.448,-125.157,542.06,0.15,0.247,0.842,-20.489 " +
    "+units=m +no_defs",
);
register(proj4);
projection("EPSG:27700")!.setExtent([-10_000, -10_000, 670_000, 1_230_000]);

/** Metres a pixel under which practices are named. */
const NAMES_BELOW = 12;

/** Pixels from a sign within which a point counts as on it, and of the widest fan. */
const REACH = 9;
const WIDEST_FAN = 48;

/** A sign under a point, and how many pixels off its middle the point is. */
export interface Hit {
  index: number;
  off: number;
}

export interface Lit {
  federations: number[];
  practices: number[];
}

export class MapView {
  readonly places: Places;
  readonly map: OlMap;
  private readonly regions = new VectorSource();
  private readonly practices = new VectorSource();
  private readonly bases = new VectorSource();
  private readonly lit = new VectorSource();
  private readonly under = new VectorSource();
  private readonly moved = new VectorSource();
  private readonly layers: Record<string, VectorLayer>;
  private readonly all: Extent = createEmpty();
  private selectedBase: number | null = null;

  constructor(
    private readonly data: Payload,
    private readonly painter: Painter,
    target: HTMLElement,
  ) {
    this.places = new Places(data.practices, data.bases);
    this.fill();
    painter.size(Math.sqrt(getArea(this.all) / data.federations.label.length));
    this.layers = this.build();
    this.map = new OlMap({
      target,
      layers: Object.values(this.layers),
      controls: [new Zoom(), this.wholeButton(), new ScaleLine({ minWidth: 90 })],
      interactions: interactions({ altShiftDragRotate: false, pinchRotate: false }),
      view: new View({
        projection: "EPSG:27700",
        enableRotation: false,
        extent: buffer(this.all, Math.max(8_000, (this.all[2]! - this.all[0]!) * 0.6)),
        showFullExtent: true,
        minResolution: 0.5,
      }),
    });
    // The frame on show, in metres, for whoever scripts the page.
    this.map.on("postrender", ({ frameState }) => {
      if (frameState?.extent) {
        target.dataset.extent = frameState.extent.map((v) => v.toFixed(1)).join(" ");
      }
    });
  }

  private fill(): void {
    const { federations, practices, bases } = this.data;
    federations.region.forEach((region, index) => {
      if (region.length) this.regions.addFeature(feature(toGeometry(region), index));
    });
    practices.x.forEach((x, index) => {
      this.practices.addFeature(feature(new Point([x, practices.y[index]!]), index));
    });
    bases.x.forEach((x, index) => {
      this.bases.addFeature(feature(new Point([x, bases.y[index]!]), index));
    });
    for (const source of [this.regions, this.practices]) {
      const extent = source.getExtent();
      if (extent && !isEmpty(extent)) extend(this.all, extent);
    }
  }

  private build(): Record<string, VectorLayer> {
    const { data, painter } = this;
    const layer = (source: VectorSource, style: StyleLike, declutter = false) =>
      new VectorLayer({ source, style, declutter, renderBuffer: 60 });
    const one = (geometry: Feature["getGeometry"] extends () => infer G ? G : never) =>
      new VectorSource({ features: [new Feature(geometry)] });
    const labels = new VectorSource();
    data.federations.anchor.forEach((at, index) => labels.addFeature(feature(new Point(at), index)));
    const spokes = new VectorSource();
    data.practices.base.forEach((base, i) => {
      if (base !== null) spokes.addFeature(feature(this.spoke(i, base), i));
    });
    return {
      alone: layer(one(toGeometry(data.alone)), styles.aloneStyle),
      regions: layer(this.regions, (f, r) => painter.region(styles.indexOf(f), r)),
      outline: layer(one(toGeometry(data.outline)), (_, r) => styles.outlineStyle(!painter.isNear(r))),
      under: layer(this.under, (f) => f.get("style")),
      moved: layer(this.moved, (f, r) =>
        styles.movedStyle(painter.signs(r), this.places.shift(styles.indexOf(f), r)),
      ),
      spokes: layer(spokes, styles.spokeStyle),
      bases: layer(this.bases, (f, r) => {
        const index = styles.indexOf(f);
        const shift = this.places.shiftOfBase(index, r);
        const chosen = index === this.selectedBase;
        return styles.baseStyle(data.bases.open[index]!, chosen, painter.signs(r), shift);
      }),
      lit: layer(this.lit, (f, r) =>
        styles.ringStyle(f.get("kind"), this.places.shift(styles.indexOf(f), r)),
      ),
      practices: layer(this.practices, (f, r) => this.practiceStyle(styles.indexOf(f), r), true),
      labels: layer(labels, (f, r) => painter.label(styles.indexOf(f), r), true),
    };
  }

  private spoke(practice: number, base: number): LineString {
    const { practices, bases } = this.data;
    return new LineString([
      [practices.x[practice]!, practices.y[practice]!],
      [bases.x[base]!, bases.y[base]!],
    ]);
  }

  private practiceStyle(index: number, resolution: number): Style[] {
    if (!this.painter.showsPractices(resolution)) return [];
    const { federation, name } = this.data.practices;
    const own = federation[index] ?? null;
    const lead = own !== null && this.data.federations.lead[own] === index;
    const shift = this.places.shift(index, resolution);
    const sign = styles.practiceStyle(lead, this.painter.signs(resolution), shift);
    const named = resolution < NAMES_BELOW;
    return named ? [sign, styles.nameStyle(name[index]!, shift, lead ? 13 : 9)] : [sign];
  }

  private wholeButton(): Control {
    const button = element(
      "button",
      { type: "button", title: "Whole map (0)", "aria-label": "Whole map", click: () => this.whole() },
      "⤢",
    );
    return new Control({
      element: element("div", { class: "whole ol-unselectable ol-control" }, button),
    });
  }

  show(layer: string, visible: boolean): void {
    this.layers[layer]?.setVisible(visible);
  }

  repaint(): void {
    for (const layer of Object.values(this.layers)) layer.changed();
  }

  /** Mark what is selected and what a broken rule concerns; drop older marks. */
  light(selected: Lit, broken: Lit, base: number | null = null): void {
    this.under.clear();
    this.lit.clear();
    this.markRegions(broken.federations, styles.brokenStyle);
    this.markRegions(selected.federations, styles.selectedStyle());
    this.markPractices(broken.practices, "broken");
    this.markPractices(selected.practices, "selected");
    this.selectedBase = base;
    this.layers.bases!.changed();
  }

  private markRegions(federations: number[], style: StyleLike): void {
    for (const index of federations) {
      const region = this.region(index)?.getGeometry();
      if (region) this.under.addFeature(new Feature({ geometry: region, style }));
    }
  }

  private markPractices(practices: number[], kind: string): void {
    const { x, y } = this.data.practices;
    for (const index of practices) {
      const mark = feature(new Point([x[index]!, y[index]!]), index);
      mark.set("kind", kind);
      this.lit.addFeature(mark);
    }
  }

  /** Ring the practices that move, for as long as the page is open. */
  ring(practices: number[]): void {
    const { x, y } = this.data.practices;
    this.moved.addFeatures(practices.map((i) => feature(new Point([x[i]!, y[i]!]), i)));
  }

  /** Outline the region under the pointer; `null` clears it. */
  hover(federation: number | null): void {
    for (const f of this.under.getFeatures()) {
      if (f.get("hover")) this.under.removeFeature(f);
    }
    const region = federation === null ? undefined : this.region(federation)?.getGeometry();
    if (region) {
      this.under.addFeature(
        new Feature({ geometry: region, style: styles.hoverStyle, hover: true }),
      );
    }
  }

  private region(index: number): Feature | undefined {
    return this.regions.getFeatures().find((f) => styles.indexOf(f) === index);
  }

  federationAt(coordinate: number[]): number | null {
    const found = this.regions.getFeaturesAtCoordinate(coordinate)[0];
    return found ? styles.indexOf(found) : null;
  }

  /** Practices drawn within reach of a point, the nearest first. */
  practicesAt(coordinate: number[]): Hit[] {
    const resolution = this.map.getView().getResolution() ?? 1;
    if (!this.painter.showsPractices(resolution)) return [];
    const shift = (i: number) => this.places.shift(i, resolution);
    return this.near(this.practices, coordinate, shift);
  }

  /** Bases drawn within reach of a point, the nearest first. */
  basesAt(coordinate: number[]): Hit[] {
    if (!this.layers.bases!.getVisible()) return [];
    const resolution = this.map.getView().getResolution() ?? 1;
    const shift = (i: number) => this.places.shiftOfBase(i, resolution);
    return this.near(this.bases, coordinate, shift);
  }

  private near(source: VectorSource, at: number[], shift: (i: number) => [number, number]): Hit[] {
    const resolution = this.map.getView().getResolution() ?? 1;
    const [x, y] = [at[0]!, at[1]!];
    const wide = (REACH + WIDEST_FAN) * resolution;
    return source
      .getFeaturesInExtent([x - wide, y - wide, x + wide, y + wide])
      .map((f) => {
        const index = styles.indexOf(f);
        const [right, up] = shift(index);
        const [px, py] = (f.getGeometry() as Point).getCoordinates() as [number, number];
        return { index, off: Math.hypot((x - px) / resolution - right, (y - py) / resolution - up) };
      })
      .filter((hit) => hit.off <= REACH)
      .sort((a, b) => a.off - b.off);
  }

  whole(glide = true): void {
    this.fit(this.all, glide);
  }

  /** Show these places, with air about them. */
  zoomTo(places: Lit, bases: number[] = []): void {
    this.zoomInto(this.extentOf(places, bases));
  }

  /** Show what lies between these borders, or everything where they are empty. */
  zoomInto(extent: Extent): void {
    if (isEmpty(extent)) this.whole();
    else this.fit(buffer(extent, 300), true);
  }

  /** The borders of these places; empty where there are none. */
  extentOf(places: Lit, bases: number[] = []): Extent {
    const extent = createEmpty();
    const { practices } = this.data;
    for (const index of places.federations) {
      const region = this.region(index)?.getGeometry();
      if (region) extend(extent, region.getExtent());
    }
    for (const i of places.practices) {
      extend(extent, [practices.x[i]!, practices.y[i]!, practices.x[i]!, practices.y[i]!]);
    }
    for (const b of bases) {
      const [x, y] = [this.data.bases.x[b]!, this.data.bases.y[b]!];
      extend(extent, [x, y, x, y]);
    }
    return extent;
  }

  private fit(extent: Extent, glide: boolean): void {
    const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.map.getView().fit(extent, {
      padding: [28, 28, 36, 28],
      minResolution: 4,
      duration: glide && !still ? 350 : 0,
    });
  }
}

function feature(geometry: Point | LineString | ReturnType<typeof toGeometry>, index: number) {
  return new Feature({ geometry, index });
}
