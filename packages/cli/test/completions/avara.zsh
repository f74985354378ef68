#compdef avara
# Completions of avara for zsh: put this file into a directory of $fpath as _avara, or source it after compinit
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
        offers=('--json:write data as JSON, one line each; the default where the output is not a terminal' '--table:write data as a table to read; the default on a terminal' '--quiet:no progress and no summary; errors are still written' '--base-url:where the API is, in place of AVARA_BASE_URL' '--timeout:how long one attempt may take, such as 30s, in place of AVARA_TIMEOUT' '--max-retries:how often a failed request is sent again, 0 to 20, in place of AVARA_MAX_RETRIES' '--lenient:accept times, user counts, creators and metadata that are not as documented\: read them as absent, and warn' '--emulator:run against an embedded emulator of the API with N generated customers; needs no API key' '--emulator-without-key:the same, but only while AVARA_API_KEY is not set' '--debug:write retries, and the cause of a bug in full, to standard error' '--version:the version' '--help:this text, or that of the command')
        _describe option offers
        return
      fi
      offers=('customers:The operations on customers.' 'users:The operations on the users of a customer.' 'export:Bulk exports.' 'verify:Checks that a file is what an export wrote\: size, sha256 and rows, by the manifest beside it.' 'import:Bulk imports.' 'bulk:One operation on every row of a file.' 'jobs:Durable jobs\: bulk work that survives any process and machine.' 'emulator:Runs the Avara Express API as a local server, with generated customers, until Ctrl-C.' 'doctor:Checks what stands between this machine and the API\: key, settings, proxy, host, TLS, clock, first page.' 'completions:Writes a script that makes a shell complete the commands and options of avara.')
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
        offers=('--help:this text, or that of the command' '--json:write data as JSON, one line each; the default where the output is not a terminal' '--table:write data as a table to read; the default on a terminal' '--quiet:no progress and no summary; errors are still written' '--base-url:where the API is, in place of AVARA_BASE_URL' '--timeout:how long one attempt may take, such as 30s, in place of AVARA_TIMEOUT' '--max-retries:how often a failed request is sent again, 0 to 20, in place of AVARA_MAX_RETRIES' '--lenient:accept times, user counts, creators and metadata that are not as documented\: read them as absent, and warn' '--emulator:run against an embedded emulator of the API with N generated customers; needs no API key' '--emulator-without-key:the same, but only while AVARA_API_KEY is not set' '--debug:write retries, and the cause of a bug in full, to standard error' '--version:the version')
        _describe option offers
        return
      fi
      offers=('list:Lists the customers, all of them unless --limit says otherwise.' 'get:Shows one customer, as JSON with every field that the server sent.' 'create:Creates a customer, and shows it.' 'update:Changes a customer'\''s name or metadata, and shows it.' 'deactivate:Bars a customer from new studies and users; its data stays.' 'reactivate:Undoes deactivate.')
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
        offers=('--active:only customers that are active' '--inactive:only customers that are deactivated' '--limit:at most N customers' '--help:this text, or that of the command' '--json:write data as JSON, one line each; the default where the output is not a terminal' '--table:write data as a table to read; the default on a terminal' '--quiet:no progress and no summary; errors are still written' '--base-url:where the API is, in place of AVARA_BASE_URL' '--timeout:how long one attempt may take, such as 30s, in place of AVARA_TIMEOUT' '--max-retries:how often a failed request is sent again, 0 to 20, in place of AVARA_MAX_RETRIES' '--lenient:accept times, user counts, creators and metadata that are not as documented\: read them as absent, and warn' '--emulator:run against an embedded emulator of the API with N generated customers; needs no API key' '--emulator-without-key:the same, but only while AVARA_API_KEY is not set' '--debug:write retries, and the cause of a bug in full, to standard error' '--version:the version')
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
        offers=('--help:this text, or that of the command' '--json:write data as JSON, one line each; the default where the output is not a terminal' '--table:write data as a table to read; the default on a terminal' '--quiet:no progress and no summary; errors are still written' '--base-url:where the API is, in place of AVARA_BASE_URL' '--timeout:how long one attempt may take, such as 30s, in place of AVARA_TIMEOUT' '--max-retries:how often a failed request is sent again, 0 to 20, in place of AVARA_MAX_RETRIES' '--lenient:accept times, user counts, creators and metadata that are not as documented\: read them as absent, and warn' '--emulator:run against an embedded emulator of the API with N generated customers; needs no API key' '--emulator-without-key:the same, but only while AVARA_API_KEY is not set' '--debug:write retries, and the cause of a bug in full, to standard error' '--version:the version')
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
        offers=('--name:the customer'\''s name; required' '--metadata:a pair kept with the customer, at most 50; repeatable' '--once:what tells this customer from every other one, such as its number in a system of yours' '--help:this text, or that of the command' '--json:write data as JSON, one line each; the default where the output is not a terminal' '--table:write data as a table to read; the default on a terminal' '--quiet:no progress and no summary; errors are still written' '--base-url:where the API is, in place of AVARA_BASE_URL' '--timeout:how long one attempt may take, such as 30s, in place of AVARA_TIMEOUT' '--max-retries:how often a failed request is sent again, 0 to 20, in place of AVARA_MAX_RETRIES' '--lenient:accept times, user counts, creators and metadata that are not as documented\: read them as absent, and warn' '--emulator:run against an embedded emulator of the API with N generated customers; needs no API key' '--emulator-without-key:the same, but only while AVARA_API_KEY is not set' '--debug:write retries, and the cause of a bug in full, to standard error' '--version:the version')
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
        offers=('--name:the customer'\''s name' '--metadata:a pair to add to the customer'\''s metadata or to change, at most 50 in all; repeatable' '--replace-metadata:remove all metadata but the pairs of --metadata and createOnceKey' '--clear-metadata:remove all metadata but createOnceKey' '--help:this text, or that of the command' '--json:write data as JSON, one line each; the default where the output is not a terminal' '--table:write data as a table to read; the default on a terminal' '--quiet:no progress and no summary; errors are still written' '--base-url:where the API is, in place of AVARA_BASE_URL' '--timeout:how long one attempt may take, such as 30s, in place of AVARA_TIMEOUT' '--max-retries:how often a failed request is sent again, 0 to 20, in place of AVARA_MAX_RETRIES' '--lenient:accept times, user counts, creators and metadata that are not as documented\: read them as absent, and warn' '--emulator:run against an embedded emulator of the API with N generated customers; needs no API key' '--emulator-without-key:the same, but only while AVARA_API_KEY is not set' '--debug:write retries, and the cause of a bug in full, to standard error' '--version:the version')
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
        offers=('--help:this text, or that of the command' '--json:write data as JSON, one line each; the default where the output is not a terminal' '--table:write data as a table to read; the default on a terminal' '--quiet:no progress and no summary; errors are still written' '--base-url:where the API is, in place of AVARA_BASE_URL' '--timeout:how long one attempt may take, such as 30s, in place of AVARA_TIMEOUT' '--max-retries:how often a failed request is sent again, 0 to 20, in place of AVARA_MAX_RETRIES' '--lenient:accept times, user counts, creators and metadata that are not as documented\: read them as absent, and warn' '--emulator:run against an embedded emulator of the API with N generated customers; needs no API key' '--emulator-without-key:the same, but only while AVARA_API_KEY is not set' '--debug:write retries, and the cause of a bug in full, to standard error' '--version:the version')
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
        offers=('--help:this text, or that of the command' '--json:write data as JSON, one line each; the default where the output is not a terminal' '--table:write data as a table to read; the default on a terminal' '--quiet:no progress and no summary; errors are still written' '--base-url:where the API is, in place of AVARA_BASE_URL' '--timeout:how long one attempt may take, such as 30s, in place of AVARA_TIMEOUT' '--max-retries:how often a failed request is sent again, 0 to 20, in place of AVARA_MAX_RETRIES' '--lenient:accept times, user counts, creators and metadata that are not as documented\: read them as absent, and warn' '--emulator:run against an embedded emulator of the API with N generated customers; needs no API key' '--emulator-without-key:the same, but only while AVARA_API_KEY is not set' '--debug:write retries, and the cause of a bug in full, to standard error' '--version:the version')
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
        offers=('--help:this text, or that of the command' '--json:write data as JSON, one line each; the default where the output is not a terminal' '--table:write data as a table to read; the default on a terminal' '--quiet:no progress and no summary; errors are still written' '--base-url:where the API is, in place of AVARA_BASE_URL' '--timeout:how long one attempt may take, such as 30s, in place of AVARA_TIMEOUT' '--max-retries:how often a failed request is sent again, 0 to 20, in place of AVARA_MAX_RETRIES' '--lenient:accept times, user counts, creators and metadata that are not as documented\: read them as absent, and warn' '--emulator:run against an embedded emulator of the API with N generated customers; needs no API key' '--emulator-without-key:the same, but only while AVARA_API_KEY is not set' '--debug:write retries, and the cause of a bug in full, to standard error' '--version:the version')
        _describe option offers
        return
      fi
      offers=('add:Gives a user access to a customer.' 'remove:Takes a user'\''s access to a customer away; the user'\''s account stays.')
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
        offers=('--help:this text, or that of the command' '--json:write data as JSON, one line each; the default where the output is not a terminal' '--table:write data as a table to read; the default on a terminal' '--quiet:no progress and no summary; errors are still written' '--base-url:where the API is, in place of AVARA_BASE_URL' '--timeout:how long one attempt may take, such as 30s, in place of AVARA_TIMEOUT' '--max-retries:how often a failed request is sent again, 0 to 20, in place of AVARA_MAX_RETRIES' '--lenient:accept times, user counts, creators and metadata that are not as documented\: read them as absent, and warn' '--emulator:run against an embedded emulator of the API with N generated customers; needs no API key' '--emulator-without-key:the same, but only while AVARA_API_KEY is not set' '--debug:write retries, and the cause of a bug in full, to standard error' '--version:the version')
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
        offers=('--help:this text, or that of the command' '--json:write data as JSON, one line each; the default where the output is not a terminal' '--table:write data as a table to read; the default on a terminal' '--quiet:no progress and no summary; errors are still written' '--base-url:where the API is, in place of AVARA_BASE_URL' '--timeout:how long one attempt may take, such as 30s, in place of AVARA_TIMEOUT' '--max-retries:how often a failed request is sent again, 0 to 20, in place of AVARA_MAX_RETRIES' '--lenient:accept times, user counts, creators and metadata that are not as documented\: read them as absent, and warn' '--emulator:run against an embedded emulator of the API with N generated customers; needs no API key' '--emulator-without-key:the same, but only while AVARA_API_KEY is not set' '--debug:write retries, and the cause of a bug in full, to standard error' '--version:the version')
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
        offers=('--help:this text, or that of the command' '--json:write data as JSON, one line each; the default where the output is not a terminal' '--table:write data as a table to read; the default on a terminal' '--quiet:no progress and no summary; errors are still written' '--base-url:where the API is, in place of AVARA_BASE_URL' '--timeout:how long one attempt may take, such as 30s, in place of AVARA_TIMEOUT' '--max-retries:how often a failed request is sent again, 0 to 20, in place of AVARA_MAX_RETRIES' '--lenient:accept times, user counts, creators and metadata that are not as documented\: read them as absent, and warn' '--emulator:run against an embedded emulator of the API with N generated customers; needs no API key' '--emulator-without-key:the same, but only while AVARA_API_KEY is not set' '--debug:write retries, and the cause of a bug in full, to standard error' '--version:the version')
        _describe option offers
        return
      fi
      offers=('customers:Writes every customer to a file or a table\: each one once, all of them or none.')
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
        offers=('--out:the file to write, or - for standard output; directories are created' '--format:of the file; what its name ends with by default' '--to:in place of a file, the table avara_customers of sqlite\:FILE or postgres\://USER@HOST/NAME' '--into:another table of the database' '--busy-timeout:how long to wait for a lock that another program holds on the database; 30s by default. While SQLite waits, so does Ctrl-C' '--metadata:CSV\: one column of json, the default, or columns, one a key. Parquet\: json, the default, or map' '--formulas:CSV\: keep cells that a spreadsheet would run as a formula, the default, or escape them with a '\''' '--bom:CSV\: begin with a byte order mark, which Excel wants' '--active:only customers that are active' '--inactive:only customers that are deactivated' '--since:only customers created then or later, such as 2026-01-31; UTC unless it has an offset' '--verify:overlap\: detect customers that are deleted while the list is read, which would hide others; none is the default' '--rate:at most so many requests, such as 20/s; less as soon as the server asks for it' '--resume:continue an unfinished export to the same place; begin one if there is none' '--discard:drop an unfinished export to the same place and begin again' '--help:this text, or that of the command' '--json:write data as JSON, one line each; the default where the output is not a terminal' '--table:write data as a table to read; the default on a terminal' '--quiet:no progress and no summary; errors are still written' '--base-url:where the API is, in place of AVARA_BASE_URL' '--timeout:how long one attempt may take, such as 30s, in place of AVARA_TIMEOUT' '--max-retries:how often a failed request is sent again, 0 to 20, in place of AVARA_MAX_RETRIES' '--lenient:accept times, user counts, creators and metadata that are not as documented\: read them as absent, and warn' '--emulator:run against an embedded emulator of the API with N generated customers; needs no API key' '--emulator-without-key:the same, but only while AVARA_API_KEY is not set' '--debug:write retries, and the cause of a bug in full, to standard error' '--version:the version')
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
        offers=('--help:this text, or that of the command' '--json:write data as JSON, one line each; the default where the output is not a terminal' '--table:write data as a table to read; the default on a terminal' '--quiet:no progress and no summary; errors are still written' '--base-url:where the API is, in place of AVARA_BASE_URL' '--timeout:how long one attempt may take, such as 30s, in place of AVARA_TIMEOUT' '--max-retries:how often a failed request is sent again, 0 to 20, in place of AVARA_MAX_RETRIES' '--lenient:accept times, user counts, creators and metadata that are not as documented\: read them as absent, and warn' '--emulator:run against an embedded emulator of the API with N generated customers; needs no API key' '--emulator-without-key:the same, but only while AVARA_API_KEY is not set' '--debug:write retries, and the cause of a bug in full, to standard error' '--version:the version')
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
        offers=('--help:this text, or that of the command' '--json:write data as JSON, one line each; the default where the output is not a terminal' '--table:write data as a table to read; the default on a terminal' '--quiet:no progress and no summary; errors are still written' '--base-url:where the API is, in place of AVARA_BASE_URL' '--timeout:how long one attempt may take, such as 30s, in place of AVARA_TIMEOUT' '--max-retries:how often a failed request is sent again, 0 to 20, in place of AVARA_MAX_RETRIES' '--lenient:accept times, user counts, creators and metadata that are not as documented\: read them as absent, and warn' '--emulator:run against an embedded emulator of the API with N generated customers; needs no API key' '--emulator-without-key:the same, but only while AVARA_API_KEY is not set' '--debug:write retries, and the cause of a bug in full, to standard error' '--version:the version')
        _describe option offers
        return
      fi
      offers=('customers:Creates a customer for each row of a file, each one once.')
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
        offers=('--format:of the file; what its name ends with by default' '--encoding:of the file; UTF-8 by default, or what its byte order mark says; files from Windows are often windows-1252' '--dry-run:check every row and send nothing' '--resume:resume an earlier run with this file' '--concurrency:how many rows are sent at a time; 4 by default' '--rate:at most so many requests, such as 20/s; less as soon as the server asks for it' '--key-name:the metadata entry that holds the key of a row; createOnceKey by default' '--look-first:read the list of customers first and skip the rows whose keys are there, as after an import of the same content under another name' '--help:this text, or that of the command' '--json:write data as JSON, one line each; the default where the output is not a terminal' '--table:write data as a table to read; the default on a terminal' '--quiet:no progress and no summary; errors are still written' '--base-url:where the API is, in place of AVARA_BASE_URL' '--timeout:how long one attempt may take, such as 30s, in place of AVARA_TIMEOUT' '--max-retries:how often a failed request is sent again, 0 to 20, in place of AVARA_MAX_RETRIES' '--lenient:accept times, user counts, creators and metadata that are not as documented\: read them as absent, and warn' '--emulator:run against an embedded emulator of the API with N generated customers; needs no API key' '--emulator-without-key:the same, but only while AVARA_API_KEY is not set' '--debug:write retries, and the cause of a bug in full, to standard error' '--version:the version')
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
        offers=('--help:this text, or that of the command' '--json:write data as JSON, one line each; the default where the output is not a terminal' '--table:write data as a table to read; the default on a terminal' '--quiet:no progress and no summary; errors are still written' '--base-url:where the API is, in place of AVARA_BASE_URL' '--timeout:how long one attempt may take, such as 30s, in place of AVARA_TIMEOUT' '--max-retries:how often a failed request is sent again, 0 to 20, in place of AVARA_MAX_RETRIES' '--lenient:accept times, user counts, creators and metadata that are not as documented\: read them as absent, and warn' '--emulator:run against an embedded emulator of the API with N generated customers; needs no API key' '--emulator-without-key:the same, but only while AVARA_API_KEY is not set' '--debug:write retries, and the cause of a bug in full, to standard error' '--version:the version')
        _describe option offers
        return
      fi
      offers=('deactivate:Deactivates the customer of each row of a file.' 'reactivate:Reactivates the customer of each row of a file.' 'add-users:Gives a user access to a customer for each row of a file.' 'remove-users:Takes a user'\''s access to a customer away for each row of a file.')
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
        offers=('--format:of the file; what its name ends with by default' '--encoding:of the file; UTF-8 by default, or what its byte order mark says; files from Windows are often windows-1252' '--dry-run:check every row and send nothing' '--resume:resume an earlier run with this file' '--concurrency:how many rows are sent at a time; 4 by default' '--rate:at most so many requests, such as 20/s; less as soon as the server asks for it' '--help:this text, or that of the command' '--json:write data as JSON, one line each; the default where the output is not a terminal' '--table:write data as a table to read; the default on a terminal' '--quiet:no progress and no summary; errors are still written' '--base-url:where the API is, in place of AVARA_BASE_URL' '--timeout:how long one attempt may take, such as 30s, in place of AVARA_TIMEOUT' '--max-retries:how often a failed request is sent again, 0 to 20, in place of AVARA_MAX_RETRIES' '--lenient:accept times, user counts, creators and metadata that are not as documented\: read them as absent, and warn' '--emulator:run against an embedded emulator of the API with N generated customers; needs no API key' '--emulator-without-key:the same, but only while AVARA_API_KEY is not set' '--debug:write retries, and the cause of a bug in full, to standard error' '--version:the version')
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
        offers=('--format:of the file; what its name ends with by default' '--encoding:of the file; UTF-8 by default, or what its byte order mark says; files from Windows are often windows-1252' '--dry-run:check every row and send nothing' '--resume:resume an earlier run with this file' '--concurrency:how many rows are sent at a time; 4 by default' '--rate:at most so many requests, such as 20/s; less as soon as the server asks for it' '--help:this text, or that of the command' '--json:write data as JSON, one line each; the default where the output is not a terminal' '--table:write data as a table to read; the default on a terminal' '--quiet:no progress and no summary; errors are still written' '--base-url:where the API is, in place of AVARA_BASE_URL' '--timeout:how long one attempt may take, such as 30s, in place of AVARA_TIMEOUT' '--max-retries:how often a failed request is sent again, 0 to 20, in place of AVARA_MAX_RETRIES' '--lenient:accept times, user counts, creators and metadata that are not as documented\: read them as absent, and warn' '--emulator:run against an embedded emulator of the API with N generated customers; needs no API key' '--emulator-without-key:the same, but only while AVARA_API_KEY is not set' '--debug:write retries, and the cause of a bug in full, to standard error' '--version:the version')
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
        offers=('--format:of the file; what its name ends with by default' '--encoding:of the file; UTF-8 by default, or what its byte order mark says; files from Windows are often windows-1252' '--dry-run:check every row and send nothing' '--resume:resume an earlier run with this file' '--concurrency:how many rows are sent at a time; 4 by default' '--rate:at most so many requests, such as 20/s; less as soon as the server asks for it' '--help:this text, or that of the command' '--json:write data as JSON, one line each; the default where the output is not a terminal' '--table:write data as a table to read; the default on a terminal' '--quiet:no progress and no summary; errors are still written' '--base-url:where the API is, in place of AVARA_BASE_URL' '--timeout:how long one attempt may take, such as 30s, in place of AVARA_TIMEOUT' '--max-retries:how often a failed request is sent again, 0 to 20, in place of AVARA_MAX_RETRIES' '--lenient:accept times, user counts, creators and metadata that are not as documented\: read them as absent, and warn' '--emulator:run against an embedded emulator of the API with N generated customers; needs no API key' '--emulator-without-key:the same, but only while AVARA_API_KEY is not set' '--debug:write retries, and the cause of a bug in full, to standard error' '--version:the version')
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
        offers=('--format:of the file; what its name ends with by default' '--encoding:of the file; UTF-8 by default, or what its byte order mark says; files from Windows are often windows-1252' '--dry-run:check every row and send nothing' '--resume:resume an earlier run with this file' '--concurrency:how many rows are sent at a time; 4 by default' '--rate:at most so many requests, such as 20/s; less as soon as the server asks for it' '--help:this text, or that of the command' '--json:write data as JSON, one line each; the default where the output is not a terminal' '--table:write data as a table to read; the default on a terminal' '--quiet:no progress and no summary; errors are still written' '--base-url:where the API is, in place of AVARA_BASE_URL' '--timeout:how long one attempt may take, such as 30s, in place of AVARA_TIMEOUT' '--max-retries:how often a failed request is sent again, 0 to 20, in place of AVARA_MAX_RETRIES' '--lenient:accept times, user counts, creators and metadata that are not as documented\: read them as absent, and warn' '--emulator:run against an embedded emulator of the API with N generated customers; needs no API key' '--emulator-without-key:the same, but only while AVARA_API_KEY is not set' '--debug:write retries, and the cause of a bug in full, to standard error' '--version:the version')
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
        offers=('--help:this text, or that of the command' '--json:write data as JSON, one line each; the default where the output is not a terminal' '--table:write data as a table to read; the default on a terminal' '--quiet:no progress and no summary; errors are still written' '--base-url:where the API is, in place of AVARA_BASE_URL' '--timeout:how long one attempt may take, such as 30s, in place of AVARA_TIMEOUT' '--max-retries:how often a failed request is sent again, 0 to 20, in place of AVARA_MAX_RETRIES' '--lenient:accept times, user counts, creators and metadata that are not as documented\: read them as absent, and warn' '--emulator:run against an embedded emulator of the API with N generated customers; needs no API key' '--emulator-without-key:the same, but only while AVARA_API_KEY is not set' '--debug:write retries, and the cause of a bug in full, to standard error' '--version:the version')
        _describe option offers
        return
      fi
      offers=('import:Creates a customer for each row of a file, each one once, as a durable job.' 'bulk:One operation on every row of a file, as a durable job.' 'mirror:Copies the list of customers into a table, as a durable job, once or by a schedule.' 'worker:Works on the jobs of a database, until Ctrl-C.' 'submit:Hands work over to workers, and returns at once.' 'list:Lists the jobs, the newest first.' 'show:Shows one job\: its state, its rows, and why it failed or waits.' 'watch:Shows how far a job is, until it has ended.' 'cancel:Stops a job\: no further row is begun.' 'retry:Queues a job again that failed or was cancelled, or its rows that the server refused.' 'rejects:Writes the rows of a job that were rejected, and why.' 'changes:Lists what the last complete run of a mirror found changed.' 'schedules:Lists the schedules of mirrors, and when each one begins next.' 'unschedule:Removes a schedule; its jobs and its table stay.' 'page:Shows the jobs in a browser, until Ctrl-C.')
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
        offers=('--format:of the file; what its name ends with by default' '--encoding:of the file; UTF-8 by default, or what its byte order mark says; files from Windows are often windows-1252' '--key-name:the metadata entry that holds the key of a row; createOnceKey by default' '--rate:at most so many requests, such as 50/s, by all workers on the database together; less as soon as the server asks for it' '--database:the database of the jobs, sqlite\:FILE or postgres\://USER@HOST/NAME; AVARA_JOBS_DATABASE or sqlite\:avara-jobs.db by default' '--help:this text, or that of the command' '--json:write data as JSON, one line each; the default where the output is not a terminal' '--table:write data as a table to read; the default on a terminal' '--quiet:no progress and no summary; errors are still written' '--base-url:where the API is, in place of AVARA_BASE_URL' '--timeout:how long one attempt may take, such as 30s, in place of AVARA_TIMEOUT' '--max-retries:how often a failed request is sent again, 0 to 20, in place of AVARA_MAX_RETRIES' '--lenient:accept times, user counts, creators and metadata that are not as documented\: read them as absent, and warn' '--emulator:run against an embedded emulator of the API with N generated customers; needs no API key' '--emulator-without-key:the same, but only while AVARA_API_KEY is not set' '--debug:write retries, and the cause of a bug in full, to standard error' '--version:the version')
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
        offers=('--help:this text, or that of the command' '--json:write data as JSON, one line each; the default where the output is not a terminal' '--table:write data as a table to read; the default on a terminal' '--quiet:no progress and no summary; errors are still written' '--base-url:where the API is, in place of AVARA_BASE_URL' '--timeout:how long one attempt may take, such as 30s, in place of AVARA_TIMEOUT' '--max-retries:how often a failed request is sent again, 0 to 20, in place of AVARA_MAX_RETRIES' '--lenient:accept times, user counts, creators and metadata that are not as documented\: read them as absent, and warn' '--emulator:run against an embedded emulator of the API with N generated customers; needs no API key' '--emulator-without-key:the same, but only while AVARA_API_KEY is not set' '--debug:write retries, and the cause of a bug in full, to standard error' '--version:the version')
        _describe option offers
        return
      fi
      offers=('deactivate:Deactivates the customer of each row of a file, as a durable job.' 'reactivate:Reactivates the customer of each row of a file, as a durable job.' 'add-users:Gives a user access to a customer for each row of a file, as a durable job.' 'remove-users:Takes a user'\''s access to a customer away for each row of a file, as a durable job.')
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
        offers=('--format:of the file; what its name ends with by default' '--encoding:of the file; UTF-8 by default, or what its byte order mark says; files from Windows are often windows-1252' '--rate:at most so many requests, such as 50/s, by all workers on the database together; less as soon as the server asks for it' '--database:the database of the jobs, sqlite\:FILE or postgres\://USER@HOST/NAME; AVARA_JOBS_DATABASE or sqlite\:avara-jobs.db by default' '--help:this text, or that of the command' '--json:write data as JSON, one line each; the default where the output is not a terminal' '--table:write data as a table to read; the default on a terminal' '--quiet:no progress and no summary; errors are still written' '--base-url:where the API is, in place of AVARA_BASE_URL' '--timeout:how long one attempt may take, such as 30s, in place of AVARA_TIMEOUT' '--max-retries:how often a failed request is sent again, 0 to 20, in place of AVARA_MAX_RETRIES' '--lenient:accept times, user counts, creators and metadata that are not as documented\: read them as absent, and warn' '--emulator:run against an embedded emulator of the API with N generated customers; needs no API key' '--emulator-without-key:the same, but only while AVARA_API_KEY is not set' '--debug:write retries, and the cause of a bug in full, to standard error' '--version:the version')
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
        offers=('--format:of the file; what its name ends with by default' '--encoding:of the file; UTF-8 by default, or what its byte order mark says; files from Windows are often windows-1252' '--rate:at most so many requests, such as 50/s, by all workers on the database together; less as soon as the server asks for it' '--database:the database of the jobs, sqlite\:FILE or postgres\://USER@HOST/NAME; AVARA_JOBS_DATABASE or sqlite\:avara-jobs.db by default' '--help:this text, or that of the command' '--json:write data as JSON, one line each; the default where the output is not a terminal' '--table:write data as a table to read; the default on a terminal' '--quiet:no progress and no summary; errors are still written' '--base-url:where the API is, in place of AVARA_BASE_URL' '--timeout:how long one attempt may take, such as 30s, in place of AVARA_TIMEOUT' '--max-retries:how often a failed request is sent again, 0 to 20, in place of AVARA_MAX_RETRIES' '--lenient:accept times, user counts, creators and metadata that are not as documented\: read them as absent, and warn' '--emulator:run against an embedded emulator of the API with N generated customers; needs no API key' '--emulator-without-key:the same, but only while AVARA_API_KEY is not set' '--debug:write retries, and the cause of a bug in full, to standard error' '--version:the version')
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
        offers=('--format:of the file; what its name ends with by default' '--encoding:of the file; UTF-8 by default, or what its byte order mark says; files from Windows are often windows-1252' '--rate:at most so many requests, such as 50/s, by all workers on the database together; less as soon as the server asks for it' '--database:the database of the jobs, sqlite\:FILE or postgres\://USER@HOST/NAME; AVARA_JOBS_DATABASE or sqlite\:avara-jobs.db by default' '--help:this text, or that of the command' '--json:write data as JSON, one line each; the default where the output is not a terminal' '--table:write data as a table to read; the default on a terminal' '--quiet:no progress and no summary; errors are still written' '--base-url:where the API is, in place of AVARA_BASE_URL' '--timeout:how long one attempt may take, such as 30s, in place of AVARA_TIMEOUT' '--max-retries:how often a failed request is sent again, 0 to 20, in place of AVARA_MAX_RETRIES' '--lenient:accept times, user counts, creators and metadata that are not as documented\: read them as absent, and warn' '--emulator:run against an embedded emulator of the API with N generated customers; needs no API key' '--emulator-without-key:the same, but only while AVARA_API_KEY is not set' '--debug:write retries, and the cause of a bug in full, to standard error' '--version:the version')
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
        offers=('--format:of the file; what its name ends with by default' '--encoding:of the file; UTF-8 by default, or what its byte order mark says; files from Windows are often windows-1252' '--rate:at most so many requests, such as 50/s, by all workers on the database together; less as soon as the server asks for it' '--database:the database of the jobs, sqlite\:FILE or postgres\://USER@HOST/NAME; AVARA_JOBS_DATABASE or sqlite\:avara-jobs.db by default' '--help:this text, or that of the command' '--json:write data as JSON, one line each; the default where the output is not a terminal' '--table:write data as a table to read; the default on a terminal' '--quiet:no progress and no summary; errors are still written' '--base-url:where the API is, in place of AVARA_BASE_URL' '--timeout:how long one attempt may take, such as 30s, in place of AVARA_TIMEOUT' '--max-retries:how often a failed request is sent again, 0 to 20, in place of AVARA_MAX_RETRIES' '--lenient:accept times, user counts, creators and metadata that are not as documented\: read them as absent, and warn' '--emulator:run against an embedded emulator of the API with N generated customers; needs no API key' '--emulator-without-key:the same, but only while AVARA_API_KEY is not set' '--debug:write retries, and the cause of a bug in full, to standard error' '--version:the version')
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
        offers=('--into:the table, which is made if it does not exist; avara_customers by default' '--verify:overlap\: detect customers that are deleted while the list is read, which would hide others; none is the default' '--every:when a run begins\: minute, hour, day, month, weekday, such as "0 2 * * *" for every night at 2\:00' '--zone:the time zone of --every, such as Europe/Berlin; UTC by default' '--rate:at most so many requests, such as 50/s, by all workers on the database together; less as soon as the server asks for it' '--database:the database of the jobs, sqlite\:FILE or postgres\://USER@HOST/NAME; AVARA_JOBS_DATABASE or sqlite\:avara-jobs.db by default' '--to:the same as --database' '--help:this text, or that of the command' '--json:write data as JSON, one line each; the default where the output is not a terminal' '--table:write data as a table to read; the default on a terminal' '--quiet:no progress and no summary; errors are still written' '--base-url:where the API is, in place of AVARA_BASE_URL' '--timeout:how long one attempt may take, such as 30s, in place of AVARA_TIMEOUT' '--max-retries:how often a failed request is sent again, 0 to 20, in place of AVARA_MAX_RETRIES' '--lenient:accept times, user counts, creators and metadata that are not as documented\: read them as absent, and warn' '--emulator:run against an embedded emulator of the API with N generated customers; needs no API key' '--emulator-without-key:the same, but only while AVARA_API_KEY is not set' '--debug:write retries, and the cause of a bug in full, to standard error' '--version:the version')
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
        offers=('--once:end when no job is left to do' '--rate:at most so many requests, such as 50/s, by all workers on the database together; less as soon as the server asks for it' '--lanes:how many parts of a job are worked on at a time, over all workers; 12 by default' '--slots:how many rows this worker sends at a time; 8 by default' '--keep:how long a job is kept after it has ended, with its rows, such as 7d, or forever; 30d by default' '--database:the database of the jobs, sqlite\:FILE or postgres\://USER@HOST/NAME; AVARA_JOBS_DATABASE or sqlite\:avara-jobs.db by default' '--help:this text, or that of the command' '--json:write data as JSON, one line each; the default where the output is not a terminal' '--table:write data as a table to read; the default on a terminal' '--quiet:no progress and no summary; errors are still written' '--base-url:where the API is, in place of AVARA_BASE_URL' '--timeout:how long one attempt may take, such as 30s, in place of AVARA_TIMEOUT' '--max-retries:how often a failed request is sent again, 0 to 20, in place of AVARA_MAX_RETRIES' '--lenient:accept times, user counts, creators and metadata that are not as documented\: read them as absent, and warn' '--emulator:run against an embedded emulator of the API with N generated customers; needs no API key' '--emulator-without-key:the same, but only while AVARA_API_KEY is not set' '--debug:write retries, and the cause of a bug in full, to standard error' '--version:the version')
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
        offers=('--help:this text, or that of the command' '--json:write data as JSON, one line each; the default where the output is not a terminal' '--table:write data as a table to read; the default on a terminal' '--quiet:no progress and no summary; errors are still written' '--base-url:where the API is, in place of AVARA_BASE_URL' '--timeout:how long one attempt may take, such as 30s, in place of AVARA_TIMEOUT' '--max-retries:how often a failed request is sent again, 0 to 20, in place of AVARA_MAX_RETRIES' '--lenient:accept times, user counts, creators and metadata that are not as documented\: read them as absent, and warn' '--emulator:run against an embedded emulator of the API with N generated customers; needs no API key' '--emulator-without-key:the same, but only while AVARA_API_KEY is not set' '--debug:write retries, and the cause of a bug in full, to standard error' '--version:the version')
        _describe option offers
        return
      fi
      offers=('import:Queues an import of customers, each row of a file once.' 'bulk:Queues one operation on every row of a file.' 'mirror:Queues one run of a mirror, which copies the list of customers into a table.')
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
        offers=('--format:of the file; what its name ends with by default' '--encoding:of the file; UTF-8 by default, or what its byte order mark says; files from Windows are often windows-1252' '--key-name:the metadata entry that holds the key of a row; createOnceKey by default' '--database:the database of the jobs, sqlite\:FILE or postgres\://USER@HOST/NAME; AVARA_JOBS_DATABASE or sqlite\:avara-jobs.db by default' '--help:this text, or that of the command' '--json:write data as JSON, one line each; the default where the output is not a terminal' '--table:write data as a table to read; the default on a terminal' '--quiet:no progress and no summary; errors are still written' '--base-url:where the API is, in place of AVARA_BASE_URL' '--timeout:how long one attempt may take, such as 30s, in place of AVARA_TIMEOUT' '--max-retries:how often a failed request is sent again, 0 to 20, in place of AVARA_MAX_RETRIES' '--lenient:accept times, user counts, creators and metadata that are not as documented\: read them as absent, and warn' '--emulator:run against an embedded emulator of the API with N generated customers; needs no API key' '--emulator-without-key:the same, but only while AVARA_API_KEY is not set' '--debug:write retries, and the cause of a bug in full, to standard error' '--version:the version')
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
        offers=('--help:this text, or that of the command' '--json:write data as JSON, one line each; the default where the output is not a terminal' '--table:write data as a table to read; the default on a terminal' '--quiet:no progress and no summary; errors are still written' '--base-url:where the API is, in place of AVARA_BASE_URL' '--timeout:how long one attempt may take, such as 30s, in place of AVARA_TIMEOUT' '--max-retries:how often a failed request is sent again, 0 to 20, in place of AVARA_MAX_RETRIES' '--lenient:accept times, user counts, creators and metadata that are not as documented\: read them as absent, and warn' '--emulator:run against an embedded emulator of the API with N generated customers; needs no API key' '--emulator-without-key:the same, but only while AVARA_API_KEY is not set' '--debug:write retries, and the cause of a bug in full, to standard error' '--version:the version')
        _describe option offers
        return
      fi
      offers=('deactivate:Queues a job. Deactivates the customer of each row of a file.' 'reactivate:Queues a job. Reactivates the customer of each row of a file.' 'add-users:Queues a job. Gives a user access to a customer for each row of a file.' 'remove-users:Queues a job. Takes a user'\''s access to a customer away for each row of a file.')
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
        offers=('--format:of the file; what its name ends with by default' '--encoding:of the file; UTF-8 by default, or what its byte order mark says; files from Windows are often windows-1252' '--database:the database of the jobs, sqlite\:FILE or postgres\://USER@HOST/NAME; AVARA_JOBS_DATABASE or sqlite\:avara-jobs.db by default' '--help:this text, or that of the command' '--json:write data as JSON, one line each; the default where the output is not a terminal' '--table:write data as a table to read; the default on a terminal' '--quiet:no progress and no summary; errors are still written' '--base-url:where the API is, in place of AVARA_BASE_URL' '--timeout:how long one attempt may take, such as 30s, in place of AVARA_TIMEOUT' '--max-retries:how often a failed request is sent again, 0 to 20, in place of AVARA_MAX_RETRIES' '--lenient:accept times, user counts, creators and metadata that are not as documented\: read them as absent, and warn' '--emulator:run against an embedded emulator of the API with N generated customers; needs no API key' '--emulator-without-key:the same, but only while AVARA_API_KEY is not set' '--debug:write retries, and the cause of a bug in full, to standard error' '--version:the version')
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
        offers=('--format:of the file; what its name ends with by default' '--encoding:of the file; UTF-8 by default, or what its byte order mark says; files from Windows are often windows-1252' '--database:the database of the jobs, sqlite\:FILE or postgres\://USER@HOST/NAME; AVARA_JOBS_DATABASE or sqlite\:avara-jobs.db by default' '--help:this text, or that of the command' '--json:write data as JSON, one line each; the default where the output is not a terminal' '--table:write data as a table to read; the default on a terminal' '--quiet:no progress and no summary; errors are still written' '--base-url:where the API is, in place of AVARA_BASE_URL' '--timeout:how long one attempt may take, such as 30s, in place of AVARA_TIMEOUT' '--max-retries:how often a failed request is sent again, 0 to 20, in place of AVARA_MAX_RETRIES' '--lenient:accept times, user counts, creators and metadata that are not as documented\: read them as absent, and warn' '--emulator:run against an embedded emulator of the API with N generated customers; needs no API key' '--emulator-without-key:the same, but only while AVARA_API_KEY is not set' '--debug:write retries, and the cause of a bug in full, to standard error' '--version:the version')
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
        offers=('--format:of the file; what its name ends with by default' '--encoding:of the file; UTF-8 by default, or what its byte order mark says; files from Windows are often windows-1252' '--database:the database of the jobs, sqlite\:FILE or postgres\://USER@HOST/NAME; AVARA_JOBS_DATABASE or sqlite\:avara-jobs.db by default' '--help:this text, or that of the command' '--json:write data as JSON, one line each; the default where the output is not a terminal' '--table:write data as a table to read; the default on a terminal' '--quiet:no progress and no summary; errors are still written' '--base-url:where the API is, in place of AVARA_BASE_URL' '--timeout:how long one attempt may take, such as 30s, in place of AVARA_TIMEOUT' '--max-retries:how often a failed request is sent again, 0 to 20, in place of AVARA_MAX_RETRIES' '--lenient:accept times, user counts, creators and metadata that are not as documented\: read them as absent, and warn' '--emulator:run against an embedded emulator of the API with N generated customers; needs no API key' '--emulator-without-key:the same, but only while AVARA_API_KEY is not set' '--debug:write retries, and the cause of a bug in full, to standard error' '--version:the version')
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
        offers=('--format:of the file; what its name ends with by default' '--encoding:of the file; UTF-8 by default, or what its byte order mark says; files from Windows are often windows-1252' '--database:the database of the jobs, sqlite\:FILE or postgres\://USER@HOST/NAME; AVARA_JOBS_DATABASE or sqlite\:avara-jobs.db by default' '--help:this text, or that of the command' '--json:write data as JSON, one line each; the default where the output is not a terminal' '--table:write data as a table to read; the default on a terminal' '--quiet:no progress and no summary; errors are still written' '--base-url:where the API is, in place of AVARA_BASE_URL' '--timeout:how long one attempt may take, such as 30s, in place of AVARA_TIMEOUT' '--max-retries:how often a failed request is sent again, 0 to 20, in place of AVARA_MAX_RETRIES' '--lenient:accept times, user counts, creators and metadata that are not as documented\: read them as absent, and warn' '--emulator:run against an embedded emulator of the API with N generated customers; needs no API key' '--emulator-without-key:the same, but only while AVARA_API_KEY is not set' '--debug:write retries, and the cause of a bug in full, to standard error' '--version:the version')
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
        offers=('--into:the table, which is made if it does not exist; avara_customers by default' '--verify:overlap\: detect customers that are deleted while the list is read, which would hide others; none is the default' '--database:the database of the jobs, sqlite\:FILE or postgres\://USER@HOST/NAME; AVARA_JOBS_DATABASE or sqlite\:avara-jobs.db by default' '--to:the same as --database' '--help:this text, or that of the command' '--json:write data as JSON, one line each; the default where the output is not a terminal' '--table:write data as a table to read; the default on a terminal' '--quiet:no progress and no summary; errors are still written' '--base-url:where the API is, in place of AVARA_BASE_URL' '--timeout:how long one attempt may take, such as 30s, in place of AVARA_TIMEOUT' '--max-retries:how often a failed request is sent again, 0 to 20, in place of AVARA_MAX_RETRIES' '--lenient:accept times, user counts, creators and metadata that are not as documented\: read them as absent, and warn' '--emulator:run against an embedded emulator of the API with N generated customers; needs no API key' '--emulator-without-key:the same, but only while AVARA_API_KEY is not set' '--debug:write retries, and the cause of a bug in full, to standard error' '--version:the version')
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
        offers=('--state:only jobs in this state' '--kind:only jobs of this kind' '--database:the database of the jobs, sqlite\:FILE or postgres\://USER@HOST/NAME; AVARA_JOBS_DATABASE or sqlite\:avara-jobs.db by default' '--help:this text, or that of the command' '--json:write data as JSON, one line each; the default where the output is not a terminal' '--table:write data as a table to read; the default on a terminal' '--quiet:no progress and no summary; errors are still written' '--base-url:where the API is, in place of AVARA_BASE_URL' '--timeout:how long one attempt may take, such as 30s, in place of AVARA_TIMEOUT' '--max-retries:how often a failed request is sent again, 0 to 20, in place of AVARA_MAX_RETRIES' '--lenient:accept times, user counts, creators and metadata that are not as documented\: read them as absent, and warn' '--emulator:run against an embedded emulator of the API with N generated customers; needs no API key' '--emulator-without-key:the same, but only while AVARA_API_KEY is not set' '--debug:write retries, and the cause of a bug in full, to standard error' '--version:the version')
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
        offers=('--database:the database of the jobs, sqlite\:FILE or postgres\://USER@HOST/NAME; AVARA_JOBS_DATABASE or sqlite\:avara-jobs.db by default' '--help:this text, or that of the command' '--json:write data as JSON, one line each; the default where the output is not a terminal' '--table:write data as a table to read; the default on a terminal' '--quiet:no progress and no summary; errors are still written' '--base-url:where the API is, in place of AVARA_BASE_URL' '--timeout:how long one attempt may take, such as 30s, in place of AVARA_TIMEOUT' '--max-retries:how often a failed request is sent again, 0 to 20, in place of AVARA_MAX_RETRIES' '--lenient:accept times, user counts, creators and metadata that are not as documented\: read them as absent, and warn' '--emulator:run against an embedded emulator of the API with N generated customers; needs no API key' '--emulator-without-key:the same, but only while AVARA_API_KEY is not set' '--debug:write retries, and the cause of a bug in full, to standard error' '--version:the version')
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
        offers=('--database:the database of the jobs, sqlite\:FILE or postgres\://USER@HOST/NAME; AVARA_JOBS_DATABASE or sqlite\:avara-jobs.db by default' '--help:this text, or that of the command' '--json:write data as JSON, one line each; the default where the output is not a terminal' '--table:write data as a table to read; the default on a terminal' '--quiet:no progress and no summary; errors are still written' '--base-url:where the API is, in place of AVARA_BASE_URL' '--timeout:how long one attempt may take, such as 30s, in place of AVARA_TIMEOUT' '--max-retries:how often a failed request is sent again, 0 to 20, in place of AVARA_MAX_RETRIES' '--lenient:accept times, user counts, creators and metadata that are not as documented\: read them as absent, and warn' '--emulator:run against an embedded emulator of the API with N generated customers; needs no API key' '--emulator-without-key:the same, but only while AVARA_API_KEY is not set' '--debug:write retries, and the cause of a bug in full, to standard error' '--version:the version')
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
        offers=('--database:the database of the jobs, sqlite\:FILE or postgres\://USER@HOST/NAME; AVARA_JOBS_DATABASE or sqlite\:avara-jobs.db by default' '--help:this text, or that of the command' '--json:write data as JSON, one line each; the default where the output is not a terminal' '--table:write data as a table to read; the default on a terminal' '--quiet:no progress and no summary; errors are still written' '--base-url:where the API is, in place of AVARA_BASE_URL' '--timeout:how long one attempt may take, such as 30s, in place of AVARA_TIMEOUT' '--max-retries:how often a failed request is sent again, 0 to 20, in place of AVARA_MAX_RETRIES' '--lenient:accept times, user counts, creators and metadata that are not as documented\: read them as absent, and warn' '--emulator:run against an embedded emulator of the API with N generated customers; needs no API key' '--emulator-without-key:the same, but only while AVARA_API_KEY is not set' '--debug:write retries, and the cause of a bug in full, to standard error' '--version:the version')
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
        offers=('--database:the database of the jobs, sqlite\:FILE or postgres\://USER@HOST/NAME; AVARA_JOBS_DATABASE or sqlite\:avara-jobs.db by default' '--help:this text, or that of the command' '--json:write data as JSON, one line each; the default where the output is not a terminal' '--table:write data as a table to read; the default on a terminal' '--quiet:no progress and no summary; errors are still written' '--base-url:where the API is, in place of AVARA_BASE_URL' '--timeout:how long one attempt may take, such as 30s, in place of AVARA_TIMEOUT' '--max-retries:how often a failed request is sent again, 0 to 20, in place of AVARA_MAX_RETRIES' '--lenient:accept times, user counts, creators and metadata that are not as documented\: read them as absent, and warn' '--emulator:run against an embedded emulator of the API with N generated customers; needs no API key' '--emulator-without-key:the same, but only while AVARA_API_KEY is not set' '--debug:write retries, and the cause of a bug in full, to standard error' '--version:the version')
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
        offers=('--database:the database of the jobs, sqlite\:FILE or postgres\://USER@HOST/NAME; AVARA_JOBS_DATABASE or sqlite\:avara-jobs.db by default' '--help:this text, or that of the command' '--json:write data as JSON, one line each; the default where the output is not a terminal' '--table:write data as a table to read; the default on a terminal' '--quiet:no progress and no summary; errors are still written' '--base-url:where the API is, in place of AVARA_BASE_URL' '--timeout:how long one attempt may take, such as 30s, in place of AVARA_TIMEOUT' '--max-retries:how often a failed request is sent again, 0 to 20, in place of AVARA_MAX_RETRIES' '--lenient:accept times, user counts, creators and metadata that are not as documented\: read them as absent, and warn' '--emulator:run against an embedded emulator of the API with N generated customers; needs no API key' '--emulator-without-key:the same, but only while AVARA_API_KEY is not set' '--debug:write retries, and the cause of a bug in full, to standard error' '--version:the version')
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
        offers=('--since:what all runs found that were completed after DATE, the oldest first; only the last run by default' '--database:the database of the jobs, sqlite\:FILE or postgres\://USER@HOST/NAME; AVARA_JOBS_DATABASE or sqlite\:avara-jobs.db by default' '--help:this text, or that of the command' '--json:write data as JSON, one line each; the default where the output is not a terminal' '--table:write data as a table to read; the default on a terminal' '--quiet:no progress and no summary; errors are still written' '--base-url:where the API is, in place of AVARA_BASE_URL' '--timeout:how long one attempt may take, such as 30s, in place of AVARA_TIMEOUT' '--max-retries:how often a failed request is sent again, 0 to 20, in place of AVARA_MAX_RETRIES' '--lenient:accept times, user counts, creators and metadata that are not as documented\: read them as absent, and warn' '--emulator:run against an embedded emulator of the API with N generated customers; needs no API key' '--emulator-without-key:the same, but only while AVARA_API_KEY is not set' '--debug:write retries, and the cause of a bug in full, to standard error' '--version:the version')
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
        offers=('--database:the database of the jobs, sqlite\:FILE or postgres\://USER@HOST/NAME; AVARA_JOBS_DATABASE or sqlite\:avara-jobs.db by default' '--help:this text, or that of the command' '--json:write data as JSON, one line each; the default where the output is not a terminal' '--table:write data as a table to read; the default on a terminal' '--quiet:no progress and no summary; errors are still written' '--base-url:where the API is, in place of AVARA_BASE_URL' '--timeout:how long one attempt may take, such as 30s, in place of AVARA_TIMEOUT' '--max-retries:how often a failed request is sent again, 0 to 20, in place of AVARA_MAX_RETRIES' '--lenient:accept times, user counts, creators and metadata that are not as documented\: read them as absent, and warn' '--emulator:run against an embedded emulator of the API with N generated customers; needs no API key' '--emulator-without-key:the same, but only while AVARA_API_KEY is not set' '--debug:write retries, and the cause of a bug in full, to standard error' '--version:the version')
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
        offers=('--database:the database of the jobs, sqlite\:FILE or postgres\://USER@HOST/NAME; AVARA_JOBS_DATABASE or sqlite\:avara-jobs.db by default' '--help:this text, or that of the command' '--json:write data as JSON, one line each; the default where the output is not a terminal' '--table:write data as a table to read; the default on a terminal' '--quiet:no progress and no summary; errors are still written' '--base-url:where the API is, in place of AVARA_BASE_URL' '--timeout:how long one attempt may take, such as 30s, in place of AVARA_TIMEOUT' '--max-retries:how often a failed request is sent again, 0 to 20, in place of AVARA_MAX_RETRIES' '--lenient:accept times, user counts, creators and metadata that are not as documented\: read them as absent, and warn' '--emulator:run against an embedded emulator of the API with N generated customers; needs no API key' '--emulator-without-key:the same, but only while AVARA_API_KEY is not set' '--debug:write retries, and the cause of a bug in full, to standard error' '--version:the version')
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
        offers=('--port:the port to listen on, 0 for a free one' '--host:the address to listen on; with 0.0.0.0, other machines can connect' '--token:what a browser must show, at least 16 visible ASCII characters; AVARA_JOBS_TOKEN by default, which other users of the machine cannot read, or a random one with --host' '--database:the database of the jobs, sqlite\:FILE or postgres\://USER@HOST/NAME; AVARA_JOBS_DATABASE or sqlite\:avara-jobs.db by default' '--help:this text, or that of the command' '--json:write data as JSON, one line each; the default where the output is not a terminal' '--table:write data as a table to read; the default on a terminal' '--quiet:no progress and no summary; errors are still written' '--base-url:where the API is, in place of AVARA_BASE_URL' '--timeout:how long one attempt may take, such as 30s, in place of AVARA_TIMEOUT' '--max-retries:how often a failed request is sent again, 0 to 20, in place of AVARA_MAX_RETRIES' '--lenient:accept times, user counts, creators and metadata that are not as documented\: read them as absent, and warn' '--emulator:run against an embedded emulator of the API with N generated customers; needs no API key' '--emulator-without-key:the same, but only while AVARA_API_KEY is not set' '--debug:write retries, and the cause of a bug in full, to standard error' '--version:the version')
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
        offers=('--port:the port to listen on, 0 for a free one' '--host:the address to listen on; with 0.0.0.0, other machines can connect' '--cors:the origin whose pages may call the emulator from a browser; none by default' '--customers:how many customers to generate while there are none; 10000 by default, 0 with --seed-file' '--file:a file that keeps the customers from run to run; memory by default' '--seed:what the generated customers come from' '--seed-file:a JSON file with the customers to start from, as /__emulator/state returns them' '--faults:a JSON file with the faults to start with, as POST /__emulator/faults takes them' '--api-key:the only API key to accept' '--record-bodies:keep the bodies of the requests that /__emulator/requests shows' '--help:this text, or that of the command' '--json:write data as JSON, one line each; the default where the output is not a terminal' '--table:write data as a table to read; the default on a terminal' '--quiet:no progress and no summary; errors are still written' '--base-url:where the API is, in place of AVARA_BASE_URL' '--timeout:how long one attempt may take, such as 30s, in place of AVARA_TIMEOUT' '--max-retries:how often a failed request is sent again, 0 to 20, in place of AVARA_MAX_RETRIES' '--lenient:accept times, user counts, creators and metadata that are not as documented\: read them as absent, and warn' '--emulator:run against an embedded emulator of the API with N generated customers; needs no API key' '--emulator-without-key:the same, but only while AVARA_API_KEY is not set' '--debug:write retries, and the cause of a bug in full, to standard error' '--version:the version')
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
        offers=('--help:this text, or that of the command' '--json:write data as JSON, one line each; the default where the output is not a terminal' '--table:write data as a table to read; the default on a terminal' '--quiet:no progress and no summary; errors are still written' '--base-url:where the API is, in place of AVARA_BASE_URL' '--timeout:how long one attempt may take, such as 30s, in place of AVARA_TIMEOUT' '--max-retries:how often a failed request is sent again, 0 to 20, in place of AVARA_MAX_RETRIES' '--lenient:accept times, user counts, creators and metadata that are not as documented\: read them as absent, and warn' '--emulator:run against an embedded emulator of the API with N generated customers; needs no API key' '--emulator-without-key:the same, but only while AVARA_API_KEY is not set' '--debug:write retries, and the cause of a bug in full, to standard error' '--version:the version')
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
        offers=('--help:this text, or that of the command' '--json:write data as JSON, one line each; the default where the output is not a terminal' '--table:write data as a table to read; the default on a terminal' '--quiet:no progress and no summary; errors are still written' '--base-url:where the API is, in place of AVARA_BASE_URL' '--timeout:how long one attempt may take, such as 30s, in place of AVARA_TIMEOUT' '--max-retries:how often a failed request is sent again, 0 to 20, in place of AVARA_MAX_RETRIES' '--lenient:accept times, user counts, creators and metadata that are not as documented\: read them as absent, and warn' '--emulator:run against an embedded emulator of the API with N generated customers; needs no API key' '--emulator-without-key:the same, but only while AVARA_API_KEY is not set' '--debug:write retries, and the cause of a bug in full, to standard error' '--version:the version')
        _describe option offers
        return
      fi
      compadd -- bash zsh fish; return
      ;;
  esac
}
if [[ "$funcstack[1]" == _avara ]]; then _avara "$@"; else compdef _avara avara; fi
