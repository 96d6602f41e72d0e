/** The JSON of the console's own paths. Times are ISO texts; keys are texts. */
import type { IncidentItem, InstanceItem, LocalText } from '../shared/types';

export interface Wait {
  kind: string;
  elementId: string;
  since: string;
  text: LocalText;
  dueAt: string;
  beside: boolean;
  path: string[];
  instanceKey: string;
}
export interface Visit {
  key: string;
  elementId: string;
  name: string;
  type: string;
  state: string;
  startedAt: string | null;
  endedAt: string | null;
  hasIncident: boolean;
}
export interface JobItem {
  key: string;
  type: string;
  state: string;
  retries: number | null;
  worker: string;
  deadline: string | null;
  errorMessage: string;
  elementId: string;
  name: string;
  createdAt: string | null;
  endedAt: string | null;
}
export interface TimerItem {
  elementId: string;
  name: string;
  attachedTo: string;
  interrupting: boolean;
  expression: string;
  dueAt: string;
}
export interface SubscriptionItem {
  name: string;
  correlationKey: string;
  elementId: string;
  element: string;
  state: string;
  beside: boolean;
  at: string | null;
}
export interface VariableRow {
  name: string;
  value: string;
  scopeKey: string;
  scope: string;
  history: { at: string; value: string; by: string }[];
}
export interface InterventionItem {
  id: string;
  at: string;
  actor: string;
  kind: string;
  dossierCode: string;
  instanceKey: string;
  ground: string;
  before: Record<string, unknown>;
  after: Record<string, unknown>;
  outcome: string;
  undoOf: string;
  undoneBy: string;
  undoable: boolean;
}
export interface Life {
  history: Visit[];
  jobs: JobItem[];
  timers: TimerItem[];
  messages: SubscriptionItem[];
  open: { elementId: string; name: string; count: number }[];
  waitingFlows: string[];
  why: Wait[];
  variables: VariableRow[];
  interventions: InterventionItem[];
}
export interface Deadlines {
  dueAt: string | null;
  branches: { code: string; status: string; dueAt: string | null }[];
  entries: { branch: string; dueAt: string; ground: string; at: string }[];
}
export interface Duration {
  elementId: string;
  count: number;
  median: number;
  slowest: number;
}
export interface InstanceSearch {
  dossierCode: string;
  processId: string;
  definitionKey: string;
  elementId: string;
  authority: string;
  state: string;
  onlyIncidents: boolean;
  archived: boolean;
  variable: string;
  value: string;
  startedFrom: string | null;
  startedTo: string | null;
  after: string;
}
export interface Found {
  instances: InstanceItem[];
  total: number;
  next: string | null;
}
export interface Incidents {
  incidents: IncidentItem[];
}
export interface WorkersAnswer {
  workers: { address: string; answers: boolean; status: string; host?: string; pid?: number; startedAt?: string; restarts?: number }[];
  jobTypes: {
    type: string;
    served: boolean | null;
    elements: string[];
    waiting: number;
    oldestSeconds: number | null;
    failing: number;
    perMinute: number | null;
    completed: number;
    failed: number;
    incident: number;
    inFlight: number;
    workers: number;
    secondsSinceLastPoll: number | null;
    meanSeconds: number | null;
  }[];
  connectors: {
    worker: string;
    system: string;
    state: string;
    calls: Record<string, number>;
    lastError: string | null;
    lastErrorAt: string | null;
  }[];
}
export interface HealthAnswer {
  processes: { name: string; address: string; well: boolean; milliseconds: number | null; says: string }[];
  queues: { name: string; waiting: number | null; oldestSeconds: number | null; well: boolean }[];
  versions: { lienthong: string; engine: string; database: string };
}
export interface RoleAt {
  authorityId: string;
  role: string;
}
export interface StaffUser {
  username: string;
  displayName: string;
  phone: string;
  active: boolean;
  lockedUntil: string | null;
  roles: RoleAt[];
}
export interface AuthorityName {
  id: string;
  vi: string;
  en: string;
}
export interface UsersAnswer {
  users: StaffUser[];
  roles: string[];
  authorities: AuthorityName[];
}
export interface AuditItem {
  seq: number;
  at: string;
  actor: string;
  act: string;
  subject: string;
  data: Record<string, unknown>;
  hash: string;
}
export interface SubstitutionItem {
  id: string;
  absent: string;
  substitute: string;
  firstDay: string;
  lastDay: string;
  authorityId: string;
  reason: string;
  createdBy: string;
  endedAt: string | null;
}
export interface LawRow {
  key: string;
  subject: Record<string, unknown>;
  title: LocalText;
  value: Record<string, unknown>;
  mark: string;
  source: string;
}
export interface LawEditItem {
  id: string;
  kind: string;
  subject: Record<string, unknown>;
  value: Record<string, unknown>;
  fromDate: string;
  ground: string;
  mark: string;
  state: string;
  author: string;
  proposedAt: string;
  appliedBy: string;
  appliedAt: string | null;
  withdrawnBy: string;
  withdrawalReason: string;
}
export interface MoveOrderItem {
  id: string;
  askedBy: string;
  askedAt: string;
  instances: number;
  processes: string[];
  startAt: string | null;
  state: 'waiting' | 'approved' | 'refused';
  decidedBy: string;
  decidedAt: string | null;
  note: string;
  jobId: string;
}
