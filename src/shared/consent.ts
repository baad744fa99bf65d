/** Consent states and filters, in the words that the interface and the store use. */
import * as v from 'valibot';

export const consentStates = ['allowed', 'unknown', 'denied'] as const;

export type ConsentState = (typeof consentStates)[number];

export const consentStateSchema = v.picklist(consentStates);

/**
 * Which conversations a sync takes in. Never empty: to libxmtp an empty list means *all* states, so
 * the emptiest wish would fetch the most (docs/libxmtp.md#empty-consent-list).
 */
export type ConsentFilter = readonly [ConsentState, ...ConsentState[]];

export const consentFilterSchema = v.pipe(
  v.array(consentStateSchema),
  v.minLength(1),
  v.transform((states) => normaliseConsentFilter(states)),
);

/** Spam costs no traffic and is never stored unless the person asks for it. */
export const defaultConsentFilter: ConsentFilter = ['allowed'];

/** Removes repeats and fixes the order, so that equal wishes compare equal. Throws on an empty list. */
export function normaliseConsentFilter(states: readonly ConsentState[]): ConsentFilter {
  const [first, ...rest] = consentStates.filter((state) => states.includes(state));
  if (first === undefined) throw new RangeError('A consent filter needs at least one state.');
  return [first, ...rest];
}
