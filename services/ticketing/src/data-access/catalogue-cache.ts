import { NotReady, type Logger } from '@turno/shared';
import { CatalogueIndex } from '../domain/catalogue-index.ts';
import type { CatalogueRepository } from './catalogue-repository.ts';

/** The catalogue in memory, so that no ticket waits for it to be read; looks for a new version every few seconds. */
export class CatalogueCache {
  readonly #repository: CatalogueRepository;
  readonly #logger: Logger;
  #version: string | undefined;
  #index: CatalogueIndex | undefined;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(repository: CatalogueRepository, logger: Logger) {
    this.#repository = repository;
    this.#logger = logger;
  }

  /** Loads the catalogue now, and from then on whenever its version has changed. */
  async start(everyMs: number): Promise<void> {
    await this.refresh();
    if (this.#stopped) return;
    this.#timer = setTimeout(() => void this.start(everyMs), everyMs);
  }

  /** For good, also when a look at the version is under way. */
  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  get isLoaded(): boolean {
    return this.#index !== undefined;
  }

  /** @throws NotReady when no catalogue has been imported yet */
  current(): CatalogueIndex {
    if (!this.#index) throw new NotReady('there is no catalogue yet: turno catalogue import FILE');
    return this.#index;
  }

  /** Takes a new version over if there is one. When it cannot be read, the present one stays in force. */
  async refresh(): Promise<void> {
    try {
      if ((await this.#repository.currentVersion()) === this.#version) return;
      const loaded = await this.#repository.load();
      if (!loaded) return;
      this.#index = new CatalogueIndex(loaded.content);
      this.#version = loaded.version;
      this.#logger.info({ version: loaded.version, branches: loaded.content.branches.length }, 'catalogue loaded');
    } catch (error) {
      this.#logger.warn({ err: error }, 'the catalogue could not be read; the one in force stays');
    }
  }
}
