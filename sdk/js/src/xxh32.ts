// XXH32 over the UTF-16 code units of a string, so that every platform hashes the string it holds without converting it.

const P1 = 0x9e3779b1, P2 = 0x85ebca77, P3 = 0xc2b2ae3d, P4 = 0x27d4eb2f, P5 = 0x165667b1;
const { imul } = Math;

const rotate = (x: number, by: number) => (x << by) | (x >>> (32 - by));

/** The unsigned 32-bit hash. */
export function xxh32(text: string, seed: number): number {
  const units = text.length;
  const word = (i: number) => text.charCodeAt(i) | (text.charCodeAt(i + 1) << 16);
  const round = (lane: number, i: number) => imul(rotate(lane + imul(word(i), P2), 13), P1);
  let i = 0, hash: number;
  if (units >= 8) {
    let a = (seed + P1 + P2) | 0, b = (seed + P2) | 0, c = seed | 0, d = (seed - P1) | 0;
    for (; i + 8 <= units; i += 8) {
      a = round(a, i);
      b = round(b, i + 2);
      c = round(c, i + 4);
      d = round(d, i + 6);
    }
    hash = rotate(a, 1) + rotate(b, 7) + rotate(c, 12) + rotate(d, 18);
  } else hash = seed + P5;
  hash = (hash + units * 2) | 0;
  for (; i + 2 <= units; i += 2) hash = imul(rotate(hash + imul(word(i), P3), 17), P4);
  if (i < units) {
    const last = text.charCodeAt(i);
    hash = imul(rotate(hash + imul(last & 255, P5), 11), P1);
    hash = imul(rotate(hash + imul(last >> 8, P5), 11), P1);
  }
  hash = imul(hash ^ (hash >>> 15), P2);
  hash = imul(hash ^ (hash >>> 13), P3);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** 0 … 9999 for a user of a module whose key hashed to `seed`; 10000 (in no share) without a user. */
export const bucketOf = (user: string | undefined, seed: number): number =>
  user ? Math.floor((xxh32(user, seed) * 10000) / 2 ** 32) : 10000;
