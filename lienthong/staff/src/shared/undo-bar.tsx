/** What was just completed and may be taken back, with the seconds that are left. */
import { useEffect, useState, useSyncExternalStore } from 'react';
import { type ApiProblem, asProblem, post } from './api';
import { useT } from './i18n';
import { go } from './router';
import { ProblemNote } from './states';

interface Held {
  key: string;
  until: string;
}
let held: Held | null = null;
const listeners = new Set<() => void>();

/** A completion that is held; the newest is shown. */
export function offerUndo(next: Held | null): void {
  held = next;
  listeners.forEach((listener) => listener());
}
const useHeld = (): Held | null =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => held,
  );

export function UndoBar() {
  const t = useT();
  const shown = useHeld();
  const [now, setNow] = useState(Date.now());
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  useEffect(() => {
    if (!shown) return undefined;
    setProblem(null);
    const timer = setInterval(() => setNow(Date.now()), 500);
    return () => clearInterval(timer);
  }, [shown]);
  const seconds = shown ? Math.ceil((Date.parse(shown.until) - now) / 1000) : 0;
  useEffect(() => {
    if (shown && seconds <= 0) offerUndo(null);
  }, [shown, seconds]);
  if (problem && !shown) return <ProblemNote problem={problem} />;
  if (!shown || seconds <= 0) return null;
  const undo = (): void => {
    post(`/tasks/${shown.key}/undo`).then(
      () => {
        offerUndo(null);
        go(`/staff/tasklist/${shown.key}`);
      },
      (failure: unknown) => {
        setProblem(asProblem(failure));
        offerUndo(null);
      },
    );
  };
  return (
    <div className="undo-bar" role="status">
      <span>{t('undo.held', { seconds })}</span>
      <button type="button" className="button" onClick={undo}>
        {t('undo.undo')}
      </button>
    </div>
  );
}
