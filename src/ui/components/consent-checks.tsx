/** Choosing any set of consent states, but never none: to libxmtp none would mean all. */
import { consentStates, type ConsentFilter, type ConsentState } from '../../shared/consent.ts';
import { t } from '../text/messages.ts';

interface Props {
  readonly value: readonly ConsentState[];
  readonly onChange: (value: ConsentState[]) => void;
  /** Begins the test id of each box. */
  readonly testid: string;
}

export function ConsentChecks({ value, onChange, testid }: Props) {
  return (
    <>
      {consentStates.map((state) => (
        <label key={state} class="check">
          <input
            type="checkbox"
            data-testid={`${testid}-${state}`}
            checked={value.includes(state)}
            onChange={({ currentTarget: { checked } }) =>
              onChange(
                consentStates.filter((one) => (one === state ? checked : value.includes(one))),
              )
            }
          />
          {t(`consent_set_${state}`)}
        </label>
      ))}
    </>
  );
}

export function asFilter(states: readonly ConsentState[]): ConsentFilter | null {
  const [first, ...rest] = states;
  return first === undefined ? null : [first, ...rest];
}
