/** Views whose code comes when it is wanted: the popup's first paint does not wait for the others. */
import { signal, type ReadonlySignal } from '@preact/signals';
import type { ComponentType } from 'preact';
import { useEffect } from 'preact/hooks';
import { toErrorRecord, type ErrorRecord } from '../../shared/errors.ts';
import { ErrorNote } from './error-note.tsx';

export interface Later<Props> {
  readonly View: ComponentType<Props>;
  /** Whether the code is here, or why it will not come. */
  readonly settled: ReadonlySignal<boolean>;
  /** Brings the code. Never rejects; the view says what went wrong. */
  load(): Promise<void>;
}

export function later<Props extends object>(
  bring: () => Promise<ComponentType<Props>>,
): Later<Props> {
  const found = signal<ComponentType<Props> | null>(null);
  const error = signal<ErrorRecord | null>(null);
  const settled = signal(false);
  let loading: Promise<void> | null = null;
  const load = () => {
    loading ??= bring().then(
      (component) => {
        found.value = component;
        settled.value = true;
      },
      (thrown: unknown) => {
        error.value = toErrorRecord(thrown);
        settled.value = true;
      },
    );
    return loading;
  };
  return {
    settled,
    load,
    View(props) {
      useEffect(() => void load(), []);
      const Found = found.value;
      if (Found !== null) return <Found {...props} />;
      return <div class="view">{error.value !== null && <ErrorNote error={error.value} />}</div>;
    },
  };
}
