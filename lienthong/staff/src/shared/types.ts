/** The JSON of `/api`, as `lienthong/api` writes it. Times are ISO texts; keys are texts. */

export interface TaskItem {
  key: string;
  elementId: string;
  name: string;
  dossierCode: string;
  applicant: string;
  bundleTitle: LocalText;
  procedureCode: string;
  procedureName: LocalText;
  authorityId: string;
  authorityName: LocalText;
  role: string;
  assignee: string | null;
  mine: boolean;
  /** Nobody holds it, or it was escalated to a group of one's own. */
  takeable: boolean;
  dueAt: string | null;
  remainingMinutes: number | null;
  priority: number;
  essential: boolean;
  createdAt: string;
  /** In whose place one works on it; empty where the own right is enough. */
  insteadOf: string;
  mayGive: boolean;
  revision: number;
}
export interface LocalText {
  vi: string;
  en: string;
}
export type View = 'all' | 'mine' | 'free' | 'overdue' | 'soon';
export interface QueueAnswer {
  items: TaskItem[];
  /** Only with the first page. */
  counts: Partial<Record<View, number>>;
  total: number;
  after: string;
  standsInFor: string[];
  undoable: { key: string; until: string }[];
  groups: { authorityId: string; authorityName: LocalText; role: string }[];
}
export interface DocumentField {
  name: string;
  value: string;
  confidence: number;
  page: number;
  x: number;
  y: number;
  width: number;
  height: number;
  reviewed: boolean;
  needsReview: boolean;
}
export interface PaperItem {
  id: string;
  kind: string;
  fileName: string;
  contentType: string;
  role: string;
  pages: number;
  number: string;
  fields: DocumentField[];
}
export interface TimelineItem {
  at: string;
  kind: string;
  branchCode: string;
  actor: string;
  text: LocalText;
}
export interface BranchItem {
  code: string;
  name: LocalText;
  authorityId: string;
  authorityName: LocalText;
  status: string;
  dueAt: string | null;
  finishedAt: string | null;
  late: boolean;
  resultNumber: string;
}
export interface ComponentItem {
  branchCode: string;
  name: string;
  status: string;
  provenance: string;
  documentId: string | null;
}
export interface CommentItem {
  id: string;
  author: string;
  text: string;
  branchCode: string;
  at: string;
}
export interface ConsultationItem {
  id: string;
  dossierCode: string;
  branchCode: string;
  asking: LocalText;
  asked: LocalText;
  question: string;
  askedBy: string;
  askedAt: string;
  dueAt: string;
  opinion: string;
  answer: string;
  answeredAt: string | null;
}
export interface DossierView {
  code: string;
  title: LocalText;
  status: string;
  paymentStatus: string;
  applicant: string;
  organisation: string;
  phone: string;
  personalNumber: string;
  channel: string;
  filedAt: string;
  dueAt: string | null;
  branches: BranchItem[];
  components: ComponentItem[];
  timeline: TimelineItem[];
  documents: PaperItem[];
  comments: CommentItem[];
  consultations: ConsultationItem[];
}
export interface DraftItem {
  data: Record<string, unknown>;
  version: number;
  savedBy: string;
  savedAt: string;
}
export interface TaskDetail {
  task: TaskItem;
  /** null: the task belongs to no single dossier (a late list). */
  dossier: DossierView | null;
  draft: DraftItem | null;
  next: string | null;
  undoSeconds: number;
}
export interface TaskFormAnswer {
  schema: Record<string, unknown> | null;
  data: Record<string, unknown>;
}
export interface ElementCount {
  elementId: string;
  active: number;
  completed: number;
  canceled: number;
  incidents: number;
}
export interface DiagramView {
  processInstanceKey: string;
  name: string;
  xml: string;
  elements: ElementCount[];
  flows: string[];
}

export interface DefinitionVersion {
  key: string;
  version: number;
  versionTag: string;
  running: number;
  dossiers: number;
  incidents: number;
}
export interface DefinitionGroup {
  processId: string;
  name: string;
  kind: 'bundle' | 'procedure' | 'step' | 'other';
  versions: DefinitionVersion[];
}
export interface InstanceItem {
  key: string;
  processId: string;
  processName: string;
  version: number;
  definitionKey: string;
  state: string;
  startedAt: string | null;
  endedAt: string | null;
  parentKey: string | null;
  hasIncident: boolean;
  dossierCode: string;
}
export interface DefinitionDetail {
  key: string;
  processId: string;
  name: string;
  version: number;
  versionTag: string;
  xml: string;
  elements: ElementCount[];
  instances: InstanceItem[];
}
export interface IncidentItem {
  key: string;
  type: string;
  message: string;
  elementId: string;
  processId: string;
  processInstanceKey: string;
  jobKey: string | null;
  createdAt: string | null;
  dossierCode: string;
}
export interface VariableItem {
  name: string;
  value: string;
  scopeKey: string;
}
export interface InstanceDetail {
  instance: InstanceItem;
  parents: InstanceItem[];
  children: InstanceItem[];
  xml: string;
  elements: ElementCount[];
  flows: string[];
  variables: VariableItem[];
  incidents: IncidentItem[];
}
export interface RetryAnswer {
  outcome: 'resolved' | 'again' | 'pending';
  incident: IncidentItem | null;
}
export interface ModelItem {
  path: string;
  name: string;
  kind: string;
  processId: string;
  changedAt: string | null;
  author: string;
  state: 'same' | 'changed' | 'new' | 'unknown';
}
export interface ModelDetail {
  path: string;
  content: string;
  revision: string;
  history: { revision: string; author: string; message: string; at: string }[];
}
export interface ModelProblem {
  elementId: string;
  rule: string;
  message: string;
}
export interface DeployChange {
  path: string;
  processId: string;
  state: 'changed' | 'new' | 'same' | 'unknown';
  deployedVersion: number | null;
  running: number;
  added: string[];
  removed: string[];
  changed: string[];
}
export interface DeployedItem {
  processId: string;
  version: number;
}
export interface ImpactGroup {
  id: string;
  verdict: 'itself' | 'choice' | 'cannot';
  count: number;
  elements: string[];
  waitsAt: string[];
  reasons: LocalText[];
  movable: boolean;
  timers: LocalText[];
  dossiers: string[];
  /** Of each listed dossier: when it is due, and the working time used; a move changes neither. */
  deadlines: { code: string; dueAt: string | null; usedMinutes?: number; leftMinutes?: number | null }[];
}
export interface ImpactReport {
  processId: string;
  version: number;
  definitionKey: string;
  changes: { kind: string; elementId: string; setting: string; text: LocalText }[];
  counts: Record<ImpactGroup['verdict'], number>;
  groups: ImpactGroup[];
  mapping: {
    source: string;
    sourceName: string;
    target: string;
    suggested: string;
    by: '' | 'id' | 'name' | 'type';
    candidates: { id: string; name: string }[];
  }[];
}
export type MoveOutcome =
  | 'waiting'
  | 'moved'
  | 'undone'
  | 'refused'
  | 'kept'
  | 'ended'
  | 'unavailable'
  | 'unavailable-back'
  | 'canceled'
  | 'retried'
  | 'again';
export interface MoveJob {
  id: string;
  by: string;
  at: string;
  kind: 'move' | 'retry' | 'cancel';
  startAt: string;
  wish: 'run' | 'undo' | 'withdrawn';
  state: 'running' | 'paused' | 'done' | 'scheduled' | 'withdrawn';
  total: number;
  left: number;
  counts: Partial<Record<MoveOutcome, number>>;
  items: { key: string; dossierCode: string; outcome: MoveOutcome; detail: string }[];
}
