/** Texts by key in two languages; Vietnamese first. The choice is the cookie that the portal uses too. */
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react';
import en from './i18n/en.json';
import vi from './i18n/vi.json';
import type consoleVi from './i18n/console.vi.json';
import type designerVi from './i18n/designer.vi.json';
import type financeVi from './i18n/finance.vi.json';
import type oversightVi from './i18n/oversight.vi.json';
import tasklistEn from './i18n/tasklist.en.json';
import tasklistVi from './i18n/tasklist.vi.json';

export type Language = 'vi' | 'en';
export type TextKey = keyof (typeof vi & typeof consoleVi & typeof designerVi & typeof financeVi & typeof oversightVi & typeof tasklistVi);
type Values = Record<string, string | number>;
export type Translate = (key: TextKey, values?: Values) => string;

const CATALOGUES: Record<Language, Record<string, string>> = {
  vi: { ...vi, ...tasklistVi },
  en: { ...en, ...tasklistEn },
};
const COOKIE = 'lt_lang';
const YEAR_SECONDS = 31_536_000;

const fill = (text: string, values?: Values): string =>
  values ? text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole)) : text;

export const translator =
  (language: Language): Translate =>
  (key, values) =>
    fill(CATALOGUES[language][key] ?? key, values);

/** Adds the texts of an area that is loaded later (designer, console): the tasklist never carries them. */
export function addTexts(texts: Record<Language, Record<string, string>>): void {
  Object.assign(CATALOGUES.vi, texts.vi);
  Object.assign(CATALOGUES.en, texts.en);
}

/** The text of a key made at run time (`status.` + value); the value itself when the catalogue has none. */
export function textOr(t: Translate, key: string, otherwise: string): string {
  return key in CATALOGUES.vi ? t(key as TextKey) : otherwise;
}

const chosen = (): Language => (/(?:^|;\s*)lt_lang=en/.test(document.cookie) ? 'en' : 'vi');

interface LanguageValue {
  language: Language;
  t: Translate;
  choose: (language: Language) => void;
}
const Context = createContext<LanguageValue>({ language: 'vi', t: translator('vi'), choose: () => undefined });

export function LanguageProvider({ children }: { children: ReactNode }) {
  const [language, setLanguage] = useState<Language>(chosen);
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  const value = useMemo<LanguageValue>(
    () => ({
      language,
      t: translator(language),
      choose: (next) => {
        document.cookie = `${COOKIE}=${next}; path=/; max-age=${YEAR_SECONDS}; samesite=lax`;
        setLanguage(next);
      },
    }),
    [language],
  );
  return <Context.Provider value={value}>{children}</Context.Provider>;
}

export const useLanguage = (): LanguageValue => useContext(Context);
export const useT = (): Translate => useContext(Context).t;
