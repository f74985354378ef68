#!/usr/bin/env node
import "./internal/requireNode.js"
import "./internal/heap.js"
import { main } from "./internal/program.js"

await main(process.argv.slice(2))
