import { OpenAI } from "openai"
import type { Identified } from "../peer.js"

const [, , baseURL = "", apiKey = "", id = ""] = process.argv

const { expressCustomerId } = await new OpenAI({ apiKey, baseURL }).get<Identified>(`/v1/express/${id}`)
process.stdout.write(`${expressCustomerId}\n`)
