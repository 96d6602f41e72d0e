import { useLanguage } from './i18n';

export function LanguageSwitch() {
  const { language, choose, t } = useLanguage();
  const other = language === 'vi' ? 'en' : 'vi';
  return (
    <button type="button" className="link language" lang={other} onClick={() => choose(other)}>
      {t('nav.otherLanguage')}
    </button>
  );
}
