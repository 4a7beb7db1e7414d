// One of the maps that move together: a plan, its painter and its pointer.
import type { Payload } from "./data.js";
import type { Change } from "./compare_data.js";
import { Painter } from "./painter.js";
import type { Tip } from "./tip.js";
import { MapView } from "./view.js";

export class Pane {
  readonly painter: Painter;
  readonly view: MapView;

  constructor(
    readonly data: Payload,
    private readonly target: HTMLElement,
    changes: Change[],
  ) {
    this.painter = new Painter(data);
    this.view = new MapView(data, this.painter, target);
    this.view.ring(changes.map((change) => change.practice));
    this.view.show("spokes", false);
    this.view.show("bases", false);
  }

  /** Take the map out of the page. */
  close(): void {
    this.view.map.setTarget(undefined);
    this.view.map.dispose();
  }

  /** Tell what lies under the pointer; hand on what is clicked. */
  listen(
    tip: Tip,
    pick: (practice: number | null, federation: number | null) => void,
    hover: (federation: number | null) => void,
  ): void {
    const target = this.target;
    this.view.map.on("pointermove", (event) => {
      if (event.dragging) return tip.hide();
      const practices = this.view.practicesAt(event.coordinate).map((hit) => hit.index);
      const federation = this.view.federationAt(event.coordinate);
      hover(federation);
      const box = target.parentElement!;
      tip.show(
        { federation, practices, base: null },
        event.pixel[0]! + box.offsetLeft,
        event.pixel[1]! + box.offsetTop,
        this.data,
      );
    });
    target.addEventListener("pointerleave", () => {
      hover(null);
      tip.hide();
    });
    this.view.map.on("singleclick", (event) => {
      const practice = this.view.practicesAt(event.coordinate)[0]?.index ?? null;
      pick(practice, this.view.federationAt(event.coordinate));
    });
  }
}
