/** Times as an administrator types and reads them: local to Việt Nam, durations in words. */
import type { Translate } from '../shared/i18n';

const OFFSET = '+07:00';
const SHIFT_MS = 7 * 3_600_000;
const MINUTE = 60;
const HOUR = 3600;
const DAY = 86_400;

/** The value of a date-and-time field (Vietnamese time) as ISO; null when it is empty. */
export const isoOf = (typed: string): string | null => (typed ? `${typed}:00${OFFSET}` : null);

/** An ISO time as the value of a date-and-time field. */
export const typedOf = (iso: string): string => new Date(new Date(iso).getTime() + SHIFT_MS).toISOString().slice(0, 16);

export function inWords(seconds: number | null | undefined, t: Translate): string {
  if (seconds === null || seconds === undefined) return '–';
  if (seconds < MINUTE) return t('time.seconds', { count: Math.round(seconds * 10) / 10 });
  if (seconds < HOUR) return t('time.shortMinutes', { count: Math.round(seconds / MINUTE) });
  if (seconds < DAY) return t('time.hours', { count: Math.round((seconds / HOUR) * 10) / 10 });
  return t('time.days', { count: Math.round((seconds / DAY) * 10) / 10 });
}
