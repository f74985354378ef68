import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import { printRetrieved } from "./printRetrieved.js"

printRetrieved(FetchHttpClient.layer)
