import { useEffect, useMemo, useRef, useState } from 'react';
import { type ApiProblem, asProblem, put } from '../shared/api';
import type { DraftItem } from '../shared/types';

const TYPING_MS = 700;

export interface DraftKeeper {
  /** Something was typed: it is kept as soon as the typing pauses. */
  typed: (data: Record<string, unknown>) => void;
  /** Keeps what is left at once; the version that the server has now, 0 for none. */
  settle: () => Promise<number>;
  savedAt: string | null;
  problem: ApiProblem | null;
}

/** Keeps a task's draft on the server, one save after the other, each over the version that was seen. */
export function useServerDraft(taskKey: string, draft: DraftItem | null, editable: boolean): DraftKeeper {
  const [savedAt, setSavedAt] = useState<string | null>(null);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const version = useRef(draft?.version ?? 0);
  const waiting = useRef<Record<string, unknown> | null>(null);
  const timer = useRef(0);
  const running = useRef<Promise<void>>(Promise.resolve());
  const handles = useMemo(() => {
    const save = (): Promise<void> => {
      window.clearTimeout(timer.current);
      running.current = running.current.then(async () => {
        const data = waiting.current;
        if (!data) return;
        waiting.current = null;
        try {
          const kept = await put<{ version: number; savedAt: string }>(`/tasks/${taskKey}/draft`, { data, version: version.current });
          version.current = kept.version;
          setSavedAt(kept.savedAt);
          setProblem(null);
        } catch (failure) {
          setProblem(asProblem(failure));
        }
      });
      return running.current;
    };
    return {
      typed: (data: Record<string, unknown>): void => {
        if (!editable) return;
        waiting.current = data;
        window.clearTimeout(timer.current);
        timer.current = window.setTimeout(() => void save(), TYPING_MS);
      },
      settle: async (): Promise<number> => {
        await save();
        return version.current;
      },
    };
  }, [taskKey, editable]);
  useEffect(() => () => void handles.settle(), [handles]);
  return { ...handles, savedAt, problem };
}
