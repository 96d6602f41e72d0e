/** A play in the page: its start, its steps, how many of them are played, and the server's view after those. */
import { useCallback, useEffect, useRef, useState } from 'react';
import { type ApiProblem, asProblem, get, post } from '../shared/api';
import type { PlayStart, PlayView, ScenarioAnswer, Step } from './types';

export interface Play {
  start: PlayStart | null;
  steps: Step[];
  at: number;
  ask: boolean;
  view: PlayView | null;
  problem: ApiProblem | null;
  busy: boolean;
  opened: ScenarioAnswer | null;
  setAsk: (ask: boolean) => void;
  setStart: (start: PlayStart) => void;
  add: (step: Step) => void;
  goTo: (at: number) => void;
  removeAt: (index: number) => void;
  undo: () => void;
  open: (path: string) => Promise<void>;
  restart: () => void;
  body: () => Promise<object>;
}

export function usePlay(path: string, text: () => Promise<string>): Play {
  const [start, setStart] = useState<PlayStart | null>(null);
  const [story, setStory] = useState<{ steps: Step[]; at: number }>({ steps: [], at: 0 });
  const [ask, setAsk] = useState(false);
  const [view, setView] = useState<PlayView | null>(null);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const [busy, setBusy] = useState(false);
  const [opened, setOpened] = useState<ScenarioAnswer | null>(null);
  const first = useRef<PlayStart | null>(null);
  const address = path.split('/').map(encodeURIComponent).join('/');
  useEffect(() => {
    void get<PlayStart>(`/play/start/${address}`)
      .then((found) => {
        first.current = found;
        setStart(found);
      })
      .catch((failure: unknown) => setProblem(asProblem(failure)));
  }, [address]);
  const played = JSON.stringify(story.steps.slice(0, story.at));
  const body = useCallback(
    async (): Promise<object> => ({ path, contents: { [path]: await text() }, ...start, steps: JSON.parse(played) as Step[], ask }),
    [path, text, start, played, ask],
  );
  useEffect(() => {
    if (!start) return undefined;
    let gone = false;
    setBusy(true);
    void (async () => {
      try {
        const found = await post<PlayView>('/play', await body());
        if (gone) return;
        setView(found);
        setProblem(null);
      } catch (failure) {
        if (!gone) setProblem(asProblem(failure));
      } finally {
        if (!gone) setBusy(false);
      }
    })();
    return () => {
      gone = true;
    };
  }, [start, body]);
  const add = (step: Step): void =>
    setStory(({ steps, at }) => {
      const kind = Object.keys(step)[0];
      const incidents = (view?.incidents ?? []).map((each) => each.path);
      const told: Step[] = incidents.length > 0 && kind !== 'expect' && kind !== 'job' ? [{ expect: { incidents } }] : [];
      const added = [...told, step];
      return { steps: [...steps.slice(0, at), ...added, ...steps.slice(at)], at: at + added.length };
    });
  const open = async (scenario: string): Promise<void> => {
    try {
      const found = await get<ScenarioAnswer>(`/play/scenario/${scenario.split('/').map(encodeURIComponent).join('/')}`);
      const bundle = scenario.split('/').slice(0, 2).join('/');
      setOpened(found);
      setStart({ bundle, use: found.use, start: found.start, defaults: found.defaults });
      setStory({ steps: found.steps, at: found.steps.length });
    } catch (failure) {
      setProblem(asProblem(failure));
    }
  };
  return {
    start, ...story, ask, view, problem, busy, opened, setAsk, setStart, add, open, body,
    goTo: (at) => setStory((old) => ({ ...old, at })),
    removeAt: (index) =>
      setStory(({ steps, at }) => ({ steps: steps.filter((_, each) => each !== index), at: index < at ? at - 1 : at })),
    undo: () => setStory(({ steps, at }) => ({ steps: steps.filter((_, each) => each !== at - 1), at: Math.max(0, at - 1) })),
    restart: () => {
      setOpened(null);
      setStory({ steps: [], at: 0 });
      if (first.current) setStart(first.current);
    },
  };
}

const SECOND = 1000;
const UNITS: [string, number][] = [
  ['D', 86_400],
  ['H', 3_600],
  ['M', 60],
  ['S', 1],
];

/** The ISO 8601 duration from one moment to another, in whole seconds, rounded up. */
export function durationTo(from: string, to: string): string {
  let left = Math.max(1, Math.ceil((Date.parse(to) - Date.parse(from)) / SECOND));
  let day = '';
  let clock = '';
  for (const [unit, seconds] of UNITS) {
    const count = Math.floor(left / seconds);
    left -= count * seconds;
    if (count > 0 && unit === 'D') day = `${count}D`;
    else if (count > 0) clock += `${count}${unit}`;
  }
  return `P${day}${clock ? `T${clock}` : ''}`;
}
