// What the door's server says, and what waits to be said to it.
import type { Tone } from "./signals";

export interface Verdict {
  tone: Tone;
  word: string;
  corner: string[];
  title: string;
  detail: string;
  facts?: { name: string; value: string }[];
  undoTicketId?: string | null;
}

export interface Counts {
  admitted: number;
  expected: number;
}

export interface Guest {
  ticketId: string;
  name: string;
  line: string;
  state: string;
  canEnter: boolean;
}

export interface Found {
  guests: Guest[];
  hint: string;
}

/** A scan: its id makes it count once, however often it is sent. `at` is in milliseconds of the phone's clock. */
export interface Scan {
  id: string;
  url: string;
  fields: Record<string, string>;
  at: number;
}
