/** What a clerk typed and has not sent: kept on this device for each person and task, gone at completion or sign-out. */

const PREFIX = 'lt-draft:';
const nameOf = (userId: number, taskKey: string): string => `${PREFIX}${userId}:${taskKey}`;

export interface Draft {
  savedAt: string;
  data: Record<string, unknown>;
}

export function readDraft(userId: number, taskKey: string): Draft | null {
  try {
    const text = localStorage.getItem(nameOf(userId, taskKey));
    return text ? (JSON.parse(text) as Draft) : null;
  } catch {
    return null;
  }
}

export function keepDraft(userId: number, taskKey: string, data: Record<string, unknown>, now: Date): void {
  const draft: Draft = { savedAt: now.toISOString(), data };
  localStorage.setItem(nameOf(userId, taskKey), JSON.stringify(draft));
}

export const dropDraft = (userId: number, taskKey: string): void => localStorage.removeItem(nameOf(userId, taskKey));

export function forgetDrafts(): void {
  Object.keys(localStorage)
    .filter((name) => name.startsWith(PREFIX))
    .forEach((name) => localStorage.removeItem(name));
}
