/** A whole number within bounds; what does not fit is said and not stored. */
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { formatNumber } from '../text/format.ts';
import { t } from '../text/messages.ts';

export function NumberField(props: {
  readonly label: string;
  readonly testid: string;
  readonly least: number;
  readonly most: number;
  readonly value: number;
  readonly onSave: (value: number) => void;
}) {
  const invalid = useSignal(false);
  /** What is in the field stays as it was written, right or wrong, until another value is stored. */
  const text = useSignal(String(props.value));
  useEffect(() => {
    text.value = String(props.value);
    invalid.value = false;
  }, [props.value]);
  return (
    <label class="field">
      <span class="label">{props.label}</span>
      <input
        type="number"
        class="input"
        data-testid={props.testid}
        min={props.least}
        max={props.most}
        step={1}
        value={text.value}
        aria-invalid={invalid.value}
        onInput={({ currentTarget }) => {
          text.value = currentTarget.value;
        }}
        onChange={({ currentTarget }) => {
          text.value = currentTarget.value;
          const value = currentTarget.valueAsNumber;
          const fits = Number.isInteger(value) && value >= props.least && value <= props.most;
          invalid.value = !fits;
          if (fits && value !== props.value) props.onSave(value);
        }}
      />
      {invalid.value && (
        <span class="problem" role="alert">
          {t('number_out_of_range', {
            least: formatNumber(props.least),
            most: formatNumber(props.most),
          })}
        </span>
      )}
    </label>
  );
}
