/** @file Under what name a step keeps where a person is in it, so that another step can send them to the right place. */

/** Id of the adapter that the Export step shows. */
export function exportSourceKey(projectId: number): string {
  return `export source of project ${projectId}`;
}
