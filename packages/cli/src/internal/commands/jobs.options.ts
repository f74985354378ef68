import { Option } from "@commander-js/extra-typings"
import { rate, text } from "../syntax/reader.js"
import { database } from "./export.target.js"

export const databaseOption = () =>
  new Option(
    "--database <DATABASE>",
    "the database of the jobs, sqlite:FILE or postgres://USER@HOST/NAME; AVARA_JOBS_DATABASE or sqlite:avara-jobs.db by default"
  ).argParser(database)

/** What a mirror's database is called, too: its table is in the database of the jobs. */
export const toOption = () =>
  new Option("--to <DATABASE>", "the same as --database").argParser(database).conflicts("database")

export const intoOption = () =>
  new Option("--into <TABLE>", "the table, which is made if it does not exist; avara_customers by default").argParser(
    text
  )

export const verifyOption = () =>
  new Option(
    "--verify <HOW>",
    "overlap: detect customers that are deleted while the list is read, which would hide others; none is the default"
  ).choices(["overlap", "none"])

export const rateOption = () =>
  new Option(
    "--rate <RATE>",
    "at most so many requests, such as 50/s, by all workers on the database together; less as soon as the server asks for it"
  ).argParser(rate)
