# Completions of avara for bash: source this file, or save it as ~/.local/share/bash-completion/completions/avara
_avara_files() {
  local IFS=$'\n'
  COMPREPLY=($(compgen -f -- "$cur"))
  compopt -o filenames 2>/dev/null
}
_avara() {
  local cur="${COMP_WORDS[COMP_CWORD]}" prev="${COMP_WORDS[COMP_CWORD-1]}" at="" i
  if [[ "$cur" == "=" ]]; then cur=""; elif [[ "$prev" == "=" ]]; then prev="${COMP_WORDS[COMP_CWORD-2]}"; fi
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "$at/${COMP_WORDS[i]}" in
      '/customers') at='customers' ;;
      '/users') at='users' ;;
      '/export') at='export' ;;
      '/verify') at='verify' ;;
      '/import') at='import' ;;
      '/bulk') at='bulk' ;;
      '/jobs') at='jobs' ;;
      '/emulator') at='emulator' ;;
      '/doctor') at='doctor' ;;
      '/completions') at='completions' ;;
      'customers/list') at='customers list' ;;
      'customers/get') at='customers get' ;;
      'customers/create') at='customers create' ;;
      'customers/update') at='customers update' ;;
      'customers/deactivate') at='customers deactivate' ;;
      'customers/reactivate') at='customers reactivate' ;;
      'users/add') at='users add' ;;
      'users/remove') at='users remove' ;;
      'export/customers') at='export customers' ;;
      'import/customers') at='import customers' ;;
      'bulk/deactivate') at='bulk deactivate' ;;
      'bulk/reactivate') at='bulk reactivate' ;;
      'bulk/add-users') at='bulk add-users' ;;
      'bulk/remove-users') at='bulk remove-users' ;;
      'jobs/import') at='jobs import' ;;
      'jobs/bulk') at='jobs bulk' ;;
      'jobs/mirror') at='jobs mirror' ;;
      'jobs/worker') at='jobs worker' ;;
      'jobs/submit') at='jobs submit' ;;
      'jobs/list') at='jobs list' ;;
      'jobs/show') at='jobs show' ;;
      'jobs/watch') at='jobs watch' ;;
      'jobs/cancel') at='jobs cancel' ;;
      'jobs/retry') at='jobs retry' ;;
      'jobs/rejects') at='jobs rejects' ;;
      'jobs/changes') at='jobs changes' ;;
      'jobs/schedules') at='jobs schedules' ;;
      'jobs/unschedule') at='jobs unschedule' ;;
      'jobs/page') at='jobs page' ;;
      'jobs bulk/deactivate') at='jobs bulk deactivate' ;;
      'jobs bulk/reactivate') at='jobs bulk reactivate' ;;
      'jobs bulk/add-users') at='jobs bulk add-users' ;;
      'jobs bulk/remove-users') at='jobs bulk remove-users' ;;
      'jobs submit/import') at='jobs submit import' ;;
      'jobs submit/bulk') at='jobs submit bulk' ;;
      'jobs submit/mirror') at='jobs submit mirror' ;;
      'jobs submit bulk/deactivate') at='jobs submit bulk deactivate' ;;
      'jobs submit bulk/reactivate') at='jobs submit bulk reactivate' ;;
      'jobs submit bulk/add-users') at='jobs submit bulk add-users' ;;
      'jobs submit bulk/remove-users') at='jobs submit bulk remove-users' ;;
    esac
  done
  case "$at" in
    '')
      case "$prev" in
        --base-url) return ;;
        --timeout) return ;;
        --max-retries) return ;;
        --emulator) return ;;
        --emulator-without-key) return ;;
      esac
      if [[ "$cur" != -* ]]; then COMPREPLY=($(compgen -W 'customers users export verify import bulk jobs emulator doctor completions' -- "$cur")); return; fi
      COMPREPLY=($(compgen -W '--json --table --quiet --base-url --timeout --max-retries --lenient --emulator --emulator-without-key --debug --version --help' -- "$cur")) ;;
    'customers')
      case "$prev" in
        --base-url) return ;;
        --timeout) return ;;
        --max-retries) return ;;
        --emulator) return ;;
        --emulator-without-key) return ;;
      esac
      if [[ "$cur" != -* ]]; then COMPREPLY=($(compgen -W 'list get create update deactivate reactivate' -- "$cur")); return; fi
      COMPREPLY=($(compgen -W '--help --json --table --quiet --base-url --timeout --max-retries --lenient --emulator --emulator-without-key --debug --version' -- "$cur")) ;;
    'customers list')
      case "$prev" in
        --limit) return ;;
        --base-url) return ;;
        --timeout) return ;;
        --max-retries) return ;;
        --emulator) return ;;
        --emulator-without-key) return ;;
      esac
      COMPREPLY=($(compgen -W '--active --inactive --limit --help --json --table --quiet --base-url --timeout --max-retries --lenient --emulator --emulator-without-key --debug --version' -- "$cur")) ;;
    'customers get')
      case "$prev" in
        --base-url) return ;;
        --timeout) return ;;
        --max-retries) return ;;
        --emulator) return ;;
        --emulator-without-key) return ;;
      esac
      COMPREPLY=($(compgen -W '--help --json --table --quiet --base-url --timeout --max-retries --lenient --emulator --emulator-without-key --debug --version' -- "$cur")) ;;
    'customers create')
      case "$prev" in
        --name) return ;;
        --metadata) return ;;
        --once) return ;;
        --base-url) return ;;
        --timeout) return ;;
        --max-retries) return ;;
        --emulator) return ;;
        --emulator-without-key) return ;;
      esac
      COMPREPLY=($(compgen -W '--name --metadata --once --help --json --table --quiet --base-url --timeout --max-retries --lenient --emulator --emulator-without-key --debug --version' -- "$cur")) ;;
    'customers update')
      case "$prev" in
        --name) return ;;
        --metadata) return ;;
        --base-url) return ;;
        --timeout) return ;;
        --max-retries) return ;;
        --emulator) return ;;
        --emulator-without-key) return ;;
      esac
      COMPREPLY=($(compgen -W '--name --metadata --replace-metadata --clear-metadata --help --json --table --quiet --base-url --timeout --max-retries --lenient --emulator --emulator-without-key --debug --version' -- "$cur")) ;;
    'customers deactivate')
      case "$prev" in
        --base-url) return ;;
        --timeout) return ;;
        --max-retries) return ;;
        --emulator) return ;;
        --emulator-without-key) return ;;
      esac
      COMPREPLY=($(compgen -W '--help --json --table --quiet --base-url --timeout --max-retries --lenient --emulator --emulator-without-key --debug --version' -- "$cur")) ;;
    'customers reactivate')
      case "$prev" in
        --base-url) return ;;
        --timeout) return ;;
        --max-retries) return ;;
        --emulator) return ;;
        --emulator-without-key) return ;;
      esac
      COMPREPLY=($(compgen -W '--help --json --table --quiet --base-url --timeout --max-retries --lenient --emulator --emulator-without-key --debug --version' -- "$cur")) ;;
    'users')
      case "$prev" in
        --base-url) return ;;
        --timeout) return ;;
        --max-retries) return ;;
        --emulator) return ;;
        --emulator-without-key) return ;;
      esac
      if [[ "$cur" != -* ]]; then COMPREPLY=($(compgen -W 'add remove' -- "$cur")); return; fi
      COMPREPLY=($(compgen -W '--help --json --table --quiet --base-url --timeout --max-retries --lenient --emulator --emulator-without-key --debug --version' -- "$cur")) ;;
    'users add')
      case "$prev" in
        --base-url) return ;;
        --timeout) return ;;
        --max-retries) return ;;
        --emulator) return ;;
        --emulator-without-key) return ;;
      esac
      COMPREPLY=($(compgen -W '--help --json --table --quiet --base-url --timeout --max-retries --lenient --emulator --emulator-without-key --debug --version' -- "$cur")) ;;
    'users remove')
      case "$prev" in
        --base-url) return ;;
        --timeout) return ;;
        --max-retries) return ;;
        --emulator) return ;;
        --emulator-without-key) return ;;
      esac
      COMPREPLY=($(compgen -W '--help --json --table --quiet --base-url --timeout --max-retries --lenient --emulator --emulator-without-key --debug --version' -- "$cur")) ;;
    'export')
      case "$prev" in
        --base-url) return ;;
        --timeout) return ;;
        --max-retries) return ;;
        --emulator) return ;;
        --emulator-without-key) return ;;
      esac
      if [[ "$cur" != -* ]]; then COMPREPLY=($(compgen -W 'customers' -- "$cur")); return; fi
      COMPREPLY=($(compgen -W '--help --json --table --quiet --base-url --timeout --max-retries --lenient --emulator --emulator-without-key --debug --version' -- "$cur")) ;;
    'export customers')
      case "$prev" in
        --out) _avara_files; return ;;
        --format) COMPREPLY=($(compgen -W 'ndjson json csv parquet' -- "$cur")); return ;;
        --to) return ;;
        --into) return ;;
        --busy-timeout) return ;;
        --metadata) COMPREPLY=($(compgen -W 'json columns map' -- "$cur")); return ;;
        --formulas) COMPREPLY=($(compgen -W 'keep escape' -- "$cur")); return ;;
        --since) return ;;
        --verify) COMPREPLY=($(compgen -W 'overlap none' -- "$cur")); return ;;
        --rate) return ;;
        --base-url) return ;;
        --timeout) return ;;
        --max-retries) return ;;
        --emulator) return ;;
        --emulator-without-key) return ;;
      esac
      COMPREPLY=($(compgen -W '--out --format --to --into --busy-timeout --metadata --formulas --bom --active --inactive --since --verify --rate --resume --discard --help --json --table --quiet --base-url --timeout --max-retries --lenient --emulator --emulator-without-key --debug --version' -- "$cur")) ;;
    'verify')
      case "$prev" in
        --base-url) return ;;
        --timeout) return ;;
        --max-retries) return ;;
        --emulator) return ;;
        --emulator-without-key) return ;;
      esac
      if [[ "$cur" != -* ]]; then _avara_files; return; fi
      COMPREPLY=($(compgen -W '--help --json --table --quiet --base-url --timeout --max-retries --lenient --emulator --emulator-without-key --debug --version' -- "$cur")) ;;
    'import')
      case "$prev" in
        --base-url) return ;;
        --timeout) return ;;
        --max-retries) return ;;
        --emulator) return ;;
        --emulator-without-key) return ;;
      esac
      if [[ "$cur" != -* ]]; then COMPREPLY=($(compgen -W 'customers' -- "$cur")); return; fi
      COMPREPLY=($(compgen -W '--help --json --table --quiet --base-url --timeout --max-retries --lenient --emulator --emulator-without-key --debug --version' -- "$cur")) ;;
    'import customers')
      case "$prev" in
        --format) COMPREPLY=($(compgen -W 'csv ndjson' -- "$cur")); return ;;
        --encoding) COMPREPLY=($(compgen -W 'utf-8 utf-16le utf-16be latin1 windows-1252' -- "$cur")); return ;;
        --concurrency) return ;;
        --rate) return ;;
        --key-name) return ;;
        --base-url) return ;;
        --timeout) return ;;
        --max-retries) return ;;
        --emulator) return ;;
        --emulator-without-key) return ;;
      esac
      if [[ "$cur" != -* ]]; then _avara_files; return; fi
      COMPREPLY=($(compgen -W '--format --encoding --dry-run --resume --concurrency --rate --key-name --look-first --help --json --table --quiet --base-url --timeout --max-retries --lenient --emulator --emulator-without-key --debug --version' -- "$cur")) ;;
    'bulk')
      case "$prev" in
        --base-url) return ;;
        --timeout) return ;;
        --max-retries) return ;;
        --emulator) return ;;
        --emulator-without-key) return ;;
      esac
      if [[ "$cur" != -* ]]; then COMPREPLY=($(compgen -W 'deactivate reactivate add-users remove-users' -- "$cur")); return; fi
      COMPREPLY=($(compgen -W '--help --json --table --quiet --base-url --timeout --max-retries --lenient --emulator --emulator-without-key --debug --version' -- "$cur")) ;;
    'bulk deactivate')
      case "$prev" in
        --format) COMPREPLY=($(compgen -W 'csv ndjson' -- "$cur")); return ;;
        --encoding) COMPREPLY=($(compgen -W 'utf-8 utf-16le utf-16be latin1 windows-1252' -- "$cur")); return ;;
        --concurrency) return ;;
        --rate) return ;;
        --base-url) return ;;
        --timeout) return ;;
        --max-retries) return ;;
        --emulator) return ;;
        --emulator-without-key) return ;;
      esac
      if [[ "$cur" != -* ]]; then _avara_files; return; fi
      COMPREPLY=($(compgen -W '--format --encoding --dry-run --resume --concurrency --rate --help --json --table --quiet --base-url --timeout --max-retries --lenient --emulator --emulator-without-key --debug --version' -- "$cur")) ;;
    'bulk reactivate')
      case "$prev" in
        --format) COMPREPLY=($(compgen -W 'csv ndjson' -- "$cur")); return ;;
        --encoding) COMPREPLY=($(compgen -W 'utf-8 utf-16le utf-16be latin1 windows-1252' -- "$cur")); return ;;
        --concurrency) return ;;
        --rate) return ;;
        --base-url) return ;;
        --timeout) return ;;
        --max-retries) return ;;
        --emulator) return ;;
        --emulator-without-key) return ;;
      esac
      if [[ "$cur" != -* ]]; then _avara_files; return; fi
      COMPREPLY=($(compgen -W '--format --encoding --dry-run --resume --concurrency --rate --help --json --table --quiet --base-url --timeout --max-retries --lenient --emulator --emulator-without-key --debug --version' -- "$cur")) ;;
    'bulk add-users')
      case "$prev" in
        --format) COMPREPLY=($(compgen -W 'csv ndjson' -- "$cur")); return ;;
        --encoding) COMPREPLY=($(compgen -W 'utf-8 utf-16le utf-16be latin1 windows-1252' -- "$cur")); return ;;
        --concurrency) return ;;
        --rate) return ;;
        --base-url) return ;;
        --timeout) return ;;
        --max-retries) return ;;
        --emulator) return ;;
        --emulator-without-key) return ;;
      esac
      if [[ "$cur" != -* ]]; then _avara_files; return; fi
      COMPREPLY=($(compgen -W '--format --encoding --dry-run --resume --concurrency --rate --help --json --table --quiet --base-url --timeout --max-retries --lenient --emulator --emulator-without-key --debug --version' -- "$cur")) ;;
    'bulk remove-users')
      case "$prev" in
        --format) COMPREPLY=($(compgen -W 'csv ndjson' -- "$cur")); return ;;
        --encoding) COMPREPLY=($(compgen -W 'utf-8 utf-16le utf-16be latin1 windows-1252' -- "$cur")); return ;;
        --concurrency) return ;;
        --rate) return ;;
        --base-url) return ;;
        --timeout) return ;;
        --max-retries) return ;;
        --emulator) return ;;
        --emulator-without-key) return ;;
      esac
      if [[ "$cur" != -* ]]; then _avara_files; return; fi
      COMPREPLY=($(compgen -W '--format --encoding --dry-run --resume --concurrency --rate --help --json --table --quiet --base-url --timeout --max-retries --lenient --emulator --emulator-without-key --debug --version' -- "$cur")) ;;
    'jobs')
      case "$prev" in
        --base-url) return ;;
        --timeout) return ;;
        --max-retries) return ;;
        --emulator) return ;;
        --emulator-without-key) return ;;
      esac
      if [[ "$cur" != -* ]]; then COMPREPLY=($(compgen -W 'import bulk mirror worker submit list show watch cancel retry rejects changes schedules unschedule page' -- "$cur")); return; fi
      COMPREPLY=($(compgen -W '--help --json --table --quiet --base-url --timeout --max-retries --lenient --emulator --emulator-without-key --debug --version' -- "$cur")) ;;
    'jobs import')
      case "$prev" in
        --format) COMPREPLY=($(compgen -W 'csv ndjson' -- "$cur")); return ;;
        --encoding) COMPREPLY=($(compgen -W 'utf-8 utf-16le utf-16be latin1 windows-1252' -- "$cur")); return ;;
        --key-name) return ;;
        --rate) return ;;
        --database) return ;;
        --base-url) return ;;
        --timeout) return ;;
        --max-retries) return ;;
        --emulator) return ;;
        --emulator-without-key) return ;;
      esac
      if [[ "$cur" != -* ]]; then _avara_files; return; fi
      COMPREPLY=($(compgen -W '--format --encoding --key-name --rate --database --help --json --table --quiet --base-url --timeout --max-retries --lenient --emulator --emulator-without-key --debug --version' -- "$cur")) ;;
    'jobs bulk')
      case "$prev" in
        --base-url) return ;;
        --timeout) return ;;
        --max-retries) return ;;
        --emulator) return ;;
        --emulator-without-key) return ;;
      esac
      if [[ "$cur" != -* ]]; then COMPREPLY=($(compgen -W 'deactivate reactivate add-users remove-users' -- "$cur")); return; fi
      COMPREPLY=($(compgen -W '--help --json --table --quiet --base-url --timeout --max-retries --lenient --emulator --emulator-without-key --debug --version' -- "$cur")) ;;
    'jobs bulk deactivate')
      case "$prev" in
        --format) COMPREPLY=($(compgen -W 'csv ndjson' -- "$cur")); return ;;
        --encoding) COMPREPLY=($(compgen -W 'utf-8 utf-16le utf-16be latin1 windows-1252' -- "$cur")); return ;;
        --rate) return ;;
        --database) return ;;
        --base-url) return ;;
        --timeout) return ;;
        --max-retries) return ;;
        --emulator) return ;;
        --emulator-without-key) return ;;
      esac
      if [[ "$cur" != -* ]]; then _avara_files; return; fi
      COMPREPLY=($(compgen -W '--format --encoding --rate --database --help --json --table --quiet --base-url --timeout --max-retries --lenient --emulator --emulator-without-key --debug --version' -- "$cur")) ;;
    'jobs bulk reactivate')
      case "$prev" in
        --format) COMPREPLY=($(compgen -W 'csv ndjson' -- "$cur")); return ;;
        --encoding) COMPREPLY=($(compgen -W 'utf-8 utf-16le utf-16be latin1 windows-1252' -- "$cur")); return ;;
        --rate) return ;;
        --database) return ;;
        --base-url) return ;;
        --timeout) return ;;
        --max-retries) return ;;
        --emulator) return ;;
        --emulator-without-key) return ;;
      esac
      if [[ "$cur" != -* ]]; then _avara_files; return; fi
      COMPREPLY=($(compgen -W '--format --encoding --rate --database --help --json --table --quiet --base-url --timeout --max-retries --lenient --emulator --emulator-without-key --debug --version' -- "$cur")) ;;
    'jobs bulk add-users')
      case "$prev" in
        --format) COMPREPLY=($(compgen -W 'csv ndjson' -- "$cur")); return ;;
        --encoding) COMPREPLY=($(compgen -W 'utf-8 utf-16le utf-16be latin1 windows-1252' -- "$cur")); return ;;
        --rate) return ;;
        --database) return ;;
        --base-url) return ;;
        --timeout) return ;;
        --max-retries) return ;;
        --emulator) return ;;
        --emulator-without-key) return ;;
      esac
      if [[ "$cur" != -* ]]; then _avara_files; return; fi
      COMPREPLY=($(compgen -W '--format --encoding --rate --database --help --json --table --quiet --base-url --timeout --max-retries --lenient --emulator --emulator-without-key --debug --version' -- "$cur")) ;;
    'jobs bulk remove-users')
      case "$prev" in
        --format) COMPREPLY=($(compgen -W 'csv ndjson' -- "$cur")); return ;;
        --encoding) COMPREPLY=($(compgen -W 'utf-8 utf-16le utf-16be latin1 windows-1252' -- "$cur")); return ;;
        --rate) return ;;
        --database) return ;;
        --base-url) return ;;
        --timeout) return ;;
        --max-retries) return ;;
        --emulator) return ;;
        --emulator-without-key) return ;;
      esac
      if [[ "$cur" != -* ]]; then _avara_files; return; fi
      COMPREPLY=($(compgen -W '--format --encoding --rate --database --help --json --table --quiet --base-url --timeout --max-retries --lenient --emulator --emulator-without-key --debug --version' -- "$cur")) ;;
    'jobs mirror')
      case "$prev" in
        --into) return ;;
        --verify) COMPREPLY=($(compgen -W 'overlap none' -- "$cur")); return ;;
        --every) return ;;
        --zone) return ;;
        --rate) return ;;
        --database) return ;;
        --to) return ;;
        --base-url) return ;;
        --timeout) return ;;
        --max-retries) return ;;
        --emulator) return ;;
        --emulator-without-key) return ;;
      esac
      COMPREPLY=($(compgen -W '--into --verify --every --zone --rate --database --to --help --json --table --quiet --base-url --timeout --max-retries --lenient --emulator --emulator-without-key --debug --version' -- "$cur")) ;;
    'jobs worker')
      case "$prev" in
        --rate) return ;;
        --lanes) return ;;
        --slots) return ;;
        --keep) return ;;
        --database) return ;;
        --base-url) return ;;
        --timeout) return ;;
        --max-retries) return ;;
        --emulator) return ;;
        --emulator-without-key) return ;;
      esac
      COMPREPLY=($(compgen -W '--once --rate --lanes --slots --keep --database --help --json --table --quiet --base-url --timeout --max-retries --lenient --emulator --emulator-without-key --debug --version' -- "$cur")) ;;
    'jobs submit')
      case "$prev" in
        --base-url) return ;;
        --timeout) return ;;
        --max-retries) return ;;
        --emulator) return ;;
        --emulator-without-key) return ;;
      esac
      if [[ "$cur" != -* ]]; then COMPREPLY=($(compgen -W 'import bulk mirror' -- "$cur")); return; fi
      COMPREPLY=($(compgen -W '--help --json --table --quiet --base-url --timeout --max-retries --lenient --emulator --emulator-without-key --debug --version' -- "$cur")) ;;
    'jobs submit import')
      case "$prev" in
        --format) COMPREPLY=($(compgen -W 'csv ndjson' -- "$cur")); return ;;
        --encoding) COMPREPLY=($(compgen -W 'utf-8 utf-16le utf-16be latin1 windows-1252' -- "$cur")); return ;;
        --key-name) return ;;
        --database) return ;;
        --base-url) return ;;
        --timeout) return ;;
        --max-retries) return ;;
        --emulator) return ;;
        --emulator-without-key) return ;;
      esac
      if [[ "$cur" != -* ]]; then _avara_files; return; fi
      COMPREPLY=($(compgen -W '--format --encoding --key-name --database --help --json --table --quiet --base-url --timeout --max-retries --lenient --emulator --emulator-without-key --debug --version' -- "$cur")) ;;
    'jobs submit bulk')
      case "$prev" in
        --base-url) return ;;
        --timeout) return ;;
        --max-retries) return ;;
        --emulator) return ;;
        --emulator-without-key) return ;;
      esac
      if [[ "$cur" != -* ]]; then COMPREPLY=($(compgen -W 'deactivate reactivate add-users remove-users' -- "$cur")); return; fi
      COMPREPLY=($(compgen -W '--help --json --table --quiet --base-url --timeout --max-retries --lenient --emulator --emulator-without-key --debug --version' -- "$cur")) ;;
    'jobs submit bulk deactivate')
      case "$prev" in
        --format) COMPREPLY=($(compgen -W 'csv ndjson' -- "$cur")); return ;;
        --encoding) COMPREPLY=($(compgen -W 'utf-8 utf-16le utf-16be latin1 windows-1252' -- "$cur")); return ;;
        --database) return ;;
        --base-url) return ;;
        --timeout) return ;;
        --max-retries) return ;;
        --emulator) return ;;
        --emulator-without-key) return ;;
      esac
      if [[ "$cur" != -* ]]; then _avara_files; return; fi
      COMPREPLY=($(compgen -W '--format --encoding --database --help --json --table --quiet --base-url --timeout --max-retries --lenient --emulator --emulator-without-key --debug --version' -- "$cur")) ;;
    'jobs submit bulk reactivate')
      case "$prev" in
        --format) COMPREPLY=($(compgen -W 'csv ndjson' -- "$cur")); return ;;
        --encoding) COMPREPLY=($(compgen -W 'utf-8 utf-16le utf-16be latin1 windows-1252' -- "$cur")); return ;;
        --database) return ;;
        --base-url) return ;;
        --timeout) return ;;
        --max-retries) return ;;
        --emulator) return ;;
        --emulator-without-key) return ;;
      esac
      if [[ "$cur" != -* ]]; then _avara_files; return; fi
      COMPREPLY=($(compgen -W '--format --encoding --database --help --json --table --quiet --base-url --timeout --max-retries --lenient --emulator --emulator-without-key --debug --version' -- "$cur")) ;;
    'jobs submit bulk add-users')
      case "$prev" in
        --format) COMPREPLY=($(compgen -W 'csv ndjson' -- "$cur")); return ;;
        --encoding) COMPREPLY=($(compgen -W 'utf-8 utf-16le utf-16be latin1 windows-1252' -- "$cur")); return ;;
        --database) return ;;
        --base-url) return ;;
        --timeout) return ;;
        --max-retries) return ;;
        --emulator) return ;;
        --emulator-without-key) return ;;
      esac
      if [[ "$cur" != -* ]]; then _avara_files; return; fi
      COMPREPLY=($(compgen -W '--format --encoding --database --help --json --table --quiet --base-url --timeout --max-retries --lenient --emulator --emulator-without-key --debug --version' -- "$cur")) ;;
    'jobs submit bulk remove-users')
      case "$prev" in
        --format) COMPREPLY=($(compgen -W 'csv ndjson' -- "$cur")); return ;;
        --encoding) COMPREPLY=($(compgen -W 'utf-8 utf-16le utf-16be latin1 windows-1252' -- "$cur")); return ;;
        --database) return ;;
        --base-url) return ;;
        --timeout) return ;;
        --max-retries) return ;;
        --emulator) return ;;
        --emulator-without-key) return ;;
      esac
      if [[ "$cur" != -* ]]; then _avara_files; return; fi
      COMPREPLY=($(compgen -W '--format --encoding --database --help --json --table --quiet --base-url --timeout --max-retries --lenient --emulator --emulator-without-key --debug --version' -- "$cur")) ;;
    'jobs submit mirror')
      case "$prev" in
        --into) return ;;
        --verify) COMPREPLY=($(compgen -W 'overlap none' -- "$cur")); return ;;
        --database) return ;;
        --to) return ;;
        --base-url) return ;;
        --timeout) return ;;
        --max-retries) return ;;
        --emulator) return ;;
        --emulator-without-key) return ;;
      esac
      COMPREPLY=($(compgen -W '--into --verify --database --to --help --json --table --quiet --base-url --timeout --max-retries --lenient --emulator --emulator-without-key --debug --version' -- "$cur")) ;;
    'jobs list')
      case "$prev" in
        --state) COMPREPLY=($(compgen -W 'preparing queued running cancelling cancelled done failed' -- "$cur")); return ;;
        --kind) COMPREPLY=($(compgen -W 'import bulk mirror' -- "$cur")); return ;;
        --database) return ;;
        --base-url) return ;;
        --timeout) return ;;
        --max-retries) return ;;
        --emulator) return ;;
        --emulator-without-key) return ;;
      esac
      COMPREPLY=($(compgen -W '--state --kind --database --help --json --table --quiet --base-url --timeout --max-retries --lenient --emulator --emulator-without-key --debug --version' -- "$cur")) ;;
    'jobs show')
      case "$prev" in
        --database) return ;;
        --base-url) return ;;
        --timeout) return ;;
        --max-retries) return ;;
        --emulator) return ;;
        --emulator-without-key) return ;;
      esac
      COMPREPLY=($(compgen -W '--database --help --json --table --quiet --base-url --timeout --max-retries --lenient --emulator --emulator-without-key --debug --version' -- "$cur")) ;;
    'jobs watch')
      case "$prev" in
        --database) return ;;
        --base-url) return ;;
        --timeout) return ;;
        --max-retries) return ;;
        --emulator) return ;;
        --emulator-without-key) return ;;
      esac
      COMPREPLY=($(compgen -W '--database --help --json --table --quiet --base-url --timeout --max-retries --lenient --emulator --emulator-without-key --debug --version' -- "$cur")) ;;
    'jobs cancel')
      case "$prev" in
        --database) return ;;
        --base-url) return ;;
        --timeout) return ;;
        --max-retries) return ;;
        --emulator) return ;;
        --emulator-without-key) return ;;
      esac
      COMPREPLY=($(compgen -W '--database --help --json --table --quiet --base-url --timeout --max-retries --lenient --emulator --emulator-without-key --debug --version' -- "$cur")) ;;
    'jobs retry')
      case "$prev" in
        --database) return ;;
        --base-url) return ;;
        --timeout) return ;;
        --max-retries) return ;;
        --emulator) return ;;
        --emulator-without-key) return ;;
      esac
      COMPREPLY=($(compgen -W '--database --help --json --table --quiet --base-url --timeout --max-retries --lenient --emulator --emulator-without-key --debug --version' -- "$cur")) ;;
    'jobs rejects')
      case "$prev" in
        --database) return ;;
        --base-url) return ;;
        --timeout) return ;;
        --max-retries) return ;;
        --emulator) return ;;
        --emulator-without-key) return ;;
      esac
      COMPREPLY=($(compgen -W '--database --help --json --table --quiet --base-url --timeout --max-retries --lenient --emulator --emulator-without-key --debug --version' -- "$cur")) ;;
    'jobs changes')
      case "$prev" in
        --since) return ;;
        --database) return ;;
        --base-url) return ;;
        --timeout) return ;;
        --max-retries) return ;;
        --emulator) return ;;
        --emulator-without-key) return ;;
      esac
      COMPREPLY=($(compgen -W '--since --database --help --json --table --quiet --base-url --timeout --max-retries --lenient --emulator --emulator-without-key --debug --version' -- "$cur")) ;;
    'jobs schedules')
      case "$prev" in
        --database) return ;;
        --base-url) return ;;
        --timeout) return ;;
        --max-retries) return ;;
        --emulator) return ;;
        --emulator-without-key) return ;;
      esac
      COMPREPLY=($(compgen -W '--database --help --json --table --quiet --base-url --timeout --max-retries --lenient --emulator --emulator-without-key --debug --version' -- "$cur")) ;;
    'jobs unschedule')
      case "$prev" in
        --database) return ;;
        --base-url) return ;;
        --timeout) return ;;
        --max-retries) return ;;
        --emulator) return ;;
        --emulator-without-key) return ;;
      esac
      COMPREPLY=($(compgen -W '--database --help --json --table --quiet --base-url --timeout --max-retries --lenient --emulator --emulator-without-key --debug --version' -- "$cur")) ;;
    'jobs page')
      case "$prev" in
        --port) return ;;
        --host) return ;;
        --token) return ;;
        --database) return ;;
        --base-url) return ;;
        --timeout) return ;;
        --max-retries) return ;;
        --emulator) return ;;
        --emulator-without-key) return ;;
      esac
      COMPREPLY=($(compgen -W '--port --host --token --database --help --json --table --quiet --base-url --timeout --max-retries --lenient --emulator --emulator-without-key --debug --version' -- "$cur")) ;;
    'emulator')
      case "$prev" in
        --port) return ;;
        --host) return ;;
        --cors) return ;;
        --customers) return ;;
        --file) _avara_files; return ;;
        --seed) return ;;
        --seed-file) _avara_files; return ;;
        --faults) _avara_files; return ;;
        --api-key) return ;;
        --base-url) return ;;
        --timeout) return ;;
        --max-retries) return ;;
        --emulator) return ;;
        --emulator-without-key) return ;;
      esac
      COMPREPLY=($(compgen -W '--port --host --cors --customers --file --seed --seed-file --faults --api-key --record-bodies --help --json --table --quiet --base-url --timeout --max-retries --lenient --emulator --emulator-without-key --debug --version' -- "$cur")) ;;
    'doctor')
      case "$prev" in
        --base-url) return ;;
        --timeout) return ;;
        --max-retries) return ;;
        --emulator) return ;;
        --emulator-without-key) return ;;
      esac
      COMPREPLY=($(compgen -W '--help --json --table --quiet --base-url --timeout --max-retries --lenient --emulator --emulator-without-key --debug --version' -- "$cur")) ;;
    'completions')
      case "$prev" in
        --base-url) return ;;
        --timeout) return ;;
        --max-retries) return ;;
        --emulator) return ;;
        --emulator-without-key) return ;;
      esac
      if [[ "$cur" != -* ]]; then COMPREPLY=($(compgen -W 'bash zsh fish' -- "$cur")); return; fi
      COMPREPLY=($(compgen -W '--help --json --table --quiet --base-url --timeout --max-retries --lenient --emulator --emulator-without-key --debug --version' -- "$cur")) ;;
  esac
}
complete -F _avara avara
