/** bpmn.io's own texts in the reader's language: as a `translate` module where they ask, in the page where they do not. */
import type { ModuleDeclaration } from 'didi';
import type { Language } from './i18n';
import bpmnVi from './i18n/bpmn.vi.json';

type Catalogue = Record<string, string>;

/** Texts asked for that no catalogue holds; a test reads them and finds none. */
export const untranslated = new Set<string>();
(window as unknown as { ltUntranslated: Set<string> }).ltUntranslated = untranslated;

const VIETNAMESE = /[À-ỹĐđ]/;

function translation(language: Language, extra: Catalogue = {}): ModuleDeclaration {
  const catalogue: Catalogue = { ...bpmnVi, ...extra };
  const translate = (text: string, values: Record<string, unknown> = {}): string => {
    const found = language === 'vi' ? catalogue[text] : text;
    if (found === undefined && /[A-Za-z]{2}/.test(text) && !VIETNAMESE.test(text)) untranslated.add(text);
    return (found ?? text).replace(/\{\s*([^}\s]+)\s*\}/g, (whole, name: string) => String(values[name] ?? whole));
  };
  return { translate: ['value', translate] };
}

export const bpmnTranslation = translation;
export const formTranslation = translation;

const ATTRIBUTES = ['title', 'placeholder', 'aria-label', 'data-placeholder', 'data-title'];

/** Texts made of others: what they look like, and the catalogue's text with a place for the rest. */
const MADE: [RegExp, string][] = [
  [/^Create an? (.+) element$/, 'Create a {} element'],
  [/^Remove (.+)$/, 'Remove {}'],
  [/^List contains (\d+) items?$/, 'List contains {} items'],
];

function lookUp(catalogue: Catalogue, text: string): string | undefined {
  const whole = catalogue[text];
  if (whole !== undefined) return whole;
  for (const [form, key] of MADE) {
    const rest = form.exec(text)?.[1];
    if (rest !== undefined) return catalogue[key]?.replace('{}', (catalogue[rest] ?? rest).toLocaleLowerCase('vi'));
  }
  return undefined;
}

/** Translates what an editor writes into the page by itself: whole texts of the catalogue, and those made of them. */
export function translateInside(root: HTMLElement, language: Language, catalogue: Catalogue): () => void {
  if (language !== 'vi') return () => undefined;
  const fixText = (node: Node): void => {
    const text = node.nodeValue ?? '';
    const found = lookUp(catalogue, text) ?? lookUp(catalogue, text.trim());
    if (found !== undefined && found !== text) node.nodeValue = found;
  };
  const fixElement = (element: Element): void => {
    for (const name of ATTRIBUTES) {
      const found = lookUp(catalogue, element.getAttribute(name) ?? '');
      if (found !== undefined && found !== element.getAttribute(name)) element.setAttribute(name, found);
    }
  };
  const isOurs = (node: Node): boolean =>
    !!(node instanceof Element ? node : node.parentElement)?.closest('[data-model-text], .cm-editor, [contenteditable="true"]');
  const fix = (node: Node): void => {
    if (isOurs(node)) return;
    if (node.nodeType === Node.TEXT_NODE) return fixText(node);
    if (!(node instanceof Element)) return;
    fixElement(node);
    node.childNodes.forEach(fix);
  };
  fix(root);
  const watch = new MutationObserver((changes) =>
    changes.forEach((change) => {
      if (change.type === 'childList') change.addedNodes.forEach(fix);
      else if (!isOurs(change.target)) change.type === 'attributes' ? fixElement(change.target as Element) : fixText(change.target);
    }),
  );
  watch.observe(root, { subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: ATTRIBUTES });
  return () => watch.disconnect();
}
