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
  /**
   * Whether syncs come sooner while something happens, and more rarely after a quiet time; without it
   * the interval is kept as it is.
   */
  adaptive: v.boolean(),
  /** Calls to the network that syncs by themselves may make in a day; null for any number. */
  dailyCalls: v.nullable(v.pipe(v.number(), v.integer(), v.minValue(100), v.maxValue(1_000_000))),
  /** `live` keeps the engine running and receives at once; `periodic` runs it for syncs only. */
  mode: v.picklist(['periodic', 'live']),
  /** Which conversations a sync of everything takes in when nothing else is said. */
  syncConsent: consentFilterSchema,
  /** Whether this installation answers when another one of the inbox asks for history. */
  serveHistory: v.boolean(),
  /** Seconds without work after which the database connection closes by itself. */
  idleClose: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(60 * 60)),
});

export type Settings = v.InferOutput<typeof settingsSchema>;

export const settingsPatchSchema = v.partial(settingsSchema);
export type SettingsPatch = v.InferOutput<typeof settingsPatchSchema>;

export const defaultSettings: Settings = {
  syncInterval: 5 * 60,
  adaptive: true,
  dailyCalls: null,
  mode: 'periodic',
  syncConsent: defaultConsentFilter,
  serveHistory: true,
  idleClose: 20,
};
