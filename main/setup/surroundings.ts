/** @file What setting up a run is given: the store, a way to ask questions of other processes, and whom to tell. */
import type { EventName, PayloadArguments } from '#contract/index.ts';
import type { SpawnInquiry } from '#inquiries/ask-inquiry.ts';
import type { Store } from '#store/store.ts';

export interface SetupSurroundings {
  readonly store: Store;
  /** Everything of the person: absolute path. */
  readonly dataDir: string;
  /** What comes with the program: absolute path of its resources. */
  readonly resourcesDir: string;
  readonly spawnInquiry: SpawnInquiry;
  readonly hub: HubAccess;
  /** Whether the first launch makes the sample project. */
  readonly offersSample: boolean;
  readonly logger: {
    info(message: string): void;
    warn(message: string): void;
    error(message: string, cause?: unknown): void;
  };
  readonly emit: <N extends EventName>(name: N, ...payload: PayloadArguments<N>) => void;
  readonly activity: {
    begin(what: string): () => void;
    readonly current: readonly string[];
  };
}

export interface HubAccess {
  readonly url: string;
  /** Why the Hub may not be asked whatever a person prefers; null if it may. */
  readonly forbidden: string | null;
}

const HUB_URL = 'https://huggingface.co';

/** HF_ENDPOINT names a mirror, HF_HUB_OFFLINE and PROSPECT_OFFLINE forbid the network, as in other programs. */
export function hubAccess(env: Readonly<Record<string, string | undefined>>): HubAccess {
  const variable = ['PROSPECT_OFFLINE', 'HF_HUB_OFFLINE'].find((name) => /^(1|true|yes|on)$/i.test(env[name] ?? ''));
  const endpoint = URL.parse(env['HF_ENDPOINT'] ?? '');
  return {
    url: endpoint && /^https?:$/.test(endpoint.protocol) ? endpoint.href.replace(/\/+$/, '') : HUB_URL,
    forbidden: variable === undefined ? null : `${variable} is set, so Prospect does not use the network.`,
  };
}
