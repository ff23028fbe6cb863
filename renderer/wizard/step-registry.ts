/**
 * @file The screen of every step. A step's screen is a file of its feature, named `<step>-step.tsx`; what it asks of main is its feature's
 * business, and what several steps share is in components/. How far a step is, main decides (main/projects/steps/).
 */
import type { ComponentType } from 'react';
import type { StepName } from '#contract/steps.ts';
import type { StepScreenProps } from '#renderer/components/step-screen.ts';
import { ChatStep } from '#renderer/features/chat/chat-step.tsx';
import { CompareStep } from '#renderer/features/compare/compare-step.tsx';
import { ExportStep } from '#renderer/features/export/export-step.tsx';
import { DataStep } from '#renderer/features/import/data-step.tsx';
import { ModelStep } from '#renderer/features/model/model-step.tsx';
import { PairsStep } from '#renderer/features/pairs/pairs-step.tsx';
import { SettingsStep } from '#renderer/features/settings/settings-step.tsx';
import { TrainStep } from '#renderer/features/train/train-step.tsx';

export const STEP_SCREENS: { readonly [S in StepName]: ComponentType<StepScreenProps> } = {
  data: DataStep,
  pairs: PairsStep,
  model: ModelStep,
  settings: SettingsStep,
  train: TrainStep,
  chat: ChatStep,
  compare: CompareStep,
  export: ExportStep,
};
