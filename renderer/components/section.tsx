/** @file One part of a step or a dialog: a heading, a sentence, and what is done there. */
import { Paper, Stack, Text, Title } from '@mantine/core';
import { useId, type ReactNode } from 'react';

export interface SectionProps {
  readonly title: string;
  readonly about?: string;
  readonly children: ReactNode;
}

/** In a frame, as steps show their parts. */
export function Section(props: SectionProps) {
  const titleId = useId();
  return (
    <Paper withBorder p="md" component="section" aria-labelledby={titleId}>
      <Stack gap="sm">
        <Titled {...props} titleId={titleId} order={2} />
      </Stack>
    </Paper>
  );
}

export interface PlainSectionProps extends SectionProps {
  /** Level of the heading: 2 in a step, 3 in a dialog. */
  readonly order: 2 | 3;
  /** Between the heading and what follows. */
  readonly gap?: 6 | 'xs';
}

/** Without one: in a dialog, and in steps that are one form. */
export function PlainSection({ order, gap = 'xs', ...props }: PlainSectionProps) {
  const titleId = useId();
  return (
    <Stack gap={gap} component="section" aria-labelledby={titleId}>
      <Titled {...props} titleId={titleId} order={order} />
    </Stack>
  );
}

function Titled({ title, about, children, titleId, order }: SectionProps & { readonly titleId: string; readonly order: 2 | 3 }) {
  return (
    <>
      <Stack gap={2}>
        <Title order={order} size="h5" id={titleId}>
          {title}
        </Title>
        {about === undefined ? null : (
          <Text size="sm" c="dimmed">
            {about}
          </Text>
        )}
      </Stack>
      {children}
    </>
  );
}
