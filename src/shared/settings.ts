/** What the person can set. One record, changed as a whole by patches. */
import * as v from 'valibot';
import { consentFilterSchema, defaultConsentFilter } from './consent.ts';

/** Alarms do not fire more often than every 30 s in Chrome (facts); a day is the longest interval. */
export const shortestInterval = 30;
export const longestInterval = 24 * 60 * 60;

export const settingsSchema = v.strictObject({
  /** Seconds between periodic syncs; null turns them off. */
  syncInterval: v.nullable(
    v.pipe(v.number(), v.integer(), v.minValue(shortestInterval), v.maxValue(longestInterval)),
  ),
  /** Which conversations a sync of everything takes in when nothing else is said. */
  syncConsent: consentFilterSchema,
  /** Seconds without work after which the database connection closes by itself. */
  idleClose: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(60 * 60)),
});

export type Settings = v.InferOutput<typeof settingsSchema>;

export const settingsPatchSchema = v.partial(settingsSchema);
export type SettingsPatch = v.InferOutput<typeof settingsPatchSchema>;

export const defaultSettings: Settings = {
  syncInterval: 5 * 60,
  syncConsent: defaultConsentFilter,
  idleClose: 20,
};
