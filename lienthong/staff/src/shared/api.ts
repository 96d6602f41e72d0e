/** Calls to `/api`: JSON in and out, the CSRF token on every change, failures as words. */

let csrfToken = '';
export const setCsrfToken = (token: string): void => {
  csrfToken = token;
};

export class ApiProblem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly vi: string,
    readonly en: string,
  ) {
    super(en);
  }
}

const UNREACHABLE = new ApiProblem(
  0,
  'unreachable',
  'Không kết nối được máy chủ. Kiểm tra mạng rồi thử lại.',
  'The server cannot be reached. Check the network and try again.',
);

async function problemOf(response: Response): Promise<ApiProblem> {
  const body = (await response.json().catch(() => ({}))) as Partial<ApiProblem>;
  const words = `HTTP ${response.status}`;
  return new ApiProblem(response.status, body.code ?? 'unknown', body.vi ?? words, body.en ?? words);
}

export async function call<T>(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
  const headers: Record<string, string> = { Accept: 'application/json' };
  const form = body instanceof FormData;
  if (method !== 'GET') headers['X-CSRF-Token'] = csrfToken;
  if (body !== undefined && !form) headers['Content-Type'] = 'application/json';
  let response: Response;
  try {
    response = await fetch(`/api${path}`, {
      method,
      headers,
      credentials: 'same-origin',
      signal: signal ?? null,
      body: body === undefined ? null : form ? body : JSON.stringify(body),
    });
  } catch (failure) {
    if (signal?.aborted) throw failure;
    throw UNREACHABLE;
  }
  if (!response.ok) {
    const problem = await problemOf(response);
    if (problem.status === 401) window.dispatchEvent(new Event('lt-signed-out'));
    throw problem;
  }
  if (response.status === 204) return undefined as T;
  return (await response.json()) as T;
}

export const get = <T>(path: string, signal?: AbortSignal): Promise<T> => call<T>('GET', path, undefined, signal);
export const post = <T>(path: string, body?: unknown): Promise<T> => call<T>('POST', path, body);
export const put = <T>(path: string, body?: unknown): Promise<T> => call<T>('PUT', path, body);
export const remove = <T>(path: string): Promise<T> => call<T>('DELETE', path);

/** A multipart form, for files. */
export async function upload<T>(path: string, form: FormData): Promise<T> {
  const headers = { Accept: 'application/json', 'X-CSRF-Token': csrfToken };
  const response = await fetch(`/api${path}`, { method: 'POST', headers, credentials: 'same-origin', body: form }).catch(() => {
    throw UNREACHABLE;
  });
  if (!response.ok) throw await problemOf(response);
  return (await response.json()) as T;
}

/** Posts and keeps the answer as a file. */
export async function download(path: string, body: unknown, name: string): Promise<void> {
  const headers = { 'Content-Type': 'application/json', 'X-CSRF-Token': csrfToken };
  const response = await fetch(`/api${path}`, { method: 'POST', headers, credentials: 'same-origin', body: JSON.stringify(body) });
  if (!response.ok) throw await problemOf(response);
  const address = URL.createObjectURL(await response.blob());
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}

export const asProblem = (failure: unknown): ApiProblem =>
  failure instanceof ApiProblem ? failure : new ApiProblem(-1, 'script', String(failure), String(failure));
