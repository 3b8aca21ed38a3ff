/** Where the last good snapshot and unsent usage are kept. Every method may throw; the client copes. */
export interface Storage {
  get(key: string): string | null;
  set(key: string, value: string): void;
}

export const noStorage: Storage = { get: () => null, set() {} };

/** The browser's local storage; where it is not to be had (Node, forbidden by settings) nothing outlives the page. */
export function browserStorage(): Storage {
  try {
    const local = localStorage;
    return { get: (key) => local.getItem(key), set: (key, value) => local.setItem(key, value) };
  } catch {
    return noStorage;
  }
}
