import { Option } from "@commander-js/extra-typings"
import { rate, text } from "../syntax/reader.js"
import { database } from "./export.target.js"

export const databaseOption = () =>
  new Option(
    "--database <DATABASE>",
    "the jobs database, sqlite:FILE or postgres://USER@HOST/NAME; AVARA_JOBS_DATABASE or sqlite:avara-jobs.db by default"
  ).argParser(database)

/** Another name of `--database` for a mirror, whose table is in the jobs database. */
export const toOption = () =>
  new Option("--to <DATABASE>", "the same as --database").argParser(database).conflicts("database")

export const intoOption = () =>
  new Option(
    "--into <TABLE>",
    "the table, which is created if it does not exist; avara_customers by default"
  ).argParser(text)

export const verifyOption = () =>
  new Option(
    "--verify <HOW>",
    "overlap: detect deletions during the read, which could hide other customers; no check by default"
  ).choices(["overlap", "none"])

export const rateOption = () =>
  new Option(
    "--rate <RATE>",
    "the maximum request rate, such as 50/s, for all workers on the database together; they slow down further if the server asks for it"
  ).argParser(rate)
