import type * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import { inPieces } from "./row.js"
import type { Texts } from "./rowFormat.js"
import { beginning, manifestOf, type Page, type Session, type Start } from "./session.js"
import * as storage from "./storage.js"

/** @internal */
export interface StreamSettings<E, R> {
  readonly write: (text: string) => Effect.Effect<void, E, R>
  readonly format: string
  readonly texts: Texts
}

const openSession = <E>(settings: StreamSettings<E, never>, start: Start) =>
  Effect.gen(function* () {
    const { texts } = settings
    const hash = storage.newHash()
    let position = yield* beginning
    let rest = texts.beginning
    let isFirst = true
    let bytes = 0
    // The reader may take any time to read: Ctrl-C must not wait for it.
    const put = (rows: string) =>
      Effect.suspend(() => {
        const text = rest + rows
        rest = ""
        hash.update(text)
        bytes += Buffer.byteLength(text)
        return text === "" ? Effect.void : Effect.interruptible(settings.write(text))
      })
    const append = (page: Page) =>
      Effect.gen(function* () {
        const pieces = inPieces(page.rows, lineOf, (line) => line.length)
        for (const lines of pieces) {
          const text = texts.rows(lines, isFirst)
          isFirst = false
          yield* put(text)
        }
        if (page.rows.length === 0) yield* put("")
        position = page.position
      })
    const session: Session<E> = {
      position,
      seen: [],
      append,
      save: Effect.void,
      finish: Effect.map(put(texts.end), () => ({
        ...manifestOf(settings.format, position, start.filter),
        bytes,
        sha256: storage.digestSoFar(hash)
      }))
    }
    return session
  })

const lineOf = ({ received }: Page["rows"][number]): string => JSON.stringify(received)

/** Runs an export that passes its rows on and keeps nothing. @internal */
export const withStream =
  <E, R>(settings: StreamSettings<E, R>) =>
  <A, E2, R2>(start: Start, use: (session: Session<E>) => Effect.Effect<A, E2, R2>): Effect.Effect<A, E2, R | R2> =>
    Effect.flatMap(Effect.context<R>(), (context: Context.Context<R>) =>
      Effect.flatMap(
        openSession({ ...settings, write: (text) => Effect.provide(settings.write(text), context) }, start),
        use
      )
    )
