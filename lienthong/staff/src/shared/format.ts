import type { Language, Translate } from './i18n';

const ZONE = 'Asia/Ho_Chi_Minh';
const MINUTES_A_WORKING_DAY = 480;
const LOCALES: Record<Language, string> = { vi: 'vi-VN', en: 'en-GB' };

export function dateTime(iso: string | null | undefined, language: Language): string {
  if (!iso) return '–';
  const options: Intl.DateTimeFormatOptions = { timeZone: ZONE, dateStyle: 'short', timeStyle: 'short' };
  return new Intl.DateTimeFormat(LOCALES[language], options).format(new Date(iso));
}

/** A day without its time, as `2026-11-25` comes. */
export function dayOf(iso: string, language: Language): string {
  return new Intl.DateTimeFormat(LOCALES[language], { timeZone: 'UTC', dateStyle: 'short' }).format(new Date(`${iso}T00:00:00Z`));
}

/** Remaining working time in words: days of eight hours, hours, minutes; negative is overdue. */
export function remaining(minutes: number | null, t: Translate): string {
  if (minutes === null) return t('time.none');
  const size = Math.abs(minutes);
  const days = Math.floor(size / MINUTES_A_WORKING_DAY);
  const hours = Math.floor((size % MINUTES_A_WORKING_DAY) / 60);
  const words =
    days > 0
      ? t('time.daysHours', { days, hours })
      : hours > 0
        ? t('time.hoursMinutes', { hours, minutes: size % 60 })
        : t('time.minutes', { minutes: size });
  return minutes < 0 ? t('time.overdueBy', { time: words }) : words;
}

export const percent = (share: number): string => `${Math.round(share * 100)} %`;
