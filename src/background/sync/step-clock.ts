/** How long each step of a run takes; a step that comes again adds to its time. */
import type { Milliseconds } from '../../shared/ids.ts';
import type { RunStep, StepTimes } from '../../shared/run.ts';

export class StepClock {
  #since: Milliseconds;
  #times: StepTimes = {};

  constructor(startedAt: Milliseconds) {
    this.#since = startedAt;
  }

  get times(): StepTimes {
    return this.#times;
  }

  /** A step ends, and the next one begins. */
  end(step: RunStep, at: Milliseconds): void {
    this.#times = { ...this.#times, [step]: (this.#times[step] ?? 0) + at - this.#since };
    this.#since = at;
  }
}
