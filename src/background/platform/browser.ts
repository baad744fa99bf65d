/** The browsers' common interface, with promises. Only files in this folder know it. */
export { default as browser } from 'webextension-polyfill';
export type { Alarms, Runtime } from 'webextension-polyfill';
