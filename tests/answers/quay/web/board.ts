import { LitElement, html } from "lit";

/** A ship as the board shows it. */
export interface Arrival {
  ship: string;
  due: Date;
  delayMinutes?: number;
}

/** The board of arrivals. */
export class ArrivalBoard extends LitElement {
  private arrivals: Map<string, Arrival> = new Map();

  announce(arrival: Arrival): void {
    this.arrivals.set(arrival.ship, arrival);
    this.requestUpdate();
  }

  lateOnes(): Arrival[] {
    return [...this.arrivals.values()].filter((each) => (each.delayMinutes ?? 0) > 0);
  }

  render() {
    return html`<ul></ul>`;
  }
}
