import { gzipSync } from "node:zlib";
import type { Page, Response } from "playwright";

export interface Transfer {
  readonly path: string;
  /** Bytes, compressed as a server sends them. */
  readonly gzip: number;
}

const measure = async (response: Response): Promise<Transfer> => ({ path: new URL(response.url()).pathname, gzip: gzipSync(await response.body(), { level: 9 }).length });

/** Collects what a page and its workers load from now on. @returns gives the list so far */
export function transfersOf(page: Page): () => Promise<Transfer[]> {
  const responses: Response[] = [];
  page.on("response", (response) => {
    if (response.url().startsWith("http")) responses.push(response);
  });
  return () => Promise.all(responses.map(measure));
}
