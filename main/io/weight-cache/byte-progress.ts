/** @file Adds up the bytes of a job with several passes into one progress. */

export type ReportBytes = (progress: { readonly bytesDone: number; readonly bytesTotal: number }) => void;

export interface ByteProgress {
  /** Adds to the total. */
  readonly expect: (bytes: number) => void;
  /** Adds to what is done, and reports. */
  readonly advance: (bytes: number) => void;
  /** Reports the end, if anything was reported before and what was expected turned out not to be needed. */
  readonly finish: () => void;
}

export function trackBytes(report: ReportBytes | undefined): ByteProgress {
  let bytesTotal = 0;
  let bytesDone = 0;
  return {
    expect: (bytes) => {
      bytesTotal += bytes;
    },
    advance: (bytes) => {
      bytesDone += bytes;
      report?.({ bytesDone, bytesTotal });
    },
    finish: () => {
      if (bytesDone > 0 && bytesDone < bytesTotal) report?.({ bytesDone: bytesTotal, bytesTotal });
    },
  };
}
