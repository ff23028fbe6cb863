/** @file One line of a chart: a metric of a run. */
import type { RunHistory } from './run-history.ts';

export interface CurveLine {
  readonly history: RunHistory;
  /** TRL's name of the metric. */
  readonly metric: string;
  /** As the legend names it. */
  readonly label: string;
  /** Any CSS colour that a canvas understands. */
  readonly colour: string;
  /** Of held-out rows. */
  readonly dashed: boolean;
  /** Where lines of several runs are in one chart: whose it is. */
  readonly run?: string;
}

/** What the horizontal axis counts. */
export type CurveAxis = 'step' | 'epoch';

export interface CurveLook {
  readonly axis: CurveAxis;
  /** Weight of the past, 0 to below 1. */
  readonly smoothing: number;
  readonly logarithmic: boolean;
}
