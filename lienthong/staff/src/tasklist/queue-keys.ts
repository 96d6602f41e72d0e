import { type RefObject, useEffect } from 'react';

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);

/** `j`/`k` or arrows move through the queue, `/` goes to the search; Enter follows the link as everywhere. */
export function useQueueKeys(list: RefObject<HTMLOListElement | null>, search: RefObject<HTMLInputElement | null>): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === '/') {
        event.preventDefault();
        search.current?.focus();
        return;
      }
      const step = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 }[event.key];
      if (!step) return;
      const links = [...(list.current?.querySelectorAll<HTMLAnchorElement>('a.task-link') ?? [])];
      if (links.length === 0) return;
      event.preventDefault();
      const here = links.indexOf(document.activeElement as HTMLAnchorElement);
      links[Math.min(links.length - 1, Math.max(0, here < 0 ? 0 : here + step))]?.focus();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [list, search]);
}
