// Two sets in base64 on two lines; answers microseconds of union, intersection, difference and size of intersection, then the three sizes.
import { readFileSync } from 'node:fs'
import roaring from 'roaring'

const { RoaringBitmap32 } = roaring
const [a, b] = readFileSync(0, 'utf8').trim().split('\n').map((line) => RoaringBitmap32.deserialize(Buffer.from(line, 'base64'), 'portable'))
const time = (work) => {
  let best = Infinity
  for (let round = 0; round < 6; round++) {
    const started = process.hrtime.bigint()
    let times = 0
    while (process.hrtime.bigint() - started < 150_000_000n) {
      for (let n = 0; n < 20; n++) work()
      times += 20
    }
    best = Math.min(best, Number(process.hrtime.bigint() - started) / 1000 / times)
  }
  return best
}
const figures = [
  time(() => RoaringBitmap32.or(a, b).size), time(() => RoaringBitmap32.and(a, b).size),
  time(() => RoaringBitmap32.andNot(a, b).size), time(() => a.andCardinality(b)),
  RoaringBitmap32.or(a, b).size, RoaringBitmap32.and(a, b).size, RoaringBitmap32.andNot(a, b).size
]
process.stdout.write(figures.join(' ') + '\n')
