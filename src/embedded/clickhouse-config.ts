import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ClickHouseSettings } from './clickhouse.ts';

/** Two of the machine's cores already belong to the workers; merges may use one more thread. */
const BACKGROUND_THREADS = 2;
/**
 * Parts are merged when together they are this many times the largest of them. The engine's 5
 * rewrites every row about twice as often; sequential reads of more parts cost little.
 */
const MERGE_BASE = 20;
/** An answer is made as a whole before it is sent; larger exports are for a server. */
const RESULT_BYTES_MAX = 128 * 1_024 * 1_024;
/** A statement that takes longer is ended, so that a forgotten one cannot hold up the drain. */
const STATEMENT_SECONDS_MAX = 300;
const MARK_CACHE_BYTES = 64 * 1_024 * 1_024;

/** Writes the engine's configuration file and returns the arguments that name it. */
export function engineArguments(settings: ClickHouseSettings): string[] {
  mkdirSync(settings.dataDirectory, { recursive: true });
  const file = join(settings.dataDirectory, 'arbiter-engine.xml');
  writeFileSync(file, configuration(settings));
  return [
    `--config-file=${file}`,
    `--max_threads=${settings.threads}`,
    '--max_insert_threads=1',
    `--max_memory_usage=${Math.floor(settings.memoryBytesMax / 2)}`,
    `--max_result_bytes=${RESULT_BYTES_MAX}`,
    `--max_execution_time=${STATEMENT_SECONDS_MAX}`,
    // chdb starts as clickhouse-local does; these make it answer as a server would.
    '--implicit_select=0',
    '--allow_introspection_functions=0',
  ];
}

/** Free threads that merges ask for; the defaults are meant for a pool of sixteen. */
const MERGE_THRESHOLDS = [
  'number_of_free_entries_in_pool_to_execute_mutation',
  'number_of_free_entries_in_pool_to_lower_max_size_of_merge',
  'number_of_free_entries_in_pool_to_execute_optimize_entire_partition',
];

function configuration({ memoryBytesMax }: ClickHouseSettings): string {
  const mergeTree = MERGE_THRESHOLDS.map((name) => `    <${name}>1</${name}>`).join('\n');
  return `<clickhouse>
  <max_server_memory_usage>${memoryBytesMax}</max_server_memory_usage>
  <mark_cache_size>${MARK_CACHE_BYTES}</mark_cache_size>
  <background_pool_size>${BACKGROUND_THREADS}</background_pool_size>
  <background_merges_mutations_concurrency_ratio>1</background_merges_mutations_concurrency_ratio>
  <background_schedule_pool_size>4</background_schedule_pool_size>
  <background_common_pool_size>2</background_common_pool_size>
  <background_move_pool_size>1</background_move_pool_size>
  <background_fetches_pool_size>1</background_fetches_pool_size>
  <merge_tree>
    <auto_statistics_types></auto_statistics_types>
    <merge_selector_base>${MERGE_BASE}</merge_selector_base>
${mergeTree}
  </merge_tree>
</clickhouse>
`;
}
