/** @file Chat, as long as there is no run whose adapter it could use. */
import { BlockedStep } from '#renderer/components/blocked-step.tsx';
import type { StepScreenProps } from '#renderer/components/step-screen.ts';
import { stepsWords } from '#renderer/words/steps.ts';

export function ChatStep({ step, goTo }: StepScreenProps) {
  return <BlockedStep step={step} goTo={goTo} title={stepsWords.afterRunTitle(stepsWords.titles.chat)} about={stepsWords.afterRun.chat} />;
}
