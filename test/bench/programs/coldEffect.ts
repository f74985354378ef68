import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import { printRetrieved } from "./printRetrieved.js"

printRetrieved(NodeHttpClient.layerUndici)
