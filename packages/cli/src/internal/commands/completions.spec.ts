import { Argument, type CommandUnknownOpts } from "@commander-js/extra-typings"
import type { Run } from "../services.js"
import { shells } from "../syntax/completions.js"
import { examples } from "../syntax/help.js"

export const addCompletions = (program: CommandUnknownOpts, run: Run): void => {
  program
    .command("completions")
    .description("Prints a script that completes avara's commands and options in your shell.")
    .addArgument(new Argument("<SHELL>", "the shell").choices(shells))
    .addHelpText(
      "after",
      examples(
        "avara completions bash > ~/.local/share/bash-completion/completions/avara",
        "avara completions zsh > ~/.zfunc/_avara      # a directory in $fpath",
        "avara completions fish > ~/.config/fish/completions/avara.fish"
      )
    )
    .action((shell) => run(async () => (await import("./completions.js")).completions(program, shell)))
}
