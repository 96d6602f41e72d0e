/** The smallest router that does: the path as a store, and links that do not reload. */
import { useSyncExternalStore } from 'react';

const listeners = new Set<() => void>();
const notify = (): void => listeners.forEach((listener) => listener());
window.addEventListener('popstate', notify);

/** Where leaving would lose work, a page puts a question here; `false` stays. */
export const leaving: { mayLeave: (() => boolean) | null } = { mayLeave: null };

export function go(path: string, replace = false): void {
  if (leaving.mayLeave && !leaving.mayLeave()) return;
  leaving.mayLeave = null;
  window.history[replace ? 'replaceState' : 'pushState'](null, '', path);
  window.scrollTo(0, 0);
  notify();
}

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

export const usePath = (): string => useSyncExternalStore(subscribe, () => window.location.pathname);

/** The parameters of the address: a filter that can be sent to a colleague. */
export const useQuery = (): URLSearchParams =>
  new URLSearchParams(useSyncExternalStore(subscribe, () => window.location.search));

/** Changes parameters of the address without leaving the page; empty ones go. */
export function setQuery(changes: Record<string, string>): void {
  const query = new URLSearchParams(window.location.search);
  for (const [name, value] of Object.entries(changes)) {
    if (value) query.set(name, value);
    else query.delete(name);
  }
  const text = query.toString();
  window.history.replaceState(null, '', `${window.location.pathname}${text ? `?${text}` : ''}`);
  notify();
}
