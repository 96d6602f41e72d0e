import { useCallback, useEffect, useState } from 'react';
import { type ApiProblem, asProblem, get } from './api';

export interface Loaded<T> {
  data: T | null;
  problem: ApiProblem | null;
  reload: () => void;
}

/** Loads a path, again when it changes or `everyMs` have passed; an answer that came too late is dropped. */
export function useLoad<T>(path: string | null, everyMs = 0): Loaded<T> {
  const [state, setState] = useState<{ path: string | null; data: T | null; problem: ApiProblem | null }>({
    path: null,
    data: null,
    problem: null,
  });
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    if (path === null) return undefined;
    const abort = new AbortController();
    get<T>(path, abort.signal)
      .then((data) => setState({ path, data, problem: null }))
      .catch((failure: unknown) => {
        if (!abort.signal.aborted)
          setState((old) => ({ path, data: old.path === path ? old.data : null, problem: asProblem(failure) }));
      });
    return () => abort.abort();
  }, [path, turn]);
  const reload = useCallback(() => setTurn((old) => old + 1), []);
  useEffect(() => {
    if (!everyMs) return undefined;
    const timer = setInterval(() => document.visibilityState === 'visible' && reload(), everyMs);
    return () => clearInterval(timer);
  }, [everyMs, reload]);
  return { data: state.data, problem: state.problem, reload };
}
