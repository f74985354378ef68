#compdef avara
# Completions of avara for zsh: save this file as _avara in a directory of $fpath, or source it after compinit
_avara() {
  local at= i
  local -a offers
  for ((i = 2; i < CURRENT; i++)); do
    case "$at/$words[i]" in
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
      case "$words[CURRENT-1]" in
        --base-url) return ;;
        --timeout) return ;;
        --max-retries) return ;;
        --emulator) return ;;
        --emulator-without-key) return ;;
      esac
      if [[ "$words[CURRENT]" == -* ]]; then
        offers=('--json:write data as JSON, one value per line; the default if the output is not a terminal' '--table:write data as a readable table; the default on a terminal' '--quiet:no progress and no summary; errors are still written' '--base-url:the URL of the API, instead of AVARA_BASE_URL' '--timeout:how long one attempt may take, such as 30s, instead of AVARA_TIMEOUT' '--max-retries:how often to retry a failed request, 0 to 20, instead of AVARA_MAX_RETRIES' '--lenient:accept times, user counts, creators and metadata that do not match the documentation\: read them as absent and warn' '--emulator:run against an embedded emulator of the API with N generated customers; needs no API key' '--emulator-without-key:the same, but only if AVARA_API_KEY is not set' '--debug:write retries and the full cause of a bug to standard error' '--version:print the version' '--help:show this help')
        _describe option offers
        return
      fi
      offers=('customers:Operations on customers.' 'users:Operations on the users of a customer.' 'export:Bulk exports.' 'verify:Checks that an exported file is complete and unchanged\: its size, sha256 and rows match the manifest next to it.' 'import:Bulk imports.' 'bulk:Runs one operation on every row of a file.' 'jobs:Runs bulk work as durable jobs, which survive the loss of any process or machine.' 'emulator:Runs a local emulator of the Avara Express API, with generated customers, until Ctrl-C.' 'doctor:Checks whether this machine can use the API\: key, settings, proxy, host, TLS, clock, first page.' 'completions:Prints a script that completes avara'\''s commands and options in your shell.')
      _describe command offers
      ;;
    'customers')
      case "$words[CURRENT-1]" in
        --base-url) return ;;
        --timeout) return ;;
        --max-retries) return ;;
        --emulator) return ;;
        --emulator-without-key) return ;;
      esac
      if [[ "$words[CURRENT]" == -* ]]; then
        offers=('--help:show this help' '--json:write data as JSON, one value per line; the default if the output is not a terminal' '--table:write data as a readable table; the default on a terminal' '--quiet:no progress and no summary; errors are still written' '--base-url:the URL of the API, instead of AVARA_BASE_URL' '--timeout:how long one attempt may take, such as 30s, instead of AVARA_TIMEOUT' '--max-retries:how often to retry a failed request, 0 to 20, instead of AVARA_MAX_RETRIES' '--lenient:accept times, user counts, creators and metadata that do not match the documentation\: read them as absent and warn' '--emulator:run against an embedded emulator of the API with N generated customers; needs no API key' '--emulator-without-key:the same, but only if AVARA_API_KEY is not set' '--debug:write retries and the full cause of a bug to standard error' '--version:print the version')
        _describe option offers
        return
      fi
      offers=('list:Lists all customers, or at most N with --limit.' 'get:Shows one customer. JSON has every field that the server sent.' 'create:Creates a customer and shows it.' 'update:Changes a customer'\''s name or metadata and shows the customer.' 'deactivate:Deactivates a customer\: it gets no new studies and no new users. Its data stays.' 'reactivate:Reactivates a customer that was deactivated.')
      _describe command offers
      ;;
    'customers list')
      case "$words[CURRENT-1]" in
        --limit) return ;;
        --base-url) return ;;
        --timeout) return ;;
        --max-retries) return ;;
        --emulator) return ;;
        --emulator-without-key) return ;;
      esac
      if [[ "$words[CURRENT]" == -* ]]; then
        offers=('--active:only active customers' '--inactive:only deactivated customers' '--limit:at most N customers' '--help:show this help' '--json:write data as JSON, one value per line; the default if the output is not a terminal' '--table:write data as a readable table; the default on a terminal' '--quiet:no progress and no summary; errors are still written' '--base-url:the URL of the API, instead of AVARA_BASE_URL' '--timeout:how long one attempt may take, such as 30s, instead of AVARA_TIMEOUT' '--max-retries:how often to retry a failed request, 0 to 20, instead of AVARA_MAX_RETRIES' '--lenient:accept times, user counts, creators and metadata that do not match the documentation\: read them as absent and warn' '--emulator:run against an embedded emulator of the API with N generated customers; needs no API key' '--emulator-without-key:the same, but only if AVARA_API_KEY is not set' '--debug:write retries and the full cause of a bug to standard error' '--version:print the version')
        _describe option offers
        return
      fi
      return
      ;;
    'customers get')
      case "$words[CURRENT-1]" in
        --base-url) return ;;
        --timeout) return ;;
        --max-retries) return ;;
        --emulator) return ;;
        --emulator-without-key) return ;;
      esac
      if [[ "$words[CURRENT]" == -* ]]; then
        offers=('--help:show this help' '--json:write data as JSON, one value per line; the default if the output is not a terminal' '--table:write data as a readable table; the default on a terminal' '--quiet:no progress and no summary; errors are still written' '--base-url:the URL of the API, instead of AVARA_BASE_URL' '--timeout:how long one attempt may take, such as 30s, instead of AVARA_TIMEOUT' '--max-retries:how often to retry a failed request, 0 to 20, instead of AVARA_MAX_RETRIES' '--lenient:accept times, user counts, creators and metadata that do not match the documentation\: read them as absent and warn' '--emulator:run against an embedded emulator of the API with N generated customers; needs no API key' '--emulator-without-key:the same, but only if AVARA_API_KEY is not set' '--debug:write retries and the full cause of a bug to standard error' '--version:print the version')
        _describe option offers
        return
      fi
      return
      ;;
    'customers create')
      case "$words[CURRENT-1]" in
        --name) return ;;
        --metadata) return ;;
        --once) return ;;
        --base-url) return ;;
        --timeout) return ;;
        --max-retries) return ;;
        --emulator) return ;;
        --emulator-without-key) return ;;
      esac
      if [[ "$words[CURRENT]" == -* ]]; then
        offers=('--name:the customer'\''s name; required' '--metadata:a metadata pair for the customer, at most 50; repeatable' '--once:a key that no other customer has, such as the customer'\''s number in your own system' '--help:show this help' '--json:write data as JSON, one value per line; the default if the output is not a terminal' '--table:write data as a readable table; the default on a terminal' '--quiet:no progress and no summary; errors are still written' '--base-url:the URL of the API, instead of AVARA_BASE_URL' '--timeout:how long one attempt may take, such as 30s, instead of AVARA_TIMEOUT' '--max-retries:how often to retry a failed request, 0 to 20, instead of AVARA_MAX_RETRIES' '--lenient:accept times, user counts, creators and metadata that do not match the documentation\: read them as absent and warn' '--emulator:run against an embedded emulator of the API with N generated customers; needs no API key' '--emulator-without-key:the same, but only if AVARA_API_KEY is not set' '--debug:write retries and the full cause of a bug to standard error' '--version:print the version')
        _describe option offers
        return
      fi
      return
      ;;
    'customers update')
      case "$words[CURRENT-1]" in
        --name) return ;;
        --metadata) return ;;
        --base-url) return ;;
        --timeout) return ;;
        --max-retries) return ;;
        --emulator) return ;;
        --emulator-without-key) return ;;
      esac
      if [[ "$words[CURRENT]" == -* ]]; then
        offers=('--name:the customer'\''s name' '--metadata:a metadata pair to add or change, at most 50 in total; repeatable' '--replace-metadata:remove all metadata except the --metadata pairs and createOnceKey' '--clear-metadata:remove all metadata except createOnceKey' '--help:show this help' '--json:write data as JSON, one value per line; the default if the output is not a terminal' '--table:write data as a readable table; the default on a terminal' '--quiet:no progress and no summary; errors are still written' '--base-url:the URL of the API, instead of AVARA_BASE_URL' '--timeout:how long one attempt may take, such as 30s, instead of AVARA_TIMEOUT' '--max-retries:how often to retry a failed request, 0 to 20, instead of AVARA_MAX_RETRIES' '--lenient:accept times, user counts, creators and metadata that do not match the documentation\: read them as absent and warn' '--emulator:run against an embedded emulator of the API with N generated customers; needs no API key' '--emulator-without-key:the same, but only if AVARA_API_KEY is not set' '--debug:write retries and the full cause of a bug to standard error' '--version:print the version')
        _describe option offers
        return
      fi
      return
      ;;
    'customers deactivate')
      case "$words[CURRENT-1]" in
        --base-url) return ;;
        --timeout) return ;;
        --max-retries) return ;;
        --emulator) return ;;
        --emulator-without-key) return ;;
      esac
      if [[ "$words[CURRENT]" == -* ]]; then
        offers=('--help:show this help' '--json:write data as JSON, one value per line; the default if the output is not a terminal' '--table:write data as a readable table; the default on a terminal' '--quiet:no progress and no summary; errors are still written' '--base-url:the URL of the API, instead of AVARA_BASE_URL' '--timeout:how long one attempt may take, such as 30s, instead of AVARA_TIMEOUT' '--max-retries:how often to retry a failed request, 0 to 20, instead of AVARA_MAX_RETRIES' '--lenient:accept times, user counts, creators and metadata that do not match the documentation\: read them as absent and warn' '--emulator:run against an embedded emulator of the API with N generated customers; needs no API key' '--emulator-without-key:the same, but only if AVARA_API_KEY is not set' '--debug:write retries and the full cause of a bug to standard error' '--version:print the version')
        _describe option offers
        return
      fi
      return
      ;;
    'customers reactivate')
      case "$words[CURRENT-1]" in
        --base-url) return ;;
        --timeout) return ;;
        --max-retries) return ;;
        --emulator) return ;;
        --emulator-without-key) return ;;
      esac
      if [[ "$words[CURRENT]" == -* ]]; then
        offers=('--help:show this help' '--json:write data as JSON, one value per line; the default if the output is not a terminal' '--table:write data as a readable table; the default on a terminal' '--quiet:no progress and no summary; errors are still written' '--base-url:the URL of the API, instead of AVARA_BASE_URL' '--timeout:how long one attempt may take, such as 30s, instead of AVARA_TIMEOUT' '--max-retries:how often to retry a failed request, 0 to 20, instead of AVARA_MAX_RETRIES' '--lenient:accept times, user counts, creators and metadata that do not match the documentation\: read them as absent and warn' '--emulator:run against an embedded emulator of the API with N generated customers; needs no API key' '--emulator-without-key:the same, but only if AVARA_API_KEY is not set' '--debug:write retries and the full cause of a bug to standard error' '--version:print the version')
        _describe option offers
        return
      fi
      return
      ;;
    'users')
      case "$words[CURRENT-1]" in
        --base-url) return ;;
        --timeout) return ;;
        --max-retries) return ;;
        --emulator) return ;;
        --emulator-without-key) return ;;
      esac
      if [[ "$words[CURRENT]" == -* ]]; then
        offers=('--help:show this help' '--json:write data as JSON, one value per line; the default if the output is not a terminal' '--table:write data as a readable table; the default on a terminal' '--quiet:no progress and no summary; errors are still written' '--base-url:the URL of the API, instead of AVARA_BASE_URL' '--timeout:how long one attempt may take, such as 30s, instead of AVARA_TIMEOUT' '--max-retries:how often to retry a failed request, 0 to 20, instead of AVARA_MAX_RETRIES' '--lenient:accept times, user counts, creators and metadata that do not match the documentation\: read them as absent and warn' '--emulator:run against an embedded emulator of the API with N generated customers; needs no API key' '--emulator-without-key:the same, but only if AVARA_API_KEY is not set' '--debug:write retries and the full cause of a bug to standard error' '--version:print the version')
        _describe option offers
        return
      fi
      offers=('add:Gives a user access to a customer.' 'remove:Removes a user'\''s access to a customer. The user'\''s account stays.')
      _describe command offers
      ;;
    'users add')
      case "$words[CURRENT-1]" in
        --base-url) return ;;
        --timeout) return ;;
        --max-retries) return ;;
        --emulator) return ;;
        --emulator-without-key) return ;;
      esac
      if [[ "$words[CURRENT]" == -* ]]; then
        offers=('--help:show this help' '--json:write data as JSON, one value per line; the default if the output is not a terminal' '--table:write data as a readable table; the default on a terminal' '--quiet:no progress and no summary; errors are still written' '--base-url:the URL of the API, instead of AVARA_BASE_URL' '--timeout:how long one attempt may take, such as 30s, instead of AVARA_TIMEOUT' '--max-retries:how often to retry a failed request, 0 to 20, instead of AVARA_MAX_RETRIES' '--lenient:accept times, user counts, creators and metadata that do not match the documentation\: read them as absent and warn' '--emulator:run against an embedded emulator of the API with N generated customers; needs no API key' '--emulator-without-key:the same, but only if AVARA_API_KEY is not set' '--debug:write retries and the full cause of a bug to standard error' '--version:print the version')
        _describe option offers
        return
      fi
      return
      ;;
    'users remove')
      case "$words[CURRENT-1]" in
        --base-url) return ;;
        --timeout) return ;;
        --max-retries) return ;;
        --emulator) return ;;
        --emulator-without-key) return ;;
      esac
      if [[ "$words[CURRENT]" == -* ]]; then
        offers=('--help:show this help' '--json:write data as JSON, one value per line; the default if the output is not a terminal' '--table:write data as a readable table; the default on a terminal' '--quiet:no progress and no summary; errors are still written' '--base-url:the URL of the API, instead of AVARA_BASE_URL' '--timeout:how long one attempt may take, such as 30s, instead of AVARA_TIMEOUT' '--max-retries:how often to retry a failed request, 0 to 20, instead of AVARA_MAX_RETRIES' '--lenient:accept times, user counts, creators and metadata that do not match the documentation\: read them as absent and warn' '--emulator:run against an embedded emulator of the API with N generated customers; needs no API key' '--emulator-without-key:the same, but only if AVARA_API_KEY is not set' '--debug:write retries and the full cause of a bug to standard error' '--version:print the version')
        _describe option offers
        return
      fi
      return
      ;;
    'export')
      case "$words[CURRENT-1]" in
        --base-url) return ;;
        --timeout) return ;;
        --max-retries) return ;;
        --emulator) return ;;
        --emulator-without-key) return ;;
      esac
      if [[ "$words[CURRENT]" == -* ]]; then
        offers=('--help:show this help' '--json:write data as JSON, one value per line; the default if the output is not a terminal' '--table:write data as a readable table; the default on a terminal' '--quiet:no progress and no summary; errors are still written' '--base-url:the URL of the API, instead of AVARA_BASE_URL' '--timeout:how long one attempt may take, such as 30s, instead of AVARA_TIMEOUT' '--max-retries:how often to retry a failed request, 0 to 20, instead of AVARA_MAX_RETRIES' '--lenient:accept times, user counts, creators and metadata that do not match the documentation\: read them as absent and warn' '--emulator:run against an embedded emulator of the API with N generated customers; needs no API key' '--emulator-without-key:the same, but only if AVARA_API_KEY is not set' '--debug:write retries and the full cause of a bug to standard error' '--version:print the version')
        _describe option offers
        return
      fi
      offers=('customers:Exports the customers to a file or a table\: each customer once, all or nothing.')
      _describe command offers
      ;;
    'export customers')
      case "$words[CURRENT-1]" in
        --out) _files; return ;;
        --format) compadd -- ndjson json csv parquet; return ;;
        --to) return ;;
        --into) return ;;
        --busy-timeout) return ;;
        --metadata) compadd -- json columns map; return ;;
        --formulas) compadd -- keep escape; return ;;
        --since) return ;;
        --verify) compadd -- overlap none; return ;;
        --rate) return ;;
        --base-url) return ;;
        --timeout) return ;;
        --max-retries) return ;;
        --emulator) return ;;
        --emulator-without-key) return ;;
      esac
      if [[ "$words[CURRENT]" == -* ]]; then
        offers=('--out:the file to write, or - for standard output; directories are created' '--format:the format of the file; by default, its extension decides' '--to:write to the table avara_customers of sqlite\:FILE or postgres\://USER@HOST/NAME instead of a file' '--into:the table to write to, instead of avara_customers' '--busy-timeout:how long to wait for a lock that another program holds on the database; 30s by default. Ctrl-C has no effect while SQLite waits' '--metadata:CSV\: json, one column (the default), or columns, one per key. Parquet\: json (the default) or map' '--formulas:CSV\: keep cells that a spreadsheet would run as a formula (the default), or escape them with a '\''' '--bom:CSV\: start with a byte order mark, which Excel needs' '--active:only active customers' '--inactive:only deactivated customers' '--since:only customers created at this time or later, such as 2026-01-31; UTC unless it has an offset' '--verify:overlap\: detect deletions during the read, which could hide other customers; no check by default' '--rate:the maximum request rate, such as 20/s; the command slows down further if the server asks for it' '--resume:continue an unfinished export to the same place; start one if there is none' '--discard:discard an unfinished export to the same place and start again' '--help:show this help' '--json:write data as JSON, one value per line; the default if the output is not a terminal' '--table:write data as a readable table; the default on a terminal' '--quiet:no progress and no summary; errors are still written' '--base-url:the URL of the API, instead of AVARA_BASE_URL' '--timeout:how long one attempt may take, such as 30s, instead of AVARA_TIMEOUT' '--max-retries:how often to retry a failed request, 0 to 20, instead of AVARA_MAX_RETRIES' '--lenient:accept times, user counts, creators and metadata that do not match the documentation\: read them as absent and warn' '--emulator:run against an embedded emulator of the API with N generated customers; needs no API key' '--emulator-without-key:the same, but only if AVARA_API_KEY is not set' '--debug:write retries and the full cause of a bug to standard error' '--version:print the version')
        _describe option offers
        return
      fi
      return
      ;;
    'verify')
      case "$words[CURRENT-1]" in
        --base-url) return ;;
        --timeout) return ;;
        --max-retries) return ;;
        --emulator) return ;;
        --emulator-without-key) return ;;
      esac
      if [[ "$words[CURRENT]" == -* ]]; then
        offers=('--help:show this help' '--json:write data as JSON, one value per line; the default if the output is not a terminal' '--table:write data as a readable table; the default on a terminal' '--quiet:no progress and no summary; errors are still written' '--base-url:the URL of the API, instead of AVARA_BASE_URL' '--timeout:how long one attempt may take, such as 30s, instead of AVARA_TIMEOUT' '--max-retries:how often to retry a failed request, 0 to 20, instead of AVARA_MAX_RETRIES' '--lenient:accept times, user counts, creators and metadata that do not match the documentation\: read them as absent and warn' '--emulator:run against an embedded emulator of the API with N generated customers; needs no API key' '--emulator-without-key:the same, but only if AVARA_API_KEY is not set' '--debug:write retries and the full cause of a bug to standard error' '--version:print the version')
        _describe option offers
        return
      fi
      _files; return
      ;;
    'import')
      case "$words[CURRENT-1]" in
        --base-url) return ;;
        --timeout) return ;;
        --max-retries) return ;;
        --emulator) return ;;
        --emulator-without-key) return ;;
      esac
      if [[ "$words[CURRENT]" == -* ]]; then
        offers=('--help:show this help' '--json:write data as JSON, one value per line; the default if the output is not a terminal' '--table:write data as a readable table; the default on a terminal' '--quiet:no progress and no summary; errors are still written' '--base-url:the URL of the API, instead of AVARA_BASE_URL' '--timeout:how long one attempt may take, such as 30s, instead of AVARA_TIMEOUT' '--max-retries:how often to retry a failed request, 0 to 20, instead of AVARA_MAX_RETRIES' '--lenient:accept times, user counts, creators and metadata that do not match the documentation\: read them as absent and warn' '--emulator:run against an embedded emulator of the API with N generated customers; needs no API key' '--emulator-without-key:the same, but only if AVARA_API_KEY is not set' '--debug:write retries and the full cause of a bug to standard error' '--version:print the version')
        _describe option offers
        return
      fi
      offers=('customers:Creates a customer for each row of a file, exactly once.')
      _describe command offers
      ;;
    'import customers')
      case "$words[CURRENT-1]" in
        --format) compadd -- csv ndjson; return ;;
        --encoding) compadd -- utf-8 utf-16le utf-16be latin1 windows-1252; return ;;
        --concurrency) return ;;
        --rate) return ;;
        --key-name) return ;;
        --base-url) return ;;
        --timeout) return ;;
        --max-retries) return ;;
        --emulator) return ;;
        --emulator-without-key) return ;;
      esac
      if [[ "$words[CURRENT]" == -* ]]; then
        offers=('--format:the format of the file; by default, its extension decides' '--encoding:the encoding of the file, often windows-1252 for files from Windows; by default, the encoding of its byte order mark, or UTF-8' '--dry-run:check every row without sending anything' '--resume:continue an earlier run with this file' '--concurrency:how many rows to send at a time; 4 by default' '--rate:the maximum request rate, such as 20/s; the command slows down further if the server asks for it' '--key-name:the metadata entry that holds the key of a row; createOnceKey by default' '--look-first:read the list of customers first and skip the rows whose keys are in it, for example after an import of the same content under another name' '--help:show this help' '--json:write data as JSON, one value per line; the default if the output is not a terminal' '--table:write data as a readable table; the default on a terminal' '--quiet:no progress and no summary; errors are still written' '--base-url:the URL of the API, instead of AVARA_BASE_URL' '--timeout:how long one attempt may take, such as 30s, instead of AVARA_TIMEOUT' '--max-retries:how often to retry a failed request, 0 to 20, instead of AVARA_MAX_RETRIES' '--lenient:accept times, user counts, creators and metadata that do not match the documentation\: read them as absent and warn' '--emulator:run against an embedded emulator of the API with N generated customers; needs no API key' '--emulator-without-key:the same, but only if AVARA_API_KEY is not set' '--debug:write retries and the full cause of a bug to standard error' '--version:print the version')
        _describe option offers
        return
      fi
      _files; return
      ;;
    'bulk')
      case "$words[CURRENT-1]" in
        --base-url) return ;;
        --timeout) return ;;
        --max-retries) return ;;
        --emulator) return ;;
        --emulator-without-key) return ;;
      esac
      if [[ "$words[CURRENT]" == -* ]]; then
        offers=('--help:show this help' '--json:write data as JSON, one value per line; the default if the output is not a terminal' '--table:write data as a readable table; the default on a terminal' '--quiet:no progress and no summary; errors are still written' '--base-url:the URL of the API, instead of AVARA_BASE_URL' '--timeout:how long one attempt may take, such as 30s, instead of AVARA_TIMEOUT' '--max-retries:how often to retry a failed request, 0 to 20, instead of AVARA_MAX_RETRIES' '--lenient:accept times, user counts, creators and metadata that do not match the documentation\: read them as absent and warn' '--emulator:run against an embedded emulator of the API with N generated customers; needs no API key' '--emulator-without-key:the same, but only if AVARA_API_KEY is not set' '--debug:write retries and the full cause of a bug to standard error' '--version:print the version')
        _describe option offers
        return
      fi
      offers=('deactivate:Deactivates the customer in each row of a file.' 'reactivate:Reactivates the customer in each row of a file.' 'add-users:Gives a user access to a customer for each row of a file.' 'remove-users:Removes a user'\''s access to a customer for each row of a file.')
      _describe command offers
      ;;
    'bulk deactivate')
      case "$words[CURRENT-1]" in
        --format) compadd -- csv ndjson; return ;;
        --encoding) compadd -- utf-8 utf-16le utf-16be latin1 windows-1252; return ;;
        --concurrency) return ;;
        --rate) return ;;
        --base-url) return ;;
        --timeout) return ;;
        --max-retries) return ;;
        --emulator) return ;;
        --emulator-without-key) return ;;
      esac
      if [[ "$words[CURRENT]" == -* ]]; then
        offers=('--format:the format of the file; by default, its extension decides' '--encoding:the encoding of the file, often windows-1252 for files from Windows; by default, the encoding of its byte order mark, or UTF-8' '--dry-run:check every row without sending anything' '--resume:continue an earlier run with this file' '--concurrency:how many rows to send at a time; 4 by default' '--rate:the maximum request rate, such as 20/s; the command slows down further if the server asks for it' '--help:show this help' '--json:write data as JSON, one value per line; the default if the output is not a terminal' '--table:write data as a readable table; the default on a terminal' '--quiet:no progress and no summary; errors are still written' '--base-url:the URL of the API, instead of AVARA_BASE_URL' '--timeout:how long one attempt may take, such as 30s, instead of AVARA_TIMEOUT' '--max-retries:how often to retry a failed request, 0 to 20, instead of AVARA_MAX_RETRIES' '--lenient:accept times, user counts, creators and metadata that do not match the documentation\: read them as absent and warn' '--emulator:run against an embedded emulator of the API with N generated customers; needs no API key' '--emulator-without-key:the same, but only if AVARA_API_KEY is not set' '--debug:write retries and the full cause of a bug to standard error' '--version:print the version')
        _describe option offers
        return
      fi
      _files; return
      ;;
    'bulk reactivate')
      case "$words[CURRENT-1]" in
        --format) compadd -- csv ndjson; return ;;
        --encoding) compadd -- utf-8 utf-16le utf-16be latin1 windows-1252; return ;;
        --concurrency) return ;;
        --rate) return ;;
        --base-url) return ;;
        --timeout) return ;;
        --max-retries) return ;;
        --emulator) return ;;
        --emulator-without-key) return ;;
      esac
      if [[ "$words[CURRENT]" == -* ]]; then
        offers=('--format:the format of the file; by default, its extension decides' '--encoding:the encoding of the file, often windows-1252 for files from Windows; by default, the encoding of its byte order mark, or UTF-8' '--dry-run:check every row without sending anything' '--resume:continue an earlier run with this file' '--concurrency:how many rows to send at a time; 4 by default' '--rate:the maximum request rate, such as 20/s; the command slows down further if the server asks for it' '--help:show this help' '--json:write data as JSON, one value per line; the default if the output is not a terminal' '--table:write data as a readable table; the default on a terminal' '--quiet:no progress and no summary; errors are still written' '--base-url:the URL of the API, instead of AVARA_BASE_URL' '--timeout:how long one attempt may take, such as 30s, instead of AVARA_TIMEOUT' '--max-retries:how often to retry a failed request, 0 to 20, instead of AVARA_MAX_RETRIES' '--lenient:accept times, user counts, creators and metadata that do not match the documentation\: read them as absent and warn' '--emulator:run against an embedded emulator of the API with N generated customers; needs no API key' '--emulator-without-key:the same, but only if AVARA_API_KEY is not set' '--debug:write retries and the full cause of a bug to standard error' '--version:print the version')
        _describe option offers
        return
      fi
      _files; return
      ;;
    'bulk add-users')
      case "$words[CURRENT-1]" in
        --format) compadd -- csv ndjson; return ;;
        --encoding) compadd -- utf-8 utf-16le utf-16be latin1 windows-1252; return ;;
        --concurrency) return ;;
        --rate) return ;;
        --base-url) return ;;
        --timeout) return ;;
        --max-retries) return ;;
        --emulator) return ;;
        --emulator-without-key) return ;;
      esac
      if [[ "$words[CURRENT]" == -* ]]; then
        offers=('--format:the format of the file; by default, its extension decides' '--encoding:the encoding of the file, often windows-1252 for files from Windows; by default, the encoding of its byte order mark, or UTF-8' '--dry-run:check every row without sending anything' '--resume:continue an earlier run with this file' '--concurrency:how many rows to send at a time; 4 by default' '--rate:the maximum request rate, such as 20/s; the command slows down further if the server asks for it' '--help:show this help' '--json:write data as JSON, one value per line; the default if the output is not a terminal' '--table:write data as a readable table; the default on a terminal' '--quiet:no progress and no summary; errors are still written' '--base-url:the URL of the API, instead of AVARA_BASE_URL' '--timeout:how long one attempt may take, such as 30s, instead of AVARA_TIMEOUT' '--max-retries:how often to retry a failed request, 0 to 20, instead of AVARA_MAX_RETRIES' '--lenient:accept times, user counts, creators and metadata that do not match the documentation\: read them as absent and warn' '--emulator:run against an embedded emulator of the API with N generated customers; needs no API key' '--emulator-without-key:the same, but only if AVARA_API_KEY is not set' '--debug:write retries and the full cause of a bug to standard error' '--version:print the version')
        _describe option offers
        return
      fi
      _files; return
      ;;
    'bulk remove-users')
      case "$words[CURRENT-1]" in
        --format) compadd -- csv ndjson; return ;;
        --encoding) compadd -- utf-8 utf-16le utf-16be latin1 windows-1252; return ;;
        --concurrency) return ;;
        --rate) return ;;
        --base-url) return ;;
        --timeout) return ;;
        --max-retries) return ;;
        --emulator) return ;;
        --emulator-without-key) return ;;
      esac
      if [[ "$words[CURRENT]" == -* ]]; then
        offers=('--format:the format of the file; by default, its extension decides' '--encoding:the encoding of the file, often windows-1252 for files from Windows; by default, the encoding of its byte order mark, or UTF-8' '--dry-run:check every row without sending anything' '--resume:continue an earlier run with this file' '--concurrency:how many rows to send at a time; 4 by default' '--rate:the maximum request rate, such as 20/s; the command slows down further if the server asks for it' '--help:show this help' '--json:write data as JSON, one value per line; the default if the output is not a terminal' '--table:write data as a readable table; the default on a terminal' '--quiet:no progress and no summary; errors are still written' '--base-url:the URL of the API, instead of AVARA_BASE_URL' '--timeout:how long one attempt may take, such as 30s, instead of AVARA_TIMEOUT' '--max-retries:how often to retry a failed request, 0 to 20, instead of AVARA_MAX_RETRIES' '--lenient:accept times, user counts, creators and metadata that do not match the documentation\: read them as absent and warn' '--emulator:run against an embedded emulator of the API with N generated customers; needs no API key' '--emulator-without-key:the same, but only if AVARA_API_KEY is not set' '--debug:write retries and the full cause of a bug to standard error' '--version:print the version')
        _describe option offers
        return
      fi
      _files; return
      ;;
    'jobs')
      case "$words[CURRENT-1]" in
        --base-url) return ;;
        --timeout) return ;;
        --max-retries) return ;;
        --emulator) return ;;
        --emulator-without-key) return ;;
      esac
      if [[ "$words[CURRENT]" == -* ]]; then
        offers=('--help:show this help' '--json:write data as JSON, one value per line; the default if the output is not a terminal' '--table:write data as a readable table; the default on a terminal' '--quiet:no progress and no summary; errors are still written' '--base-url:the URL of the API, instead of AVARA_BASE_URL' '--timeout:how long one attempt may take, such as 30s, instead of AVARA_TIMEOUT' '--max-retries:how often to retry a failed request, 0 to 20, instead of AVARA_MAX_RETRIES' '--lenient:accept times, user counts, creators and metadata that do not match the documentation\: read them as absent and warn' '--emulator:run against an embedded emulator of the API with N generated customers; needs no API key' '--emulator-without-key:the same, but only if AVARA_API_KEY is not set' '--debug:write retries and the full cause of a bug to standard error' '--version:print the version')
        _describe option offers
        return
      fi
      offers=('import:Creates a customer for each row of a file, exactly once, as a durable job.' 'bulk:Runs one operation on every row of a file, as a durable job.' 'mirror:Copies the list of customers into a table, as a durable job, once or on a schedule.' 'worker:Works on the jobs of a database until Ctrl-C.' 'submit:Queues a job for workers and returns immediately.' 'list:Lists the jobs, newest first.' 'show:Shows one job\: its state, its rows, and why it failed or is waiting.' 'watch:Shows the progress of a job until it ends.' 'cancel:Cancels a job\: no more rows are sent.' 'retry:Queues a failed or cancelled job again, or the rows that the server refused.' 'rejects:Prints the rejected rows of a job, and why they were rejected.' 'changes:Lists the changes that the last complete run of a mirror found.' 'schedules:Lists the schedules of mirrors, and when each one starts its next run.' 'unschedule:Removes a schedule. Its jobs and its table stay.' 'page:Serves a page that shows the jobs in a browser, until Ctrl-C.')
      _describe command offers
      ;;
    'jobs import')
      case "$words[CURRENT-1]" in
        --format) compadd -- csv ndjson; return ;;
        --encoding) compadd -- utf-8 utf-16le utf-16be latin1 windows-1252; return ;;
        --key-name) return ;;
        --rate) return ;;
        --database) return ;;
        --base-url) return ;;
        --timeout) return ;;
        --max-retries) return ;;
        --emulator) return ;;
        --emulator-without-key) return ;;
      esac
      if [[ "$words[CURRENT]" == -* ]]; then
        offers=('--format:the format of the file; by default, its extension decides' '--encoding:the encoding of the file, often windows-1252 for files from Windows; by default, the encoding of its byte order mark, or UTF-8' '--key-name:the metadata entry that holds the key of a row; createOnceKey by default' '--rate:the maximum request rate, such as 50/s, for all workers on the database together; they slow down further if the server asks for it' '--database:the jobs database, sqlite\:FILE or postgres\://USER@HOST/NAME; AVARA_JOBS_DATABASE or sqlite\:avara-jobs.db by default' '--help:show this help' '--json:write data as JSON, one value per line; the default if the output is not a terminal' '--table:write data as a readable table; the default on a terminal' '--quiet:no progress and no summary; errors are still written' '--base-url:the URL of the API, instead of AVARA_BASE_URL' '--timeout:how long one attempt may take, such as 30s, instead of AVARA_TIMEOUT' '--max-retries:how often to retry a failed request, 0 to 20, instead of AVARA_MAX_RETRIES' '--lenient:accept times, user counts, creators and metadata that do not match the documentation\: read them as absent and warn' '--emulator:run against an embedded emulator of the API with N generated customers; needs no API key' '--emulator-without-key:the same, but only if AVARA_API_KEY is not set' '--debug:write retries and the full cause of a bug to standard error' '--version:print the version')
        _describe option offers
        return
      fi
      _files; return
      ;;
    'jobs bulk')
      case "$words[CURRENT-1]" in
        --base-url) return ;;
        --timeout) return ;;
        --max-retries) return ;;
        --emulator) return ;;
        --emulator-without-key) return ;;
      esac
      if [[ "$words[CURRENT]" == -* ]]; then
        offers=('--help:show this help' '--json:write data as JSON, one value per line; the default if the output is not a terminal' '--table:write data as a readable table; the default on a terminal' '--quiet:no progress and no summary; errors are still written' '--base-url:the URL of the API, instead of AVARA_BASE_URL' '--timeout:how long one attempt may take, such as 30s, instead of AVARA_TIMEOUT' '--max-retries:how often to retry a failed request, 0 to 20, instead of AVARA_MAX_RETRIES' '--lenient:accept times, user counts, creators and metadata that do not match the documentation\: read them as absent and warn' '--emulator:run against an embedded emulator of the API with N generated customers; needs no API key' '--emulator-without-key:the same, but only if AVARA_API_KEY is not set' '--debug:write retries and the full cause of a bug to standard error' '--version:print the version')
        _describe option offers
        return
      fi
      offers=('deactivate:Deactivates the customer in each row of a file, as a durable job.' 'reactivate:Reactivates the customer in each row of a file, as a durable job.' 'add-users:Gives a user access to a customer for each row of a file, as a durable job.' 'remove-users:Removes a user'\''s access to a customer for each row of a file, as a durable job.')
      _describe command offers
      ;;
    'jobs bulk deactivate')
      case "$words[CURRENT-1]" in
        --format) compadd -- csv ndjson; return ;;
        --encoding) compadd -- utf-8 utf-16le utf-16be latin1 windows-1252; return ;;
        --rate) return ;;
        --database) return ;;
        --base-url) return ;;
        --timeout) return ;;
        --max-retries) return ;;
        --emulator) return ;;
        --emulator-without-key) return ;;
      esac
      if [[ "$words[CURRENT]" == -* ]]; then
        offers=('--format:the format of the file; by default, its extension decides' '--encoding:the encoding of the file, often windows-1252 for files from Windows; by default, the encoding of its byte order mark, or UTF-8' '--rate:the maximum request rate, such as 50/s, for all workers on the database together; they slow down further if the server asks for it' '--database:the jobs database, sqlite\:FILE or postgres\://USER@HOST/NAME; AVARA_JOBS_DATABASE or sqlite\:avara-jobs.db by default' '--help:show this help' '--json:write data as JSON, one value per line; the default if the output is not a terminal' '--table:write data as a readable table; the default on a terminal' '--quiet:no progress and no summary; errors are still written' '--base-url:the URL of the API, instead of AVARA_BASE_URL' '--timeout:how long one attempt may take, such as 30s, instead of AVARA_TIMEOUT' '--max-retries:how often to retry a failed request, 0 to 20, instead of AVARA_MAX_RETRIES' '--lenient:accept times, user counts, creators and metadata that do not match the documentation\: read them as absent and warn' '--emulator:run against an embedded emulator of the API with N generated customers; needs no API key' '--emulator-without-key:the same, but only if AVARA_API_KEY is not set' '--debug:write retries and the full cause of a bug to standard error' '--version:print the version')
        _describe option offers
        return
      fi
      _files; return
      ;;
    'jobs bulk reactivate')
      case "$words[CURRENT-1]" in
        --format) compadd -- csv ndjson; return ;;
        --encoding) compadd -- utf-8 utf-16le utf-16be latin1 windows-1252; return ;;
        --rate) return ;;
        --database) return ;;
        --base-url) return ;;
        --timeout) return ;;
        --max-retries) return ;;
        --emulator) return ;;
        --emulator-without-key) return ;;
      esac
      if [[ "$words[CURRENT]" == -* ]]; then
        offers=('--format:the format of the file; by default, its extension decides' '--encoding:the encoding of the file, often windows-1252 for files from Windows; by default, the encoding of its byte order mark, or UTF-8' '--rate:the maximum request rate, such as 50/s, for all workers on the database together; they slow down further if the server asks for it' '--database:the jobs database, sqlite\:FILE or postgres\://USER@HOST/NAME; AVARA_JOBS_DATABASE or sqlite\:avara-jobs.db by default' '--help:show this help' '--json:write data as JSON, one value per line; the default if the output is not a terminal' '--table:write data as a readable table; the default on a terminal' '--quiet:no progress and no summary; errors are still written' '--base-url:the URL of the API, instead of AVARA_BASE_URL' '--timeout:how long one attempt may take, such as 30s, instead of AVARA_TIMEOUT' '--max-retries:how often to retry a failed request, 0 to 20, instead of AVARA_MAX_RETRIES' '--lenient:accept times, user counts, creators and metadata that do not match the documentation\: read them as absent and warn' '--emulator:run against an embedded emulator of the API with N generated customers; needs no API key' '--emulator-without-key:the same, but only if AVARA_API_KEY is not set' '--debug:write retries and the full cause of a bug to standard error' '--version:print the version')
        _describe option offers
        return
      fi
      _files; return
      ;;
    'jobs bulk add-users')
      case "$words[CURRENT-1]" in
        --format) compadd -- csv ndjson; return ;;
        --encoding) compadd -- utf-8 utf-16le utf-16be latin1 windows-1252; return ;;
        --rate) return ;;
        --database) return ;;
        --base-url) return ;;
        --timeout) return ;;
        --max-retries) return ;;
        --emulator) return ;;
        --emulator-without-key) return ;;
      esac
      if [[ "$words[CURRENT]" == -* ]]; then
        offers=('--format:the format of the file; by default, its extension decides' '--encoding:the encoding of the file, often windows-1252 for files from Windows; by default, the encoding of its byte order mark, or UTF-8' '--rate:the maximum request rate, such as 50/s, for all workers on the database together; they slow down further if the server asks for it' '--database:the jobs database, sqlite\:FILE or postgres\://USER@HOST/NAME; AVARA_JOBS_DATABASE or sqlite\:avara-jobs.db by default' '--help:show this help' '--json:write data as JSON, one value per line; the default if the output is not a terminal' '--table:write data as a readable table; the default on a terminal' '--quiet:no progress and no summary; errors are still written' '--base-url:the URL of the API, instead of AVARA_BASE_URL' '--timeout:how long one attempt may take, such as 30s, instead of AVARA_TIMEOUT' '--max-retries:how often to retry a failed request, 0 to 20, instead of AVARA_MAX_RETRIES' '--lenient:accept times, user counts, creators and metadata that do not match the documentation\: read them as absent and warn' '--emulator:run against an embedded emulator of the API with N generated customers; needs no API key' '--emulator-without-key:the same, but only if AVARA_API_KEY is not set' '--debug:write retries and the full cause of a bug to standard error' '--version:print the version')
        _describe option offers
        return
      fi
      _files; return
      ;;
    'jobs bulk remove-users')
      case "$words[CURRENT-1]" in
        --format) compadd -- csv ndjson; return ;;
        --encoding) compadd -- utf-8 utf-16le utf-16be latin1 windows-1252; return ;;
        --rate) return ;;
        --database) return ;;
        --base-url) return ;;
        --timeout) return ;;
        --max-retries) return ;;
        --emulator) return ;;
        --emulator-without-key) return ;;
      esac
      if [[ "$words[CURRENT]" == -* ]]; then
        offers=('--format:the format of the file; by default, its extension decides' '--encoding:the encoding of the file, often windows-1252 for files from Windows; by default, the encoding of its byte order mark, or UTF-8' '--rate:the maximum request rate, such as 50/s, for all workers on the database together; they slow down further if the server asks for it' '--database:the jobs database, sqlite\:FILE or postgres\://USER@HOST/NAME; AVARA_JOBS_DATABASE or sqlite\:avara-jobs.db by default' '--help:show this help' '--json:write data as JSON, one value per line; the default if the output is not a terminal' '--table:write data as a readable table; the default on a terminal' '--quiet:no progress and no summary; errors are still written' '--base-url:the URL of the API, instead of AVARA_BASE_URL' '--timeout:how long one attempt may take, such as 30s, instead of AVARA_TIMEOUT' '--max-retries:how often to retry a failed request, 0 to 20, instead of AVARA_MAX_RETRIES' '--lenient:accept times, user counts, creators and metadata that do not match the documentation\: read them as absent and warn' '--emulator:run against an embedded emulator of the API with N generated customers; needs no API key' '--emulator-without-key:the same, but only if AVARA_API_KEY is not set' '--debug:write retries and the full cause of a bug to standard error' '--version:print the version')
        _describe option offers
        return
      fi
      _files; return
      ;;
    'jobs mirror')
      case "$words[CURRENT-1]" in
        --into) return ;;
        --verify) compadd -- overlap none; return ;;
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
      if [[ "$words[CURRENT]" == -* ]]; then
        offers=('--into:the table, which is created if it does not exist; avara_customers by default' '--verify:overlap\: detect deletions during the read, which could hide other customers; no check by default' '--every:when a run starts\: minute, hour, day, month, weekday, such as "0 2 * * *" for every night at 2\:00' '--zone:the time zone of --every, such as Europe/Berlin; UTC by default' '--rate:the maximum request rate, such as 50/s, for all workers on the database together; they slow down further if the server asks for it' '--database:the jobs database, sqlite\:FILE or postgres\://USER@HOST/NAME; AVARA_JOBS_DATABASE or sqlite\:avara-jobs.db by default' '--to:the same as --database' '--help:show this help' '--json:write data as JSON, one value per line; the default if the output is not a terminal' '--table:write data as a readable table; the default on a terminal' '--quiet:no progress and no summary; errors are still written' '--base-url:the URL of the API, instead of AVARA_BASE_URL' '--timeout:how long one attempt may take, such as 30s, instead of AVARA_TIMEOUT' '--max-retries:how often to retry a failed request, 0 to 20, instead of AVARA_MAX_RETRIES' '--lenient:accept times, user counts, creators and metadata that do not match the documentation\: read them as absent and warn' '--emulator:run against an embedded emulator of the API with N generated customers; needs no API key' '--emulator-without-key:the same, but only if AVARA_API_KEY is not set' '--debug:write retries and the full cause of a bug to standard error' '--version:print the version')
        _describe option offers
        return
      fi
      return
      ;;
    'jobs worker')
      case "$words[CURRENT-1]" in
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
      if [[ "$words[CURRENT]" == -* ]]; then
        offers=('--once:end when no job is left' '--rate:the maximum request rate, such as 50/s, for all workers on the database together; they slow down further if the server asks for it' '--lanes:how many parts of a job to work on at a time, across all workers; 12 by default' '--slots:how many rows this worker sends at a time; 8 by default' '--keep:how long to keep a job and its rows after it has ended, such as 7d, or forever; 30d by default' '--database:the jobs database, sqlite\:FILE or postgres\://USER@HOST/NAME; AVARA_JOBS_DATABASE or sqlite\:avara-jobs.db by default' '--help:show this help' '--json:write data as JSON, one value per line; the default if the output is not a terminal' '--table:write data as a readable table; the default on a terminal' '--quiet:no progress and no summary; errors are still written' '--base-url:the URL of the API, instead of AVARA_BASE_URL' '--timeout:how long one attempt may take, such as 30s, instead of AVARA_TIMEOUT' '--max-retries:how often to retry a failed request, 0 to 20, instead of AVARA_MAX_RETRIES' '--lenient:accept times, user counts, creators and metadata that do not match the documentation\: read them as absent and warn' '--emulator:run against an embedded emulator of the API with N generated customers; needs no API key' '--emulator-without-key:the same, but only if AVARA_API_KEY is not set' '--debug:write retries and the full cause of a bug to standard error' '--version:print the version')
        _describe option offers
        return
      fi
      return
      ;;
    'jobs submit')
      case "$words[CURRENT-1]" in
        --base-url) return ;;
        --timeout) return ;;
        --max-retries) return ;;
        --emulator) return ;;
        --emulator-without-key) return ;;
      esac
      if [[ "$words[CURRENT]" == -* ]]; then
        offers=('--help:show this help' '--json:write data as JSON, one value per line; the default if the output is not a terminal' '--table:write data as a readable table; the default on a terminal' '--quiet:no progress and no summary; errors are still written' '--base-url:the URL of the API, instead of AVARA_BASE_URL' '--timeout:how long one attempt may take, such as 30s, instead of AVARA_TIMEOUT' '--max-retries:how often to retry a failed request, 0 to 20, instead of AVARA_MAX_RETRIES' '--lenient:accept times, user counts, creators and metadata that do not match the documentation\: read them as absent and warn' '--emulator:run against an embedded emulator of the API with N generated customers; needs no API key' '--emulator-without-key:the same, but only if AVARA_API_KEY is not set' '--debug:write retries and the full cause of a bug to standard error' '--version:print the version')
        _describe option offers
        return
      fi
      offers=('import:Queues a job that creates a customer for each row of a file, exactly once.' 'bulk:Queues one operation on every row of a file.' 'mirror:Queues one run of a mirror, which copies the list of customers into a table.')
      _describe command offers
      ;;
    'jobs submit import')
      case "$words[CURRENT-1]" in
        --format) compadd -- csv ndjson; return ;;
        --encoding) compadd -- utf-8 utf-16le utf-16be latin1 windows-1252; return ;;
        --key-name) return ;;
        --database) return ;;
        --base-url) return ;;
        --timeout) return ;;
        --max-retries) return ;;
        --emulator) return ;;
        --emulator-without-key) return ;;
      esac
      if [[ "$words[CURRENT]" == -* ]]; then
        offers=('--format:the format of the file; by default, its extension decides' '--encoding:the encoding of the file, often windows-1252 for files from Windows; by default, the encoding of its byte order mark, or UTF-8' '--key-name:the metadata entry that holds the key of a row; createOnceKey by default' '--database:the jobs database, sqlite\:FILE or postgres\://USER@HOST/NAME; AVARA_JOBS_DATABASE or sqlite\:avara-jobs.db by default' '--help:show this help' '--json:write data as JSON, one value per line; the default if the output is not a terminal' '--table:write data as a readable table; the default on a terminal' '--quiet:no progress and no summary; errors are still written' '--base-url:the URL of the API, instead of AVARA_BASE_URL' '--timeout:how long one attempt may take, such as 30s, instead of AVARA_TIMEOUT' '--max-retries:how often to retry a failed request, 0 to 20, instead of AVARA_MAX_RETRIES' '--lenient:accept times, user counts, creators and metadata that do not match the documentation\: read them as absent and warn' '--emulator:run against an embedded emulator of the API with N generated customers; needs no API key' '--emulator-without-key:the same, but only if AVARA_API_KEY is not set' '--debug:write retries and the full cause of a bug to standard error' '--version:print the version')
        _describe option offers
        return
      fi
      _files; return
      ;;
    'jobs submit bulk')
      case "$words[CURRENT-1]" in
        --base-url) return ;;
        --timeout) return ;;
        --max-retries) return ;;
        --emulator) return ;;
        --emulator-without-key) return ;;
      esac
      if [[ "$words[CURRENT]" == -* ]]; then
        offers=('--help:show this help' '--json:write data as JSON, one value per line; the default if the output is not a terminal' '--table:write data as a readable table; the default on a terminal' '--quiet:no progress and no summary; errors are still written' '--base-url:the URL of the API, instead of AVARA_BASE_URL' '--timeout:how long one attempt may take, such as 30s, instead of AVARA_TIMEOUT' '--max-retries:how often to retry a failed request, 0 to 20, instead of AVARA_MAX_RETRIES' '--lenient:accept times, user counts, creators and metadata that do not match the documentation\: read them as absent and warn' '--emulator:run against an embedded emulator of the API with N generated customers; needs no API key' '--emulator-without-key:the same, but only if AVARA_API_KEY is not set' '--debug:write retries and the full cause of a bug to standard error' '--version:print the version')
        _describe option offers
        return
      fi
      offers=('deactivate:Queues a job that deactivates the customer in each row of a file.' 'reactivate:Queues a job that reactivates the customer in each row of a file.' 'add-users:Queues a job that gives a user access to a customer for each row of a file.' 'remove-users:Queues a job that removes a user'\''s access to a customer for each row of a file.')
      _describe command offers
      ;;
    'jobs submit bulk deactivate')
      case "$words[CURRENT-1]" in
        --format) compadd -- csv ndjson; return ;;
        --encoding) compadd -- utf-8 utf-16le utf-16be latin1 windows-1252; return ;;
        --database) return ;;
        --base-url) return ;;
        --timeout) return ;;
        --max-retries) return ;;
        --emulator) return ;;
        --emulator-without-key) return ;;
      esac
      if [[ "$words[CURRENT]" == -* ]]; then
        offers=('--format:the format of the file; by default, its extension decides' '--encoding:the encoding of the file, often windows-1252 for files from Windows; by default, the encoding of its byte order mark, or UTF-8' '--database:the jobs database, sqlite\:FILE or postgres\://USER@HOST/NAME; AVARA_JOBS_DATABASE or sqlite\:avara-jobs.db by default' '--help:show this help' '--json:write data as JSON, one value per line; the default if the output is not a terminal' '--table:write data as a readable table; the default on a terminal' '--quiet:no progress and no summary; errors are still written' '--base-url:the URL of the API, instead of AVARA_BASE_URL' '--timeout:how long one attempt may take, such as 30s, instead of AVARA_TIMEOUT' '--max-retries:how often to retry a failed request, 0 to 20, instead of AVARA_MAX_RETRIES' '--lenient:accept times, user counts, creators and metadata that do not match the documentation\: read them as absent and warn' '--emulator:run against an embedded emulator of the API with N generated customers; needs no API key' '--emulator-without-key:the same, but only if AVARA_API_KEY is not set' '--debug:write retries and the full cause of a bug to standard error' '--version:print the version')
        _describe option offers
        return
      fi
      _files; return
      ;;
    'jobs submit bulk reactivate')
      case "$words[CURRENT-1]" in
        --format) compadd -- csv ndjson; return ;;
        --encoding) compadd -- utf-8 utf-16le utf-16be latin1 windows-1252; return ;;
        --database) return ;;
        --base-url) return ;;
        --timeout) return ;;
        --max-retries) return ;;
        --emulator) return ;;
        --emulator-without-key) return ;;
      esac
      if [[ "$words[CURRENT]" == -* ]]; then
        offers=('--format:the format of the file; by default, its extension decides' '--encoding:the encoding of the file, often windows-1252 for files from Windows; by default, the encoding of its byte order mark, or UTF-8' '--database:the jobs database, sqlite\:FILE or postgres\://USER@HOST/NAME; AVARA_JOBS_DATABASE or sqlite\:avara-jobs.db by default' '--help:show this help' '--json:write data as JSON, one value per line; the default if the output is not a terminal' '--table:write data as a readable table; the default on a terminal' '--quiet:no progress and no summary; errors are still written' '--base-url:the URL of the API, instead of AVARA_BASE_URL' '--timeout:how long one attempt may take, such as 30s, instead of AVARA_TIMEOUT' '--max-retries:how often to retry a failed request, 0 to 20, instead of AVARA_MAX_RETRIES' '--lenient:accept times, user counts, creators and metadata that do not match the documentation\: read them as absent and warn' '--emulator:run against an embedded emulator of the API with N generated customers; needs no API key' '--emulator-without-key:the same, but only if AVARA_API_KEY is not set' '--debug:write retries and the full cause of a bug to standard error' '--version:print the version')
        _describe option offers
        return
      fi
      _files; return
      ;;
    'jobs submit bulk add-users')
      case "$words[CURRENT-1]" in
        --format) compadd -- csv ndjson; return ;;
        --encoding) compadd -- utf-8 utf-16le utf-16be latin1 windows-1252; return ;;
        --database) return ;;
        --base-url) return ;;
        --timeout) return ;;
        --max-retries) return ;;
        --emulator) return ;;
        --emulator-without-key) return ;;
      esac
      if [[ "$words[CURRENT]" == -* ]]; then
        offers=('--format:the format of the file; by default, its extension decides' '--encoding:the encoding of the file, often windows-1252 for files from Windows; by default, the encoding of its byte order mark, or UTF-8' '--database:the jobs database, sqlite\:FILE or postgres\://USER@HOST/NAME; AVARA_JOBS_DATABASE or sqlite\:avara-jobs.db by default' '--help:show this help' '--json:write data as JSON, one value per line; the default if the output is not a terminal' '--table:write data as a readable table; the default on a terminal' '--quiet:no progress and no summary; errors are still written' '--base-url:the URL of the API, instead of AVARA_BASE_URL' '--timeout:how long one attempt may take, such as 30s, instead of AVARA_TIMEOUT' '--max-retries:how often to retry a failed request, 0 to 20, instead of AVARA_MAX_RETRIES' '--lenient:accept times, user counts, creators and metadata that do not match the documentation\: read them as absent and warn' '--emulator:run against an embedded emulator of the API with N generated customers; needs no API key' '--emulator-without-key:the same, but only if AVARA_API_KEY is not set' '--debug:write retries and the full cause of a bug to standard error' '--version:print the version')
        _describe option offers
        return
      fi
      _files; return
      ;;
    'jobs submit bulk remove-users')
      case "$words[CURRENT-1]" in
        --format) compadd -- csv ndjson; return ;;
        --encoding) compadd -- utf-8 utf-16le utf-16be latin1 windows-1252; return ;;
        --database) return ;;
        --base-url) return ;;
        --timeout) return ;;
        --max-retries) return ;;
        --emulator) return ;;
        --emulator-without-key) return ;;
      esac
      if [[ "$words[CURRENT]" == -* ]]; then
        offers=('--format:the format of the file; by default, its extension decides' '--encoding:the encoding of the file, often windows-1252 for files from Windows; by default, the encoding of its byte order mark, or UTF-8' '--database:the jobs database, sqlite\:FILE or postgres\://USER@HOST/NAME; AVARA_JOBS_DATABASE or sqlite\:avara-jobs.db by default' '--help:show this help' '--json:write data as JSON, one value per line; the default if the output is not a terminal' '--table:write data as a readable table; the default on a terminal' '--quiet:no progress and no summary; errors are still written' '--base-url:the URL of the API, instead of AVARA_BASE_URL' '--timeout:how long one attempt may take, such as 30s, instead of AVARA_TIMEOUT' '--max-retries:how often to retry a failed request, 0 to 20, instead of AVARA_MAX_RETRIES' '--lenient:accept times, user counts, creators and metadata that do not match the documentation\: read them as absent and warn' '--emulator:run against an embedded emulator of the API with N generated customers; needs no API key' '--emulator-without-key:the same, but only if AVARA_API_KEY is not set' '--debug:write retries and the full cause of a bug to standard error' '--version:print the version')
        _describe option offers
        return
      fi
      _files; return
      ;;
    'jobs submit mirror')
      case "$words[CURRENT-1]" in
        --into) return ;;
        --verify) compadd -- overlap none; return ;;
        --database) return ;;
        --to) return ;;
        --base-url) return ;;
        --timeout) return ;;
        --max-retries) return ;;
        --emulator) return ;;
        --emulator-without-key) return ;;
      esac
      if [[ "$words[CURRENT]" == -* ]]; then
        offers=('--into:the table, which is created if it does not exist; avara_customers by default' '--verify:overlap\: detect deletions during the read, which could hide other customers; no check by default' '--database:the jobs database, sqlite\:FILE or postgres\://USER@HOST/NAME; AVARA_JOBS_DATABASE or sqlite\:avara-jobs.db by default' '--to:the same as --database' '--help:show this help' '--json:write data as JSON, one value per line; the default if the output is not a terminal' '--table:write data as a readable table; the default on a terminal' '--quiet:no progress and no summary; errors are still written' '--base-url:the URL of the API, instead of AVARA_BASE_URL' '--timeout:how long one attempt may take, such as 30s, instead of AVARA_TIMEOUT' '--max-retries:how often to retry a failed request, 0 to 20, instead of AVARA_MAX_RETRIES' '--lenient:accept times, user counts, creators and metadata that do not match the documentation\: read them as absent and warn' '--emulator:run against an embedded emulator of the API with N generated customers; needs no API key' '--emulator-without-key:the same, but only if AVARA_API_KEY is not set' '--debug:write retries and the full cause of a bug to standard error' '--version:print the version')
        _describe option offers
        return
      fi
      return
      ;;
    'jobs list')
      case "$words[CURRENT-1]" in
        --state) compadd -- preparing queued running cancelling cancelled done failed; return ;;
        --kind) compadd -- import bulk mirror; return ;;
        --database) return ;;
        --base-url) return ;;
        --timeout) return ;;
        --max-retries) return ;;
        --emulator) return ;;
        --emulator-without-key) return ;;
      esac
      if [[ "$words[CURRENT]" == -* ]]; then
        offers=('--state:only jobs in this state' '--kind:only jobs of this kind' '--database:the jobs database, sqlite\:FILE or postgres\://USER@HOST/NAME; AVARA_JOBS_DATABASE or sqlite\:avara-jobs.db by default' '--help:show this help' '--json:write data as JSON, one value per line; the default if the output is not a terminal' '--table:write data as a readable table; the default on a terminal' '--quiet:no progress and no summary; errors are still written' '--base-url:the URL of the API, instead of AVARA_BASE_URL' '--timeout:how long one attempt may take, such as 30s, instead of AVARA_TIMEOUT' '--max-retries:how often to retry a failed request, 0 to 20, instead of AVARA_MAX_RETRIES' '--lenient:accept times, user counts, creators and metadata that do not match the documentation\: read them as absent and warn' '--emulator:run against an embedded emulator of the API with N generated customers; needs no API key' '--emulator-without-key:the same, but only if AVARA_API_KEY is not set' '--debug:write retries and the full cause of a bug to standard error' '--version:print the version')
        _describe option offers
        return
      fi
      return
      ;;
    'jobs show')
      case "$words[CURRENT-1]" in
        --database) return ;;
        --base-url) return ;;
        --timeout) return ;;
        --max-retries) return ;;
        --emulator) return ;;
        --emulator-without-key) return ;;
      esac
      if [[ "$words[CURRENT]" == -* ]]; then
        offers=('--database:the jobs database, sqlite\:FILE or postgres\://USER@HOST/NAME; AVARA_JOBS_DATABASE or sqlite\:avara-jobs.db by default' '--help:show this help' '--json:write data as JSON, one value per line; the default if the output is not a terminal' '--table:write data as a readable table; the default on a terminal' '--quiet:no progress and no summary; errors are still written' '--base-url:the URL of the API, instead of AVARA_BASE_URL' '--timeout:how long one attempt may take, such as 30s, instead of AVARA_TIMEOUT' '--max-retries:how often to retry a failed request, 0 to 20, instead of AVARA_MAX_RETRIES' '--lenient:accept times, user counts, creators and metadata that do not match the documentation\: read them as absent and warn' '--emulator:run against an embedded emulator of the API with N generated customers; needs no API key' '--emulator-without-key:the same, but only if AVARA_API_KEY is not set' '--debug:write retries and the full cause of a bug to standard error' '--version:print the version')
        _describe option offers
        return
      fi
      return
      ;;
    'jobs watch')
      case "$words[CURRENT-1]" in
        --database) return ;;
        --base-url) return ;;
        --timeout) return ;;
        --max-retries) return ;;
        --emulator) return ;;
        --emulator-without-key) return ;;
      esac
      if [[ "$words[CURRENT]" == -* ]]; then
        offers=('--database:the jobs database, sqlite\:FILE or postgres\://USER@HOST/NAME; AVARA_JOBS_DATABASE or sqlite\:avara-jobs.db by default' '--help:show this help' '--json:write data as JSON, one value per line; the default if the output is not a terminal' '--table:write data as a readable table; the default on a terminal' '--quiet:no progress and no summary; errors are still written' '--base-url:the URL of the API, instead of AVARA_BASE_URL' '--timeout:how long one attempt may take, such as 30s, instead of AVARA_TIMEOUT' '--max-retries:how often to retry a failed request, 0 to 20, instead of AVARA_MAX_RETRIES' '--lenient:accept times, user counts, creators and metadata that do not match the documentation\: read them as absent and warn' '--emulator:run against an embedded emulator of the API with N generated customers; needs no API key' '--emulator-without-key:the same, but only if AVARA_API_KEY is not set' '--debug:write retries and the full cause of a bug to standard error' '--version:print the version')
        _describe option offers
        return
      fi
      return
      ;;
    'jobs cancel')
      case "$words[CURRENT-1]" in
        --database) return ;;
        --base-url) return ;;
        --timeout) return ;;
        --max-retries) return ;;
        --emulator) return ;;
        --emulator-without-key) return ;;
      esac
      if [[ "$words[CURRENT]" == -* ]]; then
        offers=('--database:the jobs database, sqlite\:FILE or postgres\://USER@HOST/NAME; AVARA_JOBS_DATABASE or sqlite\:avara-jobs.db by default' '--help:show this help' '--json:write data as JSON, one value per line; the default if the output is not a terminal' '--table:write data as a readable table; the default on a terminal' '--quiet:no progress and no summary; errors are still written' '--base-url:the URL of the API, instead of AVARA_BASE_URL' '--timeout:how long one attempt may take, such as 30s, instead of AVARA_TIMEOUT' '--max-retries:how often to retry a failed request, 0 to 20, instead of AVARA_MAX_RETRIES' '--lenient:accept times, user counts, creators and metadata that do not match the documentation\: read them as absent and warn' '--emulator:run against an embedded emulator of the API with N generated customers; needs no API key' '--emulator-without-key:the same, but only if AVARA_API_KEY is not set' '--debug:write retries and the full cause of a bug to standard error' '--version:print the version')
        _describe option offers
        return
      fi
      return
      ;;
    'jobs retry')
      case "$words[CURRENT-1]" in
        --database) return ;;
        --base-url) return ;;
        --timeout) return ;;
        --max-retries) return ;;
        --emulator) return ;;
        --emulator-without-key) return ;;
      esac
      if [[ "$words[CURRENT]" == -* ]]; then
        offers=('--database:the jobs database, sqlite\:FILE or postgres\://USER@HOST/NAME; AVARA_JOBS_DATABASE or sqlite\:avara-jobs.db by default' '--help:show this help' '--json:write data as JSON, one value per line; the default if the output is not a terminal' '--table:write data as a readable table; the default on a terminal' '--quiet:no progress and no summary; errors are still written' '--base-url:the URL of the API, instead of AVARA_BASE_URL' '--timeout:how long one attempt may take, such as 30s, instead of AVARA_TIMEOUT' '--max-retries:how often to retry a failed request, 0 to 20, instead of AVARA_MAX_RETRIES' '--lenient:accept times, user counts, creators and metadata that do not match the documentation\: read them as absent and warn' '--emulator:run against an embedded emulator of the API with N generated customers; needs no API key' '--emulator-without-key:the same, but only if AVARA_API_KEY is not set' '--debug:write retries and the full cause of a bug to standard error' '--version:print the version')
        _describe option offers
        return
      fi
      return
      ;;
    'jobs rejects')
      case "$words[CURRENT-1]" in
        --database) return ;;
        --base-url) return ;;
        --timeout) return ;;
        --max-retries) return ;;
        --emulator) return ;;
        --emulator-without-key) return ;;
      esac
      if [[ "$words[CURRENT]" == -* ]]; then
        offers=('--database:the jobs database, sqlite\:FILE or postgres\://USER@HOST/NAME; AVARA_JOBS_DATABASE or sqlite\:avara-jobs.db by default' '--help:show this help' '--json:write data as JSON, one value per line; the default if the output is not a terminal' '--table:write data as a readable table; the default on a terminal' '--quiet:no progress and no summary; errors are still written' '--base-url:the URL of the API, instead of AVARA_BASE_URL' '--timeout:how long one attempt may take, such as 30s, instead of AVARA_TIMEOUT' '--max-retries:how often to retry a failed request, 0 to 20, instead of AVARA_MAX_RETRIES' '--lenient:accept times, user counts, creators and metadata that do not match the documentation\: read them as absent and warn' '--emulator:run against an embedded emulator of the API with N generated customers; needs no API key' '--emulator-without-key:the same, but only if AVARA_API_KEY is not set' '--debug:write retries and the full cause of a bug to standard error' '--version:print the version')
        _describe option offers
        return
      fi
      return
      ;;
    'jobs changes')
      case "$words[CURRENT-1]" in
        --since) return ;;
        --database) return ;;
        --base-url) return ;;
        --timeout) return ;;
        --max-retries) return ;;
        --emulator) return ;;
        --emulator-without-key) return ;;
      esac
      if [[ "$words[CURRENT]" == -* ]]; then
        offers=('--since:the changes of all runs completed after DATE, oldest first; by default, only the changes of the last run' '--database:the jobs database, sqlite\:FILE or postgres\://USER@HOST/NAME; AVARA_JOBS_DATABASE or sqlite\:avara-jobs.db by default' '--help:show this help' '--json:write data as JSON, one value per line; the default if the output is not a terminal' '--table:write data as a readable table; the default on a terminal' '--quiet:no progress and no summary; errors are still written' '--base-url:the URL of the API, instead of AVARA_BASE_URL' '--timeout:how long one attempt may take, such as 30s, instead of AVARA_TIMEOUT' '--max-retries:how often to retry a failed request, 0 to 20, instead of AVARA_MAX_RETRIES' '--lenient:accept times, user counts, creators and metadata that do not match the documentation\: read them as absent and warn' '--emulator:run against an embedded emulator of the API with N generated customers; needs no API key' '--emulator-without-key:the same, but only if AVARA_API_KEY is not set' '--debug:write retries and the full cause of a bug to standard error' '--version:print the version')
        _describe option offers
        return
      fi
      return
      ;;
    'jobs schedules')
      case "$words[CURRENT-1]" in
        --database) return ;;
        --base-url) return ;;
        --timeout) return ;;
        --max-retries) return ;;
        --emulator) return ;;
        --emulator-without-key) return ;;
      esac
      if [[ "$words[CURRENT]" == -* ]]; then
        offers=('--database:the jobs database, sqlite\:FILE or postgres\://USER@HOST/NAME; AVARA_JOBS_DATABASE or sqlite\:avara-jobs.db by default' '--help:show this help' '--json:write data as JSON, one value per line; the default if the output is not a terminal' '--table:write data as a readable table; the default on a terminal' '--quiet:no progress and no summary; errors are still written' '--base-url:the URL of the API, instead of AVARA_BASE_URL' '--timeout:how long one attempt may take, such as 30s, instead of AVARA_TIMEOUT' '--max-retries:how often to retry a failed request, 0 to 20, instead of AVARA_MAX_RETRIES' '--lenient:accept times, user counts, creators and metadata that do not match the documentation\: read them as absent and warn' '--emulator:run against an embedded emulator of the API with N generated customers; needs no API key' '--emulator-without-key:the same, but only if AVARA_API_KEY is not set' '--debug:write retries and the full cause of a bug to standard error' '--version:print the version')
        _describe option offers
        return
      fi
      return
      ;;
    'jobs unschedule')
      case "$words[CURRENT-1]" in
        --database) return ;;
        --base-url) return ;;
        --timeout) return ;;
        --max-retries) return ;;
        --emulator) return ;;
        --emulator-without-key) return ;;
      esac
      if [[ "$words[CURRENT]" == -* ]]; then
        offers=('--database:the jobs database, sqlite\:FILE or postgres\://USER@HOST/NAME; AVARA_JOBS_DATABASE or sqlite\:avara-jobs.db by default' '--help:show this help' '--json:write data as JSON, one value per line; the default if the output is not a terminal' '--table:write data as a readable table; the default on a terminal' '--quiet:no progress and no summary; errors are still written' '--base-url:the URL of the API, instead of AVARA_BASE_URL' '--timeout:how long one attempt may take, such as 30s, instead of AVARA_TIMEOUT' '--max-retries:how often to retry a failed request, 0 to 20, instead of AVARA_MAX_RETRIES' '--lenient:accept times, user counts, creators and metadata that do not match the documentation\: read them as absent and warn' '--emulator:run against an embedded emulator of the API with N generated customers; needs no API key' '--emulator-without-key:the same, but only if AVARA_API_KEY is not set' '--debug:write retries and the full cause of a bug to standard error' '--version:print the version')
        _describe option offers
        return
      fi
      return
      ;;
    'jobs page')
      case "$words[CURRENT-1]" in
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
      if [[ "$words[CURRENT]" == -* ]]; then
        offers=('--port:the port to listen on, or 0 for a free one' '--host:the address to listen on; with 0.0.0.0, other machines can connect' '--token:the token that a browser must present, at least 16 visible ASCII characters; by default, AVARA_JOBS_TOKEN, which other users of the machine cannot read, or a random token with --host' '--database:the jobs database, sqlite\:FILE or postgres\://USER@HOST/NAME; AVARA_JOBS_DATABASE or sqlite\:avara-jobs.db by default' '--help:show this help' '--json:write data as JSON, one value per line; the default if the output is not a terminal' '--table:write data as a readable table; the default on a terminal' '--quiet:no progress and no summary; errors are still written' '--base-url:the URL of the API, instead of AVARA_BASE_URL' '--timeout:how long one attempt may take, such as 30s, instead of AVARA_TIMEOUT' '--max-retries:how often to retry a failed request, 0 to 20, instead of AVARA_MAX_RETRIES' '--lenient:accept times, user counts, creators and metadata that do not match the documentation\: read them as absent and warn' '--emulator:run against an embedded emulator of the API with N generated customers; needs no API key' '--emulator-without-key:the same, but only if AVARA_API_KEY is not set' '--debug:write retries and the full cause of a bug to standard error' '--version:print the version')
        _describe option offers
        return
      fi
      return
      ;;
    'emulator')
      case "$words[CURRENT-1]" in
        --port) return ;;
        --host) return ;;
        --cors) return ;;
        --customers) return ;;
        --file) _files; return ;;
        --seed) return ;;
        --seed-file) _files; return ;;
        --faults) _files; return ;;
        --api-key) return ;;
        --base-url) return ;;
        --timeout) return ;;
        --max-retries) return ;;
        --emulator) return ;;
        --emulator-without-key) return ;;
      esac
      if [[ "$words[CURRENT]" == -* ]]; then
        offers=('--port:the port to listen on, or 0 for a free one' '--host:the address to listen on; with 0.0.0.0, other machines can connect' '--cors:the origin whose pages may call the emulator from a browser; none by default' '--customers:how many customers to generate if there are none; 10000 by default, 0 with --seed-file' '--file:a file that keeps the customers between runs; by default, they are only in memory' '--seed:the seed of the generated customers' '--seed-file:a JSON file with the initial customers, in the form that /__emulator/state returns' '--faults:a JSON file with the initial faults, in the form that POST /__emulator/faults accepts' '--api-key:the only API key to accept' '--record-bodies:record the request bodies, which /__emulator/requests then shows' '--help:show this help' '--json:write data as JSON, one value per line; the default if the output is not a terminal' '--table:write data as a readable table; the default on a terminal' '--quiet:no progress and no summary; errors are still written' '--base-url:the URL of the API, instead of AVARA_BASE_URL' '--timeout:how long one attempt may take, such as 30s, instead of AVARA_TIMEOUT' '--max-retries:how often to retry a failed request, 0 to 20, instead of AVARA_MAX_RETRIES' '--lenient:accept times, user counts, creators and metadata that do not match the documentation\: read them as absent and warn' '--emulator:run against an embedded emulator of the API with N generated customers; needs no API key' '--emulator-without-key:the same, but only if AVARA_API_KEY is not set' '--debug:write retries and the full cause of a bug to standard error' '--version:print the version')
        _describe option offers
        return
      fi
      return
      ;;
    'doctor')
      case "$words[CURRENT-1]" in
        --base-url) return ;;
        --timeout) return ;;
        --max-retries) return ;;
        --emulator) return ;;
        --emulator-without-key) return ;;
      esac
      if [[ "$words[CURRENT]" == -* ]]; then
        offers=('--help:show this help' '--json:write data as JSON, one value per line; the default if the output is not a terminal' '--table:write data as a readable table; the default on a terminal' '--quiet:no progress and no summary; errors are still written' '--base-url:the URL of the API, instead of AVARA_BASE_URL' '--timeout:how long one attempt may take, such as 30s, instead of AVARA_TIMEOUT' '--max-retries:how often to retry a failed request, 0 to 20, instead of AVARA_MAX_RETRIES' '--lenient:accept times, user counts, creators and metadata that do not match the documentation\: read them as absent and warn' '--emulator:run against an embedded emulator of the API with N generated customers; needs no API key' '--emulator-without-key:the same, but only if AVARA_API_KEY is not set' '--debug:write retries and the full cause of a bug to standard error' '--version:print the version')
        _describe option offers
        return
      fi
      return
      ;;
    'completions')
      case "$words[CURRENT-1]" in
        --base-url) return ;;
        --timeout) return ;;
        --max-retries) return ;;
        --emulator) return ;;
        --emulator-without-key) return ;;
      esac
      if [[ "$words[CURRENT]" == -* ]]; then
        offers=('--help:show this help' '--json:write data as JSON, one value per line; the default if the output is not a terminal' '--table:write data as a readable table; the default on a terminal' '--quiet:no progress and no summary; errors are still written' '--base-url:the URL of the API, instead of AVARA_BASE_URL' '--timeout:how long one attempt may take, such as 30s, instead of AVARA_TIMEOUT' '--max-retries:how often to retry a failed request, 0 to 20, instead of AVARA_MAX_RETRIES' '--lenient:accept times, user counts, creators and metadata that do not match the documentation\: read them as absent and warn' '--emulator:run against an embedded emulator of the API with N generated customers; needs no API key' '--emulator-without-key:the same, but only if AVARA_API_KEY is not set' '--debug:write retries and the full cause of a bug to standard error' '--version:print the version')
        _describe option offers
        return
      fi
      compadd -- bash zsh fish; return
      ;;
  esac
}
if [[ "$funcstack[1]" == _avara ]]; then _avara "$@"; else compdef _avara avara; fi
