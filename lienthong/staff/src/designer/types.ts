/** What the designer's routes answer. */
import type { LocalText } from '../shared/types';

export interface Finding {
  elementId: string;
  rule: string;
  message: string;
  severity: 'error' | 'warning';
  text: LocalText;
}
export interface LimitNote {
  elementId: string;
  code: string;
  text: LocalText;
  when: string;
  mark: string;
  basis: string;
}
export interface UsageAnswer {
  direct: { path: string; processId: string; elementId: string; name: string }[];
  files: string[];
  bundles: string[];
  siblings: string[];
  calls: string[];
}
export interface CompareLine {
  elementId: string;
  kind: 'added' | 'removed' | 'changed';
  text: LocalText;
}
export interface CompareAnswer {
  old: string;
  new: string;
  lines: CompareLine[];
}
export interface Project {
  bundle: string;
  scenarios: string[];
  files: string[];
}
export interface Verdict {
  path: string;
  name: string;
  failure: string;
  log: string[];
}
export type Values = Record<string, unknown>;
export type Step = Record<string, Values | string | string[]>;
export interface PlayStart {
  bundle: string;
  use: string;
  start: Values & { at?: string; message?: string; process?: string; variables?: Values };
  defaults: Values[];
}
export interface PlayField {
  key: string;
  label: string;
  type: string;
  values: { value: string; label: string }[];
  required: boolean;
}
export interface PlayTask {
  path: string;
  instance: string;
  elementId: string;
  formId: string;
  fields: PlayField[];
  candidateGroups: string[];
  assignee: string;
  dueAt: string;
}
export interface PlayJob {
  type: string;
  path: string;
  instance: string;
  elementId: string;
  headers: Values;
  variables: Values;
  retries: number;
  routine: Values | null;
  publish: Values[];
}
export interface PlayInstance {
  key: string;
  processId: string;
  caller: string;
  callerInstance: string;
  path: string;
  ended: boolean;
  elements: { elementId: string; active: number; completed: number; canceled: number; incidents: number }[];
  variables: { scope: string; values: Values }[];
}
export interface PlayView {
  done: number;
  failure: string;
  models: Record<string, string>;
  now: string;
  ended: boolean;
  started: boolean;
  instances: PlayInstance[];
  tasks: PlayTask[];
  jobs: PlayJob[];
  messages: { name: string; key: string; path: string; elementId: string; interrupting: boolean }[];
  timers: { dueAt: string; path: string; elementId: string }[];
  incidents: { path: string; message: string }[];
  log: { at: string; text: string }[];
  flows: Record<string, string[]>;
  coverage: Record<string, { share: number; missed: string[] }>;
}
export interface GateAnswer {
  bundle: string;
  failed: number;
  scenarios: Verdict[];
  coverage: Record<string, { share: number; taken: string[]; missed: string[] }>;
}
export interface ScenarioAnswer {
  path: string;
  title: string;
  use: string;
  start: PlayStart['start'];
  defaults: Values[];
  steps: Step[];
}
