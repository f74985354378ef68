/** Runs the smoke program of one package, which the arguments name with its servers, in a process. */
import { argv, exit } from "node:process"
import { runPart } from "./runPart.js"

const [, , name = "", servers = "{}"] = argv

const problem = await runPart(() => import(`./${name}.js`), JSON.parse(servers))
console.error(problem)
exit(problem === "" ? 0 : 1)
