/** bpmn.io's own texts in the reader's language, as a diagram-js `translate` module. */
import type { ModuleDeclaration } from 'didi';
import type { Language } from './i18n';
import bpmnVi from './i18n/bpmn.vi.json';

const VIETNAMESE: Record<string, string> = bpmnVi;

function translation(language: Language): ModuleDeclaration {
  const translate = (text: string, values: Record<string, unknown> = {}): string => {
    const found = language === 'vi' ? (VIETNAMESE[text] ?? text) : text;
    return found.replace(/\{([^}]+)\}/g, (whole, name: string) => String(values[name] ?? whole));
  };
  return { translate: ['value', translate] };
}

export const bpmnTranslation = translation;
export const formTranslation = translation;
