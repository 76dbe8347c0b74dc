/** Moves this process's Date; timers stay real. */
export interface ShiftedClock {
  /** How far Date is ahead of the machine's clock, in milliseconds. */
  shiftMs: number;
  restore(): void;
}

/** Puts a Date in the place of the real one that is ahead of it. */
export function shiftClock(shiftMs: number): ShiftedClock {
  const RealDate = globalThis.Date;
  const clock: ShiftedClock = {
    shiftMs,
    restore() {
      globalThis.Date = RealDate;
    },
  };
  const now = () => RealDate.now() + clock.shiftMs;
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, args, newTarget) => Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
    apply: () => new RealDate(now()).toString(),
    get: (target, name, receiver) => (name === 'now' ? now : Reflect.get(target, name, receiver)),
  });
  return clock;
}
