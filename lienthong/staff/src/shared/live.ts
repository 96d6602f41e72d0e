/** Changes as they happen: one stream of server-sent events for all of a page's listeners. */
import { useEffect, useRef, useSyncExternalStore } from 'react';

type TaskListener = (keys: string[]) => void;
const taskListeners = new Set<TaskListener>();
const noticeListeners = new Set<() => void>();
let unread = 0;
let source: EventSource | null = null;

function open(): void {
  if (source) return;
  source = new EventSource('/api/live');
  source.addEventListener('tasks', (event) => {
    const { keys } = JSON.parse((event as MessageEvent<string>).data) as { keys: string[] };
    taskListeners.forEach((listener) => listener(keys));
  });
  source.addEventListener('notices', (event) => {
    unread = (JSON.parse((event as MessageEvent<string>).data) as { unread: number }).unread;
    noticeListeners.forEach((listener) => listener());
  });
}

function close(): void {
  if (taskListeners.size + noticeListeners.size > 0) return;
  source?.close();
  source = null;
}
window.addEventListener('pagehide', () => source?.close());

/** Calls back with the keys of tasks that changed and that one may see. */
export function useLiveTasks(onTasks: TaskListener): void {
  const latest = useRef(onTasks);
  latest.current = onTasks;
  useEffect(() => {
    const listener: TaskListener = (keys) => latest.current(keys);
    taskListeners.add(listener);
    open();
    return () => {
      taskListeners.delete(listener);
      close();
    };
  }, []);
}

/** How many notices one has not read. */
export const useUnread = (): number =>
  useSyncExternalStore(
    (listener) => {
      noticeListeners.add(listener);
      open();
      return () => {
        noticeListeners.delete(listener);
        close();
      };
    },
    () => unread,
  );
