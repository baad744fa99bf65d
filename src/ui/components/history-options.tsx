/** What an archive is to hold: the same choice for a request, for sending and for a backup. */
import { useSignal, type Signal } from '@preact/signals';
import { historyElements, type HistoryOptions } from '../../shared/history.ts';
import { t } from '../text/messages.ts';
import { DateField, endOfDay, startOfDay } from './date-field.tsx';

type Element = HistoryOptions['elements'][number];

export interface ChosenOptions {
  readonly elements: Signal<readonly Element[]>;
  readonly from: Signal<string>;
  readonly until: Signal<string>;
  readonly exclude: Signal<boolean>;
  /** As commands take them. */
  readonly value: {
    readonly elements: Element[];
    readonly from: number | null;
    readonly until: number | null;
    readonly excludeDisappearing: boolean;
  };
  /** Why they cannot be used, in words; null where they can. */
  readonly problem: string | null;
}

export function useHistoryOptions(): ChosenOptions {
  const elements = useSignal<readonly Element[]>(historyElements);
  const from = useSignal('');
  const until = useSignal('');
  const exclude = useSignal(false);
  const range = { from: startOfDay(from.value), until: endOfDay(until.value) };
  const isBad = range.from !== null && range.until !== null && range.from >= range.until;
  return {
    elements,
    from,
    until,
    exclude,
    value: { elements: [...elements.value], ...range, excludeDisappearing: exclude.value },
    problem:
      elements.value.length === 0
        ? t('history_no_elements')
        : isBad
          ? t('history_bad_range')
          : null,
  };
}

/** @param name begins the test ids, where a page has several of these. */
export function HistoryOptionFields({
  options: { elements, from, until, exclude },
  name,
}: {
  readonly options: ChosenOptions;
  readonly name: string;
}) {
  return (
    <>
      <div class="section" role="group" aria-label={t('history_what')}>
        {historyElements.map((element) => (
          <label key={element} class="check">
            <input
              type="checkbox"
              data-testid={`${name}-${element}`}
              checked={elements.value.includes(element)}
              onChange={({ currentTarget: { checked } }) => {
                elements.value = historyElements.filter((one) =>
                  one === element ? checked : elements.value.includes(one),
                );
              }}
            />
            {t(`history_${element}`)}
          </label>
        ))}
        <label class="check">
          <input
            type="checkbox"
            data-testid={`${name}-exclude-disappearing`}
            checked={exclude.value}
            onChange={({ currentTarget: { checked } }) => {
              exclude.value = checked;
            }}
          />
          {t('history_exclude')}
        </label>
      </div>
      <fieldset class="section bare">
        <legend class="label">{t('history_range')}</legend>
        <div class="row">
          <DateField label={t('history_from')} testid={`${name}-from`} value={from} />
          <DateField label={t('history_until')} testid={`${name}-until`} value={until} />
        </div>
      </fieldset>
    </>
  );
}
