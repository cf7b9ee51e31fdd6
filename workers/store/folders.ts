/** Folder of the rules store, inside the store folder. */
export const RULES_FOLDER = 'rules';

/** Folder of a partition's environment, inside the store folder. */
export function partitionFolder(partition: number): string {
  return `p${partition.toString().padStart(4, '0')}`;
}
