import type { Clock, Timer } from '@flotilla/contracts';

/** How far apart the wheel's turns are. An alarm rings up to two ticks late; none here needs to be finer. */
const tickMs = 50;
/** Slots of one turn of the wheel: 51.2 s. An alarm further away stays in its slot for more turns. Power of two. */
const slotCount = 1024;

/**
 * Rings when it is due, which changes often. Setting it to a later time writes one number: the entry stays in its slot and
 * is moved on when the slot comes up. Only an earlier time moves it at once.
 */
export class Alarm {
  /** When it rings, as a tick of the wheel; -1 = never. */
  dueTick = -1;
  /** The tick whose slot holds this entry; -1 = none. */
  slotTick = -1;
  previous: Alarm | undefined = undefined;
  next: Alarm | undefined = undefined;
  readonly ring: () => void;

  constructor(ring: () => void) {
    this.ring = ring;
  }
}

/**
 * All alarms of one engine behind a single timer (a hashed timing wheel), so that a request costs no timer of its
 * own. The timer only runs while an alarm is set.
 */
export class TimerWheel {
  readonly #clock: Clock;
  readonly #slots: (Alarm | undefined)[] = new Array<Alarm | undefined>(slotCount).fill(undefined);
  #size = 0;
  #tick: number;
  #timer: Timer | undefined;
  #turning = false;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#tick = this.#currentTick();
  }

  /** How many alarms are in the wheel, also those moved to "never" whose slot has not come up yet. For leak tests. */
  get size(): number {
    return this.#size;
  }

  /** Makes `alarm` due `delayMs` from now, whatever it was before. */
  set(alarm: Alarm, delayMs: number): void {
    // Rounded up, so that it is never early; at least one tick away, so that it is never in a slot already met.
    const due = Math.max(Math.ceil((this.#clock.monotonicMs() + delayMs) / tickMs), this.#currentTick() + 1);
    alarm.dueTick = due;
    if (alarm.slotTick === -1) this.#insert(alarm, due);
    else if (due < alarm.slotTick) {
      this.#remove(alarm);
      this.#insert(alarm, due);
    }
  }

  /** Makes `alarm` never due. Its entry leaves the wheel when its slot comes up: clearing is as cheap as setting. */
  clear(alarm: Alarm): void {
    alarm.dueTick = -1;
  }

  /** Takes `alarm` out at once: its owner is gone. */
  forget(alarm: Alarm): void {
    alarm.dueTick = -1;
    if (alarm.slotTick !== -1) this.#remove(alarm);
  }

  /** Forgets everything. */
  close(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    for (let slot = 0; slot < slotCount; slot += 1) {
      for (let entry = this.#slots[slot]; entry !== undefined; entry = this.#slots[slot]) this.forget(entry);
    }
  }

  #currentTick(): number {
    return Math.floor(this.#clock.monotonicMs() / tickMs);
  }

  #insert(entry: Alarm, tick: number): void {
    const slot = tick & (slotCount - 1);
    const first = this.#slots[slot];
    entry.slotTick = tick;
    entry.previous = undefined;
    entry.next = first;
    if (first !== undefined) first.previous = entry;
    this.#slots[slot] = entry;
    this.#size += 1;
    if (this.#turning) return;
    if (this.#size === 1) this.#tick = this.#currentTick();
    this.#timer ??= this.#arm();
  }

  #remove(entry: Alarm): void {
    if (entry.previous === undefined) this.#slots[entry.slotTick & (slotCount - 1)] = entry.next;
    else entry.previous.next = entry.next;
    if (entry.next !== undefined) entry.next.previous = entry.previous;
    entry.previous = undefined;
    entry.next = undefined;
    entry.slotTick = -1;
    this.#size -= 1;
  }

  #arm(): Timer {
    return this.#clock.after(tickMs, () => this.#turn());
  }

  #turn(): void {
    this.#timer = undefined;
    const now = this.#currentTick();
    // After a long pause of the process one full turn meets every slot; more would only repeat it.
    const from = Math.max(this.#tick + 1, now - slotCount + 1);
    this.#tick = now;
    this.#turning = true;
    for (let tick = from; tick <= now; tick += 1) this.#meet(tick & (slotCount - 1), now);
    this.#turning = false;
    if (this.#size > 0) this.#timer = this.#arm();
  }

  #meet(slot: number, now: number): void {
    let entry = this.#slots[slot];
    const due: Alarm[] = [];
    while (entry !== undefined) {
      const { next } = entry;
      if (entry.slotTick <= now) {
        this.#remove(entry);
        if (entry.dueTick !== -1 && entry.dueTick <= now) due.push(entry);
        else if (entry.dueTick !== -1) this.#insert(entry, entry.dueTick);
      }
      entry = next;
    }
    // Run after the slot is consistent: what runs may set and clear any alarm.
    for (const alarm of due) {
      if (alarm.dueTick === -1 || alarm.dueTick > now) continue;
      alarm.dueTick = -1;
      alarm.ring();
    }
  }
}
