/** Where a server's programs are and how they are run: on the host itself, or in a root file system of their own. */
export interface Installation {
  /** For people: "from Debian packages". */
  readonly origin: string;
  /** The stack's folder with all data and logs, as the host sees it. */
  readonly folder: string;
  /** The same folder as the servers see it. */
  readonly folderInside: string;
  readonly path: string;
  /**
   * The command line that runs a program of the installation in it, as the user it is for. Where the system can do that, the
   * program gets `signalAtOrphaning` when the supervisor dies without having stopped it.
   */
  command(
    program: string,
    args: readonly string[],
    signalAtOrphaning?: NodeJS.Signals,
  ): { command: string; args: string[] };
  /** Creates a folder below `folder` that the servers may write to. */
  makeFolder(name: string): Promise<void>;
}
