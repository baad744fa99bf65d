/** What was measured, and what it is held against. */

export type Unit = 'ms' | 'kB' | 'MB' | 'calls' | 'commits' | 'engines' | '1/s';

export interface Series {
  readonly name: string;
  /** Every sample, in the order in which it was taken; the nth of each series belong together. */
  readonly values: readonly number[];
}

export type Target =
  /** The median of paired ratios, `of` to `to`. */
  | {
      readonly kind: 'ratio';
      readonly of: string;
      readonly to: string;
      readonly atMost: number;
    }
  /** The median of a series. */
  | { readonly kind: 'value'; readonly of: string; readonly atMost: number }
  | { readonly kind: 'value'; readonly of: string; readonly atLeast: number };

export interface Row {
  readonly suite: string;
  /** Null for what no browser takes part in. */
  readonly browser: string | null;
  readonly what: string;
  /** The inbox or load that it was measured with. */
  readonly load: string;
  readonly unit: Unit;
  readonly series: readonly Series[];
  readonly targets: readonly Target[];
}

export function median(values: readonly number[]): number {
  const sorted = values.filter(Number.isFinite).toSorted((a, b) => a - b);
  if (sorted.length === 0) return Number.NaN;
  const middle = sorted.length >> 1;
  const upper = sorted[middle]!;
  return sorted.length % 2 === 1 ? upper : (sorted[middle - 1]! + upper) / 2;
}

export interface Judgement {
  readonly value: number;
  readonly text: string;
  readonly wanted: string;
  readonly reached: boolean;
}

export function judge(row: Row, target: Target): Judgement {
  const valuesOf = (name: string) => row.series.find((one) => one.name === name)?.values ?? [];
  if (target.kind === 'ratio') {
    const to = valuesOf(target.to);
    const value = median(valuesOf(target.of).map((one, index) => one / (to[index] ?? Number.NaN)));
    return {
      value,
      text: `${value.toFixed(2)} × ${target.to}`,
      wanted: `≤ ${target.atMost}`,
      reached: value <= target.atMost,
    };
  }
  const value = median(valuesOf(target.of));
  const text = `${format(value)} ${row.unit}`;
  return 'atMost' in target
    ? { value, text, wanted: `≤ ${target.atMost}`, reached: value <= target.atMost }
    : { value, text, wanted: `≥ ${target.atLeast}`, reached: value >= target.atLeast };
}

export function format(value: number): string {
  if (!Number.isFinite(value)) return '–';
  if (value >= 100 || Number.isInteger(value)) return String(Math.round(value));
  return value.toFixed(1);
}
