// Answers set questions with CRoaring. One line in: two sets in the portable format, base64, separated by a space.
// One line out: both re-serialised, union, intersection, difference (base64), then their sizes.
import { createInterface } from 'node:readline'
import roaring from 'roaring'

const { RoaringBitmap32 } = roaring
const read = (text) => RoaringBitmap32.deserialize(Buffer.from(text, 'base64'), 'portable')
const write = (set) => set.serialize('portable').toString('base64')

for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  const [left, right] = line.split(' ')
  const a = read(left)
  const b = read(right)
  const union = RoaringBitmap32.or(a, b)
  const both = RoaringBitmap32.and(a, b)
  const minus = RoaringBitmap32.andNot(a, b)
  const sizes = [a.size, b.size, a.orCardinality(b), a.andCardinality(b), a.andNotCardinality(b)]
  a.runOptimize()
  b.removeRunCompression()
  const sets = [a, b, union, both, minus].map(write)
  process.stdout.write([...sets, ...sizes].join(' ') + '\n')
}
