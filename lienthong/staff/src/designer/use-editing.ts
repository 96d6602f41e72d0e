/** One model in the hands of its designer: text, drafts, checks and saves, whatever editor is inside. */
import { useCallback, useEffect, useRef, useState } from 'react';
import { type ApiProblem, asProblem, get, post, put, remove } from '../shared/api';
import { useT } from '../shared/i18n';
import { leaving } from '../shared/router';
import type { ModelDetail } from '../shared/types';
import type { Finding } from './types';

const CHECK_AFTER_MS = 900;
const DRAFT_AFTER_MS = 4000;

export interface Draft {
  content: string;
  revision: string;
  at: string;
}
/** What every editor gets. */
export interface Editing {
  /** The editor puts its export here. */
  setExport: (text: () => Promise<string>) => void;
  /** The editor puts its way to an element here. */
  setReach: (reach: (elementId: string) => void) => void;
  onChange: () => void;
  findings: Finding[];
}
export interface EditingState extends Editing {
  dirty: boolean;
  saved: boolean;
  problem: ApiProblem | null;
  checked: boolean;
  draft: Draft | null;
  draftAt: string;
  text: () => Promise<string>;
  reach: (elementId: string) => void;
  save: (message: string) => Promise<boolean>;
  check: () => Promise<void>;
  forgetDraft: () => Promise<void>;
}

/** Asks before unsaved work is left. */
function useLeaving(dirty: boolean): void {
  const t = useT();
  useEffect(() => {
    leaving.mayLeave = dirty ? () => window.confirm(t('models.leave')) : null;
    const onUnload = (event: BeforeUnloadEvent): void => event.preventDefault();
    if (dirty) window.addEventListener('beforeunload', onUnload);
    return () => {
      leaving.mayLeave = null;
      window.removeEventListener('beforeunload', onUnload);
    };
  }, [dirty, t]);
}

export function useEditing(detail: ModelDetail, content: string, address: string, onSaved: () => void): EditingState {
  const exporting = useRef<() => Promise<string>>(() => Promise.resolve(content));
  const reaching = useRef<(elementId: string) => void>(() => undefined);
  const revision = useRef(detail.revision);
  const [dirty, setDirty] = useState(content !== detail.content);
  const [turn, setTurn] = useState(0);
  const [saved, setSaved] = useState(false);
  const [findings, setFindings] = useState<Finding[]>([]);
  const [checked, setChecked] = useState(false);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const [draft, setDraft] = useState<Draft | null>(null);
  const [draftAt, setDraftAt] = useState('');
  const draftAddress = address.replace('/models/file/', '/designer/drafts/');
  useLeaving(dirty);
  const text = useCallback(() => exporting.current(), []);
  const reach = useCallback((elementId: string) => reaching.current(elementId), []);
  const setExport = useCallback((next: () => Promise<string>) => {
    exporting.current = next;
    setTurn((old) => old + 1);
  }, []);
  const setReach = useCallback((next: (elementId: string) => void) => {
    reaching.current = next;
  }, []);
  const onChange = useCallback(() => {
    setDirty(true);
    setSaved(false);
    setTurn((old) => old + 1);
  }, []);
  const check = useCallback(async () => {
    try {
      const body = { name: detail.path, content: await exporting.current() };
      const answer = await post<{ problems: Finding[]; advice: Finding[] }>('/models/check', body);
      setFindings([...answer.problems, ...answer.advice]);
      setChecked(true);
    } catch (failure) {
      setProblem(asProblem(failure));
    }
  }, [detail.path]);
  useEffect(() => {
    if (turn === 0) return undefined;
    const timer = setTimeout(() => void check(), CHECK_AFTER_MS);
    return () => clearTimeout(timer);
  }, [turn, check]);
  useEffect(() => {
    if (!dirty || turn === 0) return undefined;
    const timer = setTimeout(async () => {
      const body = { content: await exporting.current(), revision: revision.current };
      await put<{ at: string }>(draftAddress, body)
        .then((kept) => setDraftAt(kept.at))
        .catch(() => setDraftAt(''));
    }, DRAFT_AFTER_MS);
    return () => clearTimeout(timer);
  }, [dirty, turn, draftAddress]);
  useEffect(() => {
    void get<{ draft: Draft | null }>(draftAddress)
      .then((answer) => setDraft(answer.draft && answer.draft.content !== content ? answer.draft : null))
      .catch(() => undefined);
  }, [draftAddress, content]);
  const forgetDraft = useCallback(async () => {
    setDraft(null);
    setDraftAt('');
    await remove(draftAddress).catch(() => undefined);
  }, [draftAddress]);
  const save = async (message: string): Promise<boolean> => {
    setProblem(null);
    try {
      const body = { content: await exporting.current(), message: message.trim(), revision: revision.current };
      revision.current = (await put<{ revision: string }>(address, body)).revision;
      setDirty(false);
      setSaved(true);
      await forgetDraft();
      onSaved();
      return true;
    } catch (failure) {
      setProblem(asProblem(failure));
      return false;
    }
  };
  return {
    setExport, setReach, onChange, findings, dirty, saved, problem, checked, draft, draftAt, text, reach, save, check, forgetDraft,
  };
}
