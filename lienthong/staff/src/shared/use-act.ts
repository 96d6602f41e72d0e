/** Doing something: one thing at a time, its failure in words. */
import { useCallback, useState } from 'react';
import { type ApiProblem, asProblem } from './api';

export function useAct() {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const act = useCallback(async (work: () => Promise<void>): Promise<boolean> => {
    setBusy(true);
    setProblem(null);
    try {
      await work();
      return true;
    } catch (failure) {
      setProblem(asProblem(failure));
      return false;
    } finally {
      setBusy(false);
    }
  }, []);
  return { busy, problem, act };
}
