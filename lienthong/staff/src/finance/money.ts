import type { Language } from '../shared/i18n';

/** Whole đồng as people write them. */
export const dong = (amount: number | null, language: Language): string =>
  amount === null ? '–' : `${amount.toLocaleString(language === 'vi' ? 'vi-VN' : 'en-GB')} ₫`;
