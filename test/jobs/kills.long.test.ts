/**
 * Durable jobs on real processes and a real PostgreSQL: runners are killed, stopped or cut off, and servers disappear, at random
 * moments. Each row must be processed once, and each report must be true.
 *
 * `AVARA_TEST_KILLS` is the number of moments, and `AVARA_TEST_SEED` their seed.
 */
import { expect, layer } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { type PostgresServer, postgresServer } from "../export/postgres.js"
import { randomFrom } from "../export/support.js"
import { type Event, onPostgres, onSqlite } from "./events.js"
import { type Moment, moment, type Outcome } from "./moment.js"
import { addingUsers, importing, mirroring, settle, type Work } from "./work.js"

const kills = Number(process.env["AVARA_TEST_KILLS"] ?? 5)

const seed = Number(process.env["AVARA_TEST_SEED"] ?? 20_261_126)

/** How long a claim of a row lasts by default. */
const lease = 10_000

/** The extra time for a pass over the rows, the start of a runner and a busy machine. */
const slack = 10_000

const works: ReadonlyArray<Work> = [importing(1000), addingUsers(1000), mirroring(4000)]

interface Play {
  readonly title: string
  readonly isOnPostgres: boolean
  readonly moment: Moment
}

/** 17 events and 3 jobs: each event meets each job once in 51 moments. */
const events: ReadonlyArray<Event> = [...onPostgres.slice(0, 4), ...onSqlite, ...onPostgres.slice(4)]

const playAt = (index: number): Play => {
  const random = randomFrom(seed + index)
  const event = events[index % events.length]
  const work = works[index % works.length]
  if (event === undefined || work === undefined) throw new Error("there are no events")
  const after = 0.05 + 0.75 * random()
  const title = `${index + 1}: ${work.kind} at ${Math.round(100 * after)} %: ${event.name}`
  return { title, isOnPostgres: onPostgres.includes(event), moment: { after, event, random, work } }
}

const seconds = (millis: number): string => `${(millis / 1000).toFixed(1)} s`

const check = ({ isOnPostgres, moment: { event, work }, title }: Play, outcome: Outcome): void => {
  const { firstRow, longestGap, problems, took } = outcome
  console.log(
    `${title}: took ${seconds(took)}, first row after ${seconds(firstRow)}, longest gap ${seconds(longestGap)}`
  )
  expect(problems, `seed ${seed}`).toEqual([])
  // A mirror is one runner's work, and continues once that runner is known to be dead.
  if (isOnPostgres && event.goesOn === true && work.kind !== "mirror") expect(firstRow).toBeLessThan(5000)
  // While the server or the database is down, the pauses between polls double.
  expect(longestGap).toBeLessThan(2 * event.outage + lease + settle + slack)
}

class Postgres extends Context.Tag("Postgres")<Postgres, PostgresServer>() {}

layer(Layer.scoped(Postgres, postgresServer), { excludeTestServices: true, timeout: 120_000 })(
  `${kills} moments of seed ${seed}`,
  (it) => {
    for (let index = 0; index < kills; index++) {
      const play = playAt(index)
      it.effect(
        play.title,
        () =>
          Effect.gen(function* () {
            const postgres = play.isOnPostgres ? yield* Postgres : undefined
            check(play, yield* moment(postgres, `moment_${index}`, play.moment))
          }),
        { timeout: 300_000 }
      )
    }

    it.effect("runners without the rules of the table are caught creating customers twice", () =>
      Effect.gen(function* () {
        const [event] = onPostgres
        if (event === undefined) throw new Error("there are no events")
        const played = { work: importing(100), event, after: 0.3, random: randomFrom(seed) }
        const { problems } = yield* moment(yield* Postgres, "naive", played, { program: "naive" })
        expect(problems.join("\n")).toContain("keys of more than one customer")
      })
    )
  }
)
