/** Where the last good snapshot and unsent usage are kept. Every method may throw; the client copes. */
export interface Storage {
  get(key: string): string | null;
  set(key: string, value: string): void;
}

/** For hosts without a storage of their own: forgets with the process. */
export function memoryStorage(): Storage {
  const kept = new Map<string, string>();
  return { get: (key) => kept.get(key) ?? null, set: (key, value) => void kept.set(key, value) };
}

/** The browser's local storage, or memory where it is not to be had. */
export function browserStorage(): Storage {
  try {
    const local = globalThis.localStorage;
    if (local) return { get: (key) => local.getItem(key), set: (key, value) => local.setItem(key, value) };
  } catch { /* forbidden by the browser's settings: memory will do */ }
  return memoryStorage();
}
