/** The parts of a page, each with an address of its own. */
export interface Tab {
  readonly name: string;
  readonly label: string;
  readonly n?: number | undefined;
}

export function tabsOf(page: string, tabs: readonly Tab[], current: string): unknown[] {
  return tabs.map(({ name, label, n }, nth) => ({
    link: nth === 0 ? page : `${page}?tab=${name}`,
    label,
    n: n === undefined || n === 0 ? '' : n,
    current: name === current,
  }));
}

/** The tab asked for; the first where it is none of them. */
export function tabIn(params: URLSearchParams, tabs: readonly Tab[]): string {
  const asked = params.get('tab');
  return tabs.find(({ name }) => name === asked)?.name ?? tabs[0]?.name ?? '';
}
