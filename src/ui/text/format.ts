/** Times, numbers and sizes in words. Formatters are made once: making one costs more than using it. */
import type { Milliseconds } from '../../shared/ids.ts';
import { locale, t } from './messages.ts';

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

const number = once(() => new Intl.NumberFormat(locale()));
const compact = once(() => new Intl.NumberFormat(locale(), { notation: 'compact' }));
const decimal = once(() => new Intl.NumberFormat(locale(), { maximumFractionDigits: 1 }));
const clock = once(() => new Intl.DateTimeFormat(locale(), { timeStyle: 'short' }));
const weekday = once(() => new Intl.DateTimeFormat(locale(), { weekday: 'short' }));
const longWeekday = once(() => new Intl.DateTimeFormat(locale(), { weekday: 'long' }));
const dayAndMonth = once(
  () => new Intl.DateTimeFormat(locale(), { day: 'numeric', month: 'short' }),
);
const numericDate = once(
  () => new Intl.DateTimeFormat(locale(), { day: 'numeric', month: 'numeric', year: '2-digit' }),
);
const longDay = once(
  () => new Intl.DateTimeFormat(locale(), { weekday: 'long', day: 'numeric', month: 'long' }),
);
const longDate = once(() => new Intl.DateTimeFormat(locale(), { dateStyle: 'long' }));
const dateAndTime = once(
  () => new Intl.DateTimeFormat(locale(), { dateStyle: 'medium', timeStyle: 'short' }),
);
const shortDateAndTime = once(
  () =>
    new Intl.DateTimeFormat(locale(), {
      ...{ day: 'numeric', month: 'short', hour: 'numeric', minute: '2-digit' },
    }),
);
const relative = once(() => new Intl.RelativeTimeFormat(locale(), { numeric: 'auto' }));

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

export function formatNumber(value: number): string {
  return number().format(value);
}

/** For badges: 1,234 as 1.2K. */
export function formatCompact(value: number): string {
  return value < 1000 ? number().format(value) : compact().format(value);
}

export function formatClock(at: Milliseconds): string {
  return clock().format(at);
}

export function formatDateTime(at: Milliseconds): string {
  return dateAndTime().format(at);
}

/** From one moment to another: 14:02 – 15:20 today, with the days before. */
export function formatSpan(from: Milliseconds, until: Milliseconds, now: Milliseconds): string {
  const isToday = daysBetween(from, now) <= 0;
  return (isToday ? clock() : shortDateAndTime()).formatRange(from, until);
}

/** Whole local days from `at` to `now`: 0 today, 1 yesterday, negative in the future. */
export function daysBetween(at: Milliseconds, now: Milliseconds): number {
  const midnight = (time: Milliseconds) => new Date(time).setHours(0, 0, 0, 0);
  // Rounded, because a day with a change of clocks has 23 or 25 hours.
  return Math.round((midnight(now) - midnight(at)) / day);
}

/** For list rows: 14:02 today, Mon within a week, 3 May this year, 3/5/24 before. */
export function formatListTime(at: Milliseconds, now: Milliseconds): string {
  const days = daysBetween(at, now);
  if (days <= 0) return clock().format(at);
  if (days < 7) return weekday().format(at);
  const sameYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  return (sameYear ? dayAndMonth() : numericDate()).format(at);
}

/** For the lines between days of a conversation: Today, Yesterday, Monday, Sunday 3 May, 3 May 2024. */
export function formatDay(at: Milliseconds, now: Milliseconds): string {
  const days = daysBetween(at, now);
  if (days === 0 || days === 1) return capitalise(relative().format(-days, 'day'));
  if (days > 0 && days < 7) return longWeekday().format(at);
  const sameYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  return (sameYear ? longDay() : longDate()).format(at);
}

/** How long ago: just now, 3 minutes ago, yesterday; a date once it is more than a week. */
export function formatAgo(at: Milliseconds, now: Milliseconds): string {
  const age = now - at;
  if (age < 45 * second) return t('just_now');
  if (age < hour) return relative().format(-Math.max(1, Math.round(age / minute)), 'minute');
  if (age < day) return relative().format(-Math.round(age / hour), 'hour');
  const days = daysBetween(at, now);
  return days < 7 ? relative().format(-days, 'day') : formatDateTime(at);
}

/** A stretch of time: 840 ms, 3.2 s, 2 min, 2 min 5 s. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds < second) {
    return t('duration_milliseconds', { value: formatNumber(Math.round(milliseconds)) });
  }
  if (milliseconds < minute) {
    return t('duration_seconds', { value: decimal().format(milliseconds / second) });
  }
  const whole = Math.round(milliseconds / second);
  const minutes = formatNumber(Math.floor(whole / 60));
  if (whole % 60 === 0) return t('duration_whole_minutes', { minutes });
  return t('duration_minutes', { minutes, seconds: formatNumber(whole % 60) });
}

/** A size in decimal units, as browsers' own downloads show it. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return t('bytes', { value: formatNumber(bytes) });
  if (bytes < 1_000_000) return t('kilobytes', { value: decimal().format(bytes / 1000) });
  if (bytes < 1_000_000_000) {
    return t('megabytes', { value: decimal().format(bytes / 1_000_000) });
  }
  return t('gigabytes', { value: decimal().format(bytes / 1_000_000_000) });
}

function capitalise(text: string): string {
  return text.charAt(0).toLocaleUpperCase(locale()) + text.slice(1);
}
