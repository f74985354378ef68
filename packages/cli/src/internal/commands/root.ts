import type { Run } from "../services.js"
import type { Group } from "../syntax/command.js"
import { completions } from "./completions.spec.js"
import { customers } from "./customers.spec.js"
import { doctor } from "./doctor.spec.js"
import { emulator } from "./emulator.spec.js"
import { exports } from "./export.spec.js"
import { bulk, imports } from "./import.spec.js"
import { users } from "./users.spec.js"
import { verify } from "./verify.spec.js"

export const root: Group<Run> = {
  _tag: "Group",
  name: "avara",
  summary: "The Avara Express API from a terminal: customers and their users, exports that can be trusted, imports.",
  commands: [customers, users, exports, verify, imports, bulk, emulator, doctor, completions(() => root)]
}
