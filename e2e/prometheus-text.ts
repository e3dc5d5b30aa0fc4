/** The value of one series of a scrape, named with its labels in the order that they have there. */
export function sampleOf(scrape: string, series: string): number | undefined {
  const line = scrape.split('\n').find((each) => each.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length + 1));
}

/** Every series of a metric. */
export function seriesIn(scrape: string, metric: string): string[] {
  return scrape.split('\n').filter((line) => line.startsWith(`${metric}{`));
}

/** Turno's own metrics of some services, as `name type services`; one that all have is of `all`. */
export function turnoMetricsIn(scrapes: readonly (readonly [service: string, scrape: string])[]): string[] {
  const exposed = scrapes.flatMap(([service, scrape]) =>
    [...scrape.matchAll(/^# TYPE (turno_\w+) (\w+)$/gm)].map(([, name, type]) => ({
      metric: `${name} ${type}`,
      service,
    })),
  );
  return [...Map.groupBy(exposed, ({ metric }) => metric)].map(([metric, of]) => {
    const services = of.length === scrapes.length ? 'all' : of.map(({ service }) => service).join(', ');
    return `${metric} ${services}`;
  });
}
