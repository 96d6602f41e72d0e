import { type RefObject, useEffect, useRef } from 'react';

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) && !isBox(target);
const isBox = (target: HTMLElement): boolean => target instanceof HTMLInputElement && target.type === 'checkbox';

interface Acts {
  onSelect: (key: string) => void;
  onClaim: (key: string) => void;
  onNext: () => void;
  onHelp: () => void;
}

/**
 * `j`/`k` or arrows move through the queue, Enter follows the link as everywhere, `x` selects, `c` claims, `n` takes the
 * most urgent free task, `/` goes to the search, `?` shows the keys.
 */
export function useQueueKeys(
  list: RefObject<HTMLOListElement | null>,
  search: RefObject<HTMLInputElement | null>,
  acts: Acts,
): void {
  const latest = useRef(acts);
  latest.current = acts;
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
      const here = document.activeElement?.closest<HTMLElement>('[data-task]')?.dataset['task'];
      const plain: Record<string, () => void> = {
        '/': () => search.current?.focus(),
        '?': latest.current.onHelp,
        n: latest.current.onNext,
        x: () => here && latest.current.onSelect(here),
        c: () => here && latest.current.onClaim(here),
      };
      const act = plain[event.key];
      if (act) {
        event.preventDefault();
        act();
        return;
      }
      const step = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 }[event.key];
      if (!step) return;
      const links = [...(list.current?.querySelectorAll<HTMLAnchorElement>('a.task-link') ?? [])];
      if (links.length === 0) return;
      event.preventDefault();
      const rows = links.map((link) => link.closest<HTMLElement>('[data-task]')?.dataset['task']);
      const index = here ? rows.indexOf(here) : -1;
      links[Math.min(links.length - 1, Math.max(0, index < 0 ? 0 : index + step))]?.focus();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [list, search]);
}
