import type { Run } from "../services.js"
import { type Group, type Leaf, leaf } from "../syntax/command.js"
import { shells } from "../syntax/completions.js"
import { argument } from "../syntax/param.js"
import { choice } from "../syntax/reader.js"

/** The script is about all commands, this one included: `root` is asked for when it is written. */
export const completions = (root: () => Group<Run>): Leaf<Run> =>
  leaf<Run>()({
    name: "completions",
    summary: "Writes a script that makes a shell complete the commands and options of avara.",
    examples: [
      "avara completions bash > ~/.local/share/bash-completion/completions/avara",
      "avara completions zsh > ~/.zfunc/_avara      # a directory of $fpath",
      "avara completions fish > ~/.config/fish/completions/avara.fish"
    ],
    params: { shell: argument("SHELL", shells.join(", "), choice(shells), shells) },
    run:
      ({ shell }) =>
      async () =>
        (await import("./completions.js")).completions(root(), shell)
  })
