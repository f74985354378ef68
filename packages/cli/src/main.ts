#!/usr/bin/env node
import { main } from "./internal/program.js"

await main(process.argv.slice(2))
