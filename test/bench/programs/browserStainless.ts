import { OpenAI } from "openai"

await new OpenAI({ apiKey: "sk_live_0123456789abcdef0123456789abcdef", dangerouslyAllowBrowser: true }).get(
  "/v1/express/cus_1234567890abcdef1234567890abcdef"
)
