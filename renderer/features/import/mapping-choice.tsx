/** @file Which way of reading the columns is meant: those that were found, with how sure each is, and one that the person edits. */
import { Badge, Button, Group, Radio, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import type { Inspection, Mapping, OfferedMapping } from '#contract/imports.ts';
import { Sentence } from '#renderer/components/sentence.tsx';
import { importWords } from '#renderer/words/import.ts';
import { MappingEditor } from './mapping-editor.tsx';
import classes from './mapping-choice.module.css';

const words = importWords.inspect;
/** From here on main would use it without asking. */
const SURE = 0.9;

export interface MappingChoiceProps {
  readonly inspection: Inspection;
  readonly mapping: Mapping;
  readonly onMapping: (mapping: Mapping) => void;
}

export function MappingChoice({ inspection, mapping, onMapping }: MappingChoiceProps) {
  const { mappings, columns } = inspection;
  const chosen = mappings.findIndex((offered) => JSON.stringify(offered.mapping) === JSON.stringify(mapping));
  // Opened by itself where nothing was found.
  const [isEditing, setIsEditing] = useState(mappings.length === 0);
  return (
    <Stack gap="xs">
      <Group justify="space-between">
        <Text fw={500} id="mapping-choice">
          {words.how}
        </Text>
        <Button size="compact-sm" variant="default" aria-expanded={isEditing} onClick={() => setIsEditing(!isEditing)}>
          {isEditing ? words.editDone : words.edit}
        </Button>
      </Group>
      {mappings.length === 0 ? <Text size="sm">{words.nothing}</Text> : null}
      <Radio.Group
        aria-labelledby="mapping-choice"
        value={String(chosen)}
        onChange={(value) => onMapping(mappings[Number(value)]?.mapping ?? mapping)}
      >
        <Stack gap={4}>
          {mappings.map((offered, index) => (
            <Offered key={JSON.stringify(offered.mapping)} offered={offered} value={String(index)} isChosen={index === chosen} />
          ))}
        </Stack>
      </Radio.Group>
      {isEditing ? <MappingEditor columns={columns} mapping={mapping} onMapping={onMapping} /> : null}
    </Stack>
  );
}

interface OfferedProps {
  readonly offered: OfferedMapping;
  readonly value: string;
  readonly isChosen: boolean;
}

function Offered({ offered: { name, description, confidence, warnings }, value, isChosen }: OfferedProps) {
  const isSure = confidence >= SURE;
  return (
    <Radio.Card value={value} className={classes.card} p="xs" aria-label={`${name}, ${words.sure(confidence)}`}>
      <Group wrap="nowrap" align="flex-start" gap="sm">
        <Radio.Indicator mt={2} />
        <Stack gap={2} flex={1}>
          <Group gap="xs">
            <Text size="sm" fw={500}>
              {name}
            </Text>
            <Badge size="sm" variant="light" color={isSure ? 'teal' : 'yellow'} c="var(--mantine-color-text)" tt="none">
              {words.sure(confidence)}
              {isSure ? '' : `, ${words.lookAtIt}`}
            </Badge>
          </Group>
          {isChosen ? (
            <Text size="sm">
              <Sentence>{description}</Sentence>
            </Text>
          ) : null}
          {isChosen
            ? warnings.map((warning) => (
                <Text size="sm" c="dimmed" key={warning}>
                  <Sentence>{warning}</Sentence>
                </Text>
              ))
            : null}
        </Stack>
      </Group>
    </Radio.Card>
  );
}
