import { absent, reads, refuses, type Theme, theme } from "../support/row.js"

const required = refuses("is required")

const noText = refuses("expected a string or null")

const cursor = theme(
  "page",
  "cursor",
  { typescript: "text", python: "optional", javaAndCsharp: "may be `null`, which ends the list" },
  [
    [null, reads(absent)],
    [absent, reads(absent)],
    ["", reads("")],
    ["anything at all", reads("anything at all")],
    [20, noText],
    [{ offset: 20 }, noText]
  ]
)

const noBoolean = refuses("expected a boolean")

const hasMore = theme(
  "page",
  "hasMore",
  { typescript: "boolean", python: "optional, required by its strict validation", javaAndCsharp: "ignored" },
  [
    [false, reads(false)],
    [null, noBoolean],
    [absent, required],
    [0, noBoolean],
    ["false", noBoolean]
  ]
)

const expressCustomers = theme("page", "expressCustomers", { typescript: "", python: "", javaAndCsharp: "" }, [
  [[], reads([])],
  [null, refuses("expected an array")],
  [absent, required],
  [{}, refuses("expected an array")]
])

const success = theme("success", "success", { typescript: "boolean", python: "boolean", javaAndCsharp: "required" }, [
  [true, reads(true)],
  [null, noBoolean],
  [absent, required],
  ["true", noBoolean],
  [1, noBoolean]
])

const message = theme(
  "success",
  "message",
  { typescript: "optional text", python: "optional", javaAndCsharp: "may be `null`" },
  [
    [null, reads(absent)],
    [absent, reads(absent)],
    ["", reads("")],
    [7, noText, reads(absent)],
    [{ en: "done" }, noText, reads(absent)]
  ]
)

export const others: ReadonlyArray<Theme> = [cursor, hasMore, expressCustomers, success, message]
